import type { BookOrder } from '../book/book.js';
import type { ClearingRules } from '../book/clearing.js';
import type { Network } from '../nodal/network.js';
import type { Checked } from '../refusal.js';

/** What a mechanism clears. */
export interface Market {
  /** In book order. Who stands as `member` is one owner, who sees all of their own orders and nobody else's. */
  readonly book: readonly BookOrder[];
  /** The lines between the owners; only nodal prices look at them. */
  readonly feeder?: Feeder;
}

export interface Feeder {
  readonly network: Network;
  /** Where each order stands, in book order. */
  readonly node: readonly number[];
}

export interface MechanismRules extends ClearingRules {
  /** From 0 to 2^64 - 1. Whoever draws lots draws them from this and from the members alone; best fixed before the gate and unknown until after it. */
  readonly seed?: bigint;
  /** What part of the interval's gain goes to the sellers where gain is shared; a half unless told. */
  readonly sellersSharePpm?: number;
}

export interface Allocation {
  /** In book order. */
  readonly fillsWh: readonly bigint[];
  /**
   * In book order: what the buyer of an order pays, or what its seller receives. A tick counts from the start of the zone's price grid. In half ticks, so that the
   * middle of two ticks is exact.
   */
  readonly moneyHalfTickWh: readonly bigint[];
  /** What the buyers pay beyond what the sellers receive. Below zero somebody has to add to it. */
  readonly surplusHalfTickWh: bigint;
  /** Undefined where nothing trades, and where not all who buy pay the same for a Wh. */
  readonly buyPriceHalfTicks: number | undefined;
  /** Undefined where nothing trades, and where not all who sell receive the same for a Wh. */
  readonly sellPriceHalfTicks: number | undefined;
}

/** What a mechanism promises. No mechanism keeps all four in full (Myerson and Satterthwaite 1983). */
export interface Keeps {
  /**
   * How much of the gain that the limits allow is made; with a feeder, of what its lines and fees leave of it.
   * `ALL`: all of it. `ALL_BUT_ONE_DEAL`: at least 1 - 1/k of it with k deals, over the lots where lots are drawn. `LARGE_MARKETS`: nearly all of it when many trade.
   */
  readonly efficiency: 'ALL' | 'ALL_BUT_ONE_DEAL' | 'LARGE_MARKETS';
  /** Nobody pays more than their bid or receives less than their ask. Kept by all of them. */
  readonly individualRationality: true;
  /** Whether the buyers pay exactly what the sellers receive, or at least that, or at most that. */
  readonly budgetBalance: 'EXACT' | 'SURPLUS' | 'DEFICIT';
  /**
   * What an owner cannot gain by misstating, whatever the others do and, where lots are drawn, whatever the lots. `LIMIT`: the limit of an order whose energy is given.
   * `LIMIT_AND_ENERGY`: anything. An owner is one member: who trades under two names is not covered by any of these theorems.
   */
  readonly truthfulness: 'NONE' | 'LIMIT' | 'LIMIT_AND_ENERGY';
}

/**
 * The orders that a mechanism takes; its promises need no more and hold for no less.
 * `ANY`: as many as an owner likes, on both sides. `ONE_SIDE`: as many as an owner likes, all to buy or all to sell. `ONE_ORDER`: one per owner.
 * `ONE_UNIT`: one per owner, and all of the same energy, which is traded whole.
 */
export type Takes = 'ANY' | 'ONE_SIDE' | 'ONE_ORDER' | 'ONE_UNIT';

export interface Policy {
  readonly name: string;
  readonly keeps: Keeps;
  readonly takes: Takes;
  /** With fewer on either side it never trades. How many it takes to be worth while, its own comment says. */
  readonly leastOwners: { readonly buyers: number; readonly sellers: number };
  readonly drawsLots: boolean;
}

/** A way to clear a market, by name. */
export interface Mechanism extends Policy {
  clear(market: Market, rules: MechanismRules): Checked<Allocation>;
}
