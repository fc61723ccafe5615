import type { Tx } from '@kwartier/platform';
import type { Instant, Page, PageRequest, Side, Wh } from '@kwartier/units';
import type { Order } from '../domain/order.js';
import type { BookEntry, StandingOrder, ZoneInterval } from './market.port.js';

export type OrderState = 'STANDING' | 'REPLACED' | 'CANCELLED';

export interface OrderRow extends StandingOrder {
  readonly state: OrderState;
  readonly placedAt: Instant;
}

/** An order that passed admission, with its limit as a place on the grid. */
export interface Admitted {
  readonly order: Order;
  readonly tick: number;
}

export interface GateView {
  readonly interval: ZoneInterval;
  /** By the database's market clock, read after the gate's lock was held. */
  readonly now: Instant;
}

/** Orders of all zones. */
export abstract class OrderBook {
  /** By `participant/client id`, standing or not. */
  abstract known(
    tx: Tx,
    orders: readonly Pick<Order, 'participantId' | 'clientId'>[],
  ): Promise<ReadonlyMap<string, OrderRow>>;

  /**
   * Holds the gates of these intervals open until the transaction ends, and only then reads the clock: whoever waited for
   * a closing gate reads the time after the wait. By `zone/startsAt`.
   */
  abstract holdGates(
    tx: Tx,
    wanted: readonly { readonly zoneId: string; readonly startsAt: Instant }[],
  ): Promise<ReadonlyMap<string, GateView>>;

  /** What points have standing per side in an interval, by `point/startsAt/side`, leaving out the named client ids. */
  abstract standingWh(tx: Tx, orders: readonly Order[]): Promise<ReadonlyMap<string, Wh>>;

  /** Inserts what is not known yet; the order ids by `participant/client id`. */
  abstract insert(tx: Tx, admitted: readonly Admitted[]): Promise<ReadonlyMap<string, string>>;

  /** Takes back what this transaction inserted. */
  abstract withdraw(tx: Tx, orderIds: readonly string[]): Promise<void>;

  /** Ends standing orders; those that stood, as they stood. */
  abstract end(
    tx: Tx,
    orders: readonly Pick<Order, 'participantId' | 'clientId' | 'startsAt' | 'pointId'>[],
    state: 'REPLACED' | 'CANCELLED',
  ): Promise<readonly StandingOrder[]>;

  /** Lets orders stand again that this transaction ended. */
  abstract restore(tx: Tx, orderIds: readonly string[]): Promise<void>;

  /** All that stands in an interval, in no particular order. */
  abstract standing(
    tx: Tx,
    zoneId: string,
    startsAt: Instant,
  ): Promise<readonly (Omit<BookEntry, 'member' | 'fillWh'> & { readonly side: Side })[]>;

  abstract list(
    scope: { readonly participantId?: string | undefined; readonly pointId: string },
    windows: readonly { readonly from: Instant; readonly to: Instant }[],
    page: PageRequest<readonly [number, string]>,
  ): Promise<Page<OrderRow>>;
}

export const clientKey = ({ participantId, clientId }: Pick<Order, 'participantId' | 'clientId'>): string =>
  `${participantId}/${clientId}`;
export const intervalKey = ({ zoneId, startsAt }: { zoneId: string; startsAt: Instant }): string =>
  `${zoneId}/${startsAt}`;
export const sideKey = ({ pointId, startsAt, side }: Pick<Order, 'pointId' | 'startsAt' | 'side'>): string =>
  `${pointId}/${startsAt}/${side}`;
