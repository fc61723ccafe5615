import type { Side } from '../book/book.js';
import type { PriceRule } from '../book/clearing.js';
import type { BookColumns } from '../book/columns.js';

/** Several intervals that are cleared together, because some orders reach over more than one or are taken whole or not at all. */
export interface Session {
  readonly intervals: readonly SessionInterval[];
  readonly richOrders: readonly RichOrder[];
}

export interface SessionInterval {
  /** The plain orders, in book order. */
  readonly book: BookColumns;
  /** A whole number, not negative: from where the odd Wh of this interval's margins are counted. */
  readonly tieStart: number;
}

export interface SessionRules {
  readonly priceRule: PriceRule;
  /**
   * So many nodes of the search are looked at, and no more: the same answer everywhere, however fast the machine. A node is one set of
   * decisions; it is bounded once and cleared a few dozen times at most, so that the time grows with the nodes and the session's size.
   */
  readonly mostNodes: number;
}

export type RichOrder = BlockOrder | DeferrableOrder | CurveOrder | StoragePair;

interface Owned {
  /** Unique in the session; a lower one is earlier and wins between equals. */
  readonly id: number;
  readonly member: number;
}

interface Conditional {
  /** The order without which this one is not accepted. */
  readonly parent?: number;
  /** Of the orders that name the same group at most one is accepted. */
  readonly group?: number;
}

/**
 * Accepted in whole units, none or from `leastUnits` to `mostUnits` of them; one unit moves all its parts at once.
 * One unit of 5,000 Wh is all or nothing; 400 to 1,000 units of 1 Wh are a minimum fill; parts in several intervals make
 * a profile, and parts on both sides a battery that charges at noon and discharges in the evening.
 *
 * Units of 1 Wh in one interval are special: above `leastUnits` the price fills them as it fills a plain order, so they get all they
 * want at a better price than their limit. Of larger units, and of units over several intervals, the search takes as many as it
 * pleases. Twice 1 Wh and once 2 Wh are therefore not the same order, and sessions that differ only in the size of the Wh may
 * clear differently.
 */
export interface BlockOrder extends Owned, Conditional {
  readonly kind: 'BLOCK';
  readonly parts: readonly BlockPart[];
  readonly leastUnits: number;
  readonly mostUnits: number;
}

/** What one unit of a block moves in one interval. */
export interface BlockPart {
  readonly interval: number;
  readonly side: Side;
  readonly tick: number;
  readonly wh: number;
}

/**
 * A purchase that may wait: up to `mostWh`, and if anything at least `leastWh`, spread as it comes cheapest over the intervals from
 * `fromInterval` until before `untilInterval`, at most `mostWhPerInterval` in each.
 */
export interface DeferrableOrder extends Owned, Conditional {
  readonly kind: 'DEFERRABLE';
  readonly fromInterval: number;
  readonly untilInterval: number;
  readonly tick: number;
  readonly leastWh: number;
  readonly mostWh: number;
  readonly mostWhPerInterval: number;
}

/** One owner's demand or supply in steps: a buyer's limits fall from step to step, a seller's rise. */
export interface CurveOrder extends Owned {
  readonly kind: 'CURVE';
  readonly interval: number;
  readonly side: Side;
  readonly steps: readonly CurveStep[];
}

export interface CurveStep {
  readonly tick: number;
  readonly wh: number;
}

/** A battery in one interval: it buys below the price at which it sells, so that no price ever takes both. */
export interface StoragePair extends Owned {
  readonly kind: 'STORAGE';
  readonly interval: number;
  readonly buy: CurveStep;
  readonly sell: CurveStep;
}

export interface SessionClearing {
  readonly intervals: readonly IntervalClearing[];
  /** By id, ascending. */
  readonly richFills: readonly RichFill[];
  /** What the buyers would have paid at most less what the sellers would have taken at least, in ticks times Wh. */
  readonly welfare: bigint;
  /** No clearing of this session, supported by prices or not, is worth more: see `boundTick`. */
  readonly bound: bigint;
  /**
   * `bound` less `welfare`: nothing where every order can be taken in part. Else part of it may be welfare that no price supports: that of
   * blocks that would lose, and of units of 1 Wh left unfilled at a price at which they want to be filled.
   */
  readonly gap: bigint;
  /** Rejected although they would have gained at the published prices and no link or group stood in their way. */
  readonly paradoxicallyRejected: readonly number[];
  readonly nodes: number;
  /** True where the search ended at `mostNodes` with something left to try: the clearing stands, the gap says how good it is. */
  readonly reachedLimit: boolean;
}

export interface IntervalClearing {
  /** Undefined where nothing traded. */
  readonly priceTick: number | undefined;
  readonly volumeWh: number;
  /** The fills of the plain orders, in book order. */
  readonly fillsWh: Int32Array;
  /** Prices that prove the bound: at them, everybody's best choice without regard to balance is worth `bound` in all. */
  readonly boundTick: number;
}

export interface RichFill {
  readonly id: number;
  /** Whether it got anything. */
  readonly isAccepted: boolean;
  /** In the order of the parts, of the steps, of the intervals from `fromInterval` on, or what the storage bought and sold. */
  readonly fillsWh: readonly number[];
}

export const isFilled = (fillsWh: readonly number[]): boolean => fillsWh.some((wh) => wh > 0);

/** What a fill of an order was limited at, and where it is. */
export interface Slot {
  readonly interval: number;
  readonly side: Side;
  readonly tick: number;
}

/** In the order of the fills. */
export function slotsIn(order: RichOrder): Slot[] {
  switch (order.kind) {
    case 'BLOCK':
      return order.parts.map(({ interval, side, tick }) => ({ interval, side, tick }));
    case 'DEFERRABLE':
      return Array.from({ length: order.untilInterval - order.fromInterval }, (_, slot) => ({
        interval: order.fromInterval + slot,
        side: 'BUY',
        tick: order.tick,
      }));
    case 'CURVE':
      return order.steps.map(({ tick }) => ({ interval: order.interval, side: order.side, tick }));
    case 'STORAGE':
      return [
        { interval: order.interval, side: 'BUY', tick: order.buy.tick },
        { interval: order.interval, side: 'SELL', tick: order.sell.tick },
      ];
  }
}
