import type { Tx } from '@kwartier/platform';
import type { Instant, Page, PageRequest } from '@kwartier/units';
import type { IntervalState } from '../domain/interval.js';
import type { Rules } from '../domain/rules.js';
import type { MarketSetting, ZoneInterval } from './market.port.js';

/** A book as it was frozen: its bytes, and whose order stands where. */
export interface FrozenBook {
  readonly bytes: Uint8Array;
  readonly root: Uint8Array;
  /** In book order. */
  readonly orderIds: readonly string[];
}

export interface KeptClearing {
  readonly zoneId: string;
  readonly startsAt: Instant;
  readonly priceTick: number | undefined;
  readonly volumeWh: bigint;
  readonly orderCount: number;
  readonly resultBytes: Uint8Array;
  readonly resultRoot: Uint8Array;
  readonly bookRoot: Uint8Array;
  /** Of each owner without whom the price would have been another by more than a tick: the first member. Undefined: nobody looked. */
  readonly pivotalMembers: readonly number[] | undefined;
  readonly clearedAt: Instant;
}

export interface MemberKey {
  readonly pointId: string;
  readonly participantId: string;
}

/** The calendar of intervals, their books and their clearings. */
export abstract class IntervalStore {
  abstract keepSetting(setting: MarketSetting, rulesHash: Uint8Array, rulesBytes: Uint8Array): Promise<void>;

  abstract settings(): Promise<readonly (MarketSetting & { readonly rulesHash: Uint8Array })[]>;

  abstract rules(hash: Uint8Array): Promise<Rules>;

  /** Adds the intervals that are not there yet; how many were new. */
  abstract open(intervals: readonly Omit<ZoneInterval, 'state' | 'epoch' | 'run'>[]): Promise<number>;

  /** Lets the gates of metered intervals that have ended stay open this long from now, where they would close earlier. */
  abstract waitForValues(zoneId: string, ms: number): Promise<void>;

  abstract find(zoneId: string, startsAt: Instant): Promise<ZoneInterval | undefined>;

  abstract list(
    zoneId: string,
    from: Instant,
    to: Instant,
    page: PageRequest<readonly [number]>,
  ): Promise<Page<ZoneInterval>>;

  /** Those without a first run, oldest first. */
  abstract unsettled(zoneId: string, most: number): Promise<readonly ZoneInterval[]>;

  /** The latest interval that was ever opened in a zone. */
  abstract last(zoneId: string): Promise<ZoneInterval | undefined>;

  /** Open intervals whose gate is due by the market clock. */
  abstract gatesDue(most: number): Promise<readonly ZoneInterval[]>;

  abstract closing(most: number): Promise<readonly ZoneInterval[]>;

  abstract lock(tx: Tx, zoneId: string, startsAt: Instant): Promise<ZoneInterval | undefined>;

  abstract move(tx: Tx, interval: ZoneInterval, to: IntervalState, run: number): Promise<boolean>;

  /** The dense index of each member in the zone's billing period; newcomers get the next ones, drawn by the period's salt. */
  abstract members(
    tx: Tx,
    zoneId: string,
    period: string,
    wanted: readonly MemberKey[],
  ): Promise<ReadonlyMap<string, number>>;

  abstract keepBook(tx: Tx, zoneId: string, startsAt: Instant, book: FrozenBook): Promise<void>;

  abstract book(tx: Tx | undefined, zoneId: string, startsAt: Instant): Promise<FrozenBook | undefined>;

  abstract keepClearing(tx: Tx, clearing: Omit<KeptClearing, 'clearedAt'>): Promise<void>;

  abstract clearings(
    keys: readonly { readonly zoneId: string; readonly startsAt: Instant }[],
  ): Promise<readonly KeptClearing[]>;

  /** Who ordered, by order id. */
  abstract owners(orderIds: readonly string[]): Promise<ReadonlyMap<string, MemberKey>>;
}

export const memberKey = ({ pointId, participantId }: MemberKey): string => `${pointId}/${participantId}`;
