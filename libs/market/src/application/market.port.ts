import type { Tx } from '@kwartier/platform';
import type { Instant, Nano, Result } from '@kwartier/units';
import type { IntervalState, MarketMode, MarketTimes } from '../domain/interval.js';
import type { Order, OrderFlaw } from '../domain/order.js';
import type { Rules } from '../domain/rules.js';

export interface MarketSetting {
  readonly zoneId: string;
  readonly mode: MarketMode;
  readonly rules: Rules;
  readonly times: MarketTimes;
  /** How far below zero a new member's balance may go. */
  readonly allowanceNano: Nano;
}

export interface ZoneInterval {
  readonly zoneId: string;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly gateClosesAt: Instant;
  readonly mode: MarketMode;
  readonly state: IntervalState;
  /** Counts the steps of its life; a step that was prepared against an older count does not happen. */
  readonly epoch: number;
  readonly rulesHash: Uint8Array;
  /** Of its last settlement; 0 before the first. */
  readonly run: number;
}

export interface StandingOrder {
  readonly orderId: string;
  readonly order: Order;
}

export type PlaceOrderRefusal =
  | OrderFlaw
  | { readonly code: 'NO_SUCH_INTERVAL' }
  | { readonly code: 'NOT_SUPPLIED' }
  | { readonly code: 'GATE_CLOSED'; readonly gateClosesAt: Instant }
  | { readonly code: 'CLIENT_ID_REUSED'; readonly orderId: string }
  | { readonly code: 'BAD_CLIENT_ID' }
  | { readonly code: 'ORDERS_COME_FROM_WISHES' }
  | { readonly code: 'NOT_COVERED'; readonly neededNano: Nano };

/** The market's door for orders. People, agents and tests come in here alike. */
export abstract class Orders {
  /** Places each order that may stand; asking again with the same words is harmless. Answers in the order given. */
  abstract place(
    orders: readonly Order[],
    from: 'PERSON' | 'AGENT',
  ): Promise<readonly Result<StandingOrder, PlaceOrderRefusal>[]>;
}

/** The lives of intervals, for the rooms that act before the gate and after the clearing. */
export abstract class Intervals {
  abstract setting(zoneId: string): Promise<MarketSetting | undefined>;

  abstract settings(): Promise<readonly MarketSetting[]>;

  abstract find(zoneId: string, startsAt: Instant): Promise<ZoneInterval | undefined>;

  /** Those without a first run, oldest first, in whatever state before it. */
  abstract unsettled(zoneId: string, most: number): Promise<readonly ZoneInterval[]>;

  /** Locks an interval until the transaction ends, waiting for whoever holds it. */
  abstract lock(tx: Tx, zoneId: string, startsAt: Instant): Promise<ZoneInterval | undefined>;

  /** One step of its life, or an error when it is no longer where it was. */
  abstract move(tx: Tx, interval: ZoneInterval, to: IntervalState, run?: number): Promise<ZoneInterval>;

  /** Freezes and clears the book of an interval in `METERED` mode, now that its orders are in. */
  abstract closeMetered(zoneId: string, startsAt: Instant): Promise<void>;
}

/** One place in the frozen book. */
export interface BookEntry {
  readonly orderId: string;
  readonly member: number;
  readonly pointId: string;
  readonly participantId: string;
  readonly side: Order['side'];
  readonly tick: number;
  readonly energyWh: bigint;
  readonly fillWh: bigint;
}

export interface ClearedBook {
  readonly priceTick: number | undefined;
  readonly volumeWh: bigint;
  readonly bookBytes: Uint8Array;
  readonly entries: readonly BookEntry[];
}

/** Results of auctions, read back with their certificates checked. */
export abstract class Clearings {
  abstract cleared(zoneId: string, startsAt: Instant): Promise<ClearedBook | undefined>;

  abstract rules(hash: Uint8Array): Promise<Rules>;
}

/** The topic under which batches wait for the chain, and the events that people watch. */
export const chainTopic = 'chain';
export const intervalClearedHint = 'interval-cleared';
