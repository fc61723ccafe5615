/**
 * The passes over a book that cost time, and the memory they work on. There are two of them with the same results: one
 * of WebAssembly with vector instructions (`libs/auction/assembly`), one of JavaScript. What the numbers mean for a
 * market is decided outside, once for both.
 */
export interface Kernel {
  readonly kind: KernelKind;
  /** The most orders its columns hold. */
  readonly capacity: number;
  /** The book stands at the start of both columns, a sample of it from `sampleFrom(capacity)` on. */
  readonly limit: Uint16Array;
  readonly wh: Int32Array;
  readonly fillsWh: Int32Array;
  /** Places in the book of the orders that share a margin, and what their shares leave over. */
  readonly entries: Int32Array;
  readonly remainders: Float64Array;
  /** Who supplied whom: places in the book of a buy and of a sell, and how much. */
  readonly pairBuy: Int32Array;
  readonly pairSell: Int32Array;
  readonly pairWh: Int32Array;
  /** Energy per limit, within the ticks of the last survey. */
  readonly levelsWh: Float64Array;
  /** What a pass has found besides, by the places below. */
  readonly found: Float64Array;

  /** Whether every order has a limit below `limits` and an energy above zero. */
  inRange(count: number, limits: number): boolean;
  /** Copies groups of eight orders, `stride` orders apart, to the sample; answers with about the sum of their squared energies. */
  sample(groups: number, stride: number): number;
  /**
   * The buckets of `ticksPerBucket` ticks between which asks up to a tick less bids above it pass from -slack to slack: the
   * last one, and 2^16 times the first.
   */
  narrow(from: number, count: number, slackWh: number): number;
  /**
   * Sums the asks below and the bids above some ticks in `found`, and fills them: they are better than any price in
   * between. The orders in between are written to `entries`, their energies to the levels; answers with their number.
   */
  survey(from: number, count: number, lowTick: number, highTick: number): number;
  /** Fills what a survey of the book left open, as `fill` does, and keeps the entries with the limit `rationed`; answers with their number. */
  settle(entryCount: number, border: number, also: number, rationed: number): number;
  /** Finds the limits next to a tick: the highest ask below it, the lowest bid above it, the lowest of any side above it. */
  neighbours(count: number, tick: number): void;
  /** All to the buys with a limit beyond `border`, to the sells up to it and to those at `also`; nothing to the others. */
  fill(count: number, border: number, also: number): void;
  /** Writes the places of the orders with this limit to `entries`; answers with their number. */
  collect(count: number, limit: number): number;
  /**
   * Splits an amount over the entries, exactly: floors, then one Wh each to the remainders above that of the last odd
   * Wh. Finds that remainder (-1 where nothing was left over) and how many of those equal to it get one as well.
   */
  share(entryCount: number, amountWh: number, totalWh: number): void;
  /** One Wh each to the first `times` entries with this remainder, counted round from `start`; answers with the place of the last. */
  favour(entryCount: number, start: number, remainder: number, times: number): number;
  /** Sums both sides around a tick; answers whether an order beside the tick is neither filled nor left as its limit says. */
  audit(count: number, tick: number): boolean;
  /**
   * Finds the least remainder that was rounded up, the latest place with it, the largest that was rounded down and the
   * first place with it; answers with the number, from 1, of an entry whose fill is neither, or 0.
   */
  auditShares(entryCount: number, start: number, amountWh: number, totalWh: number): number;
  /** Pairs filled buys with filled sells in the order of the book; answers with the number of pairs, or -1 where bought is not sold. */
  pair(count: number): number;
}

export type KernelKind = 'WASM' | 'JS';

/** Places in `found`. */
export const asksBelow = 0;
export const bidsAbove = 1;

export const highestAskBelow = 0;
export const lowestBidAbove = 1;
export const lowestAbove = 2;

export const lastRemainder = 0;
export const equalsFavoured = 1;

export const bidsAt = 2;
export const asksAt = 3;
export const boughtAt = 4;
export const soldAt = 5;

export const weakestUp = 0;
export const weakestUpPlace = 1;
export const strongestDown = 2;
export const strongestDownPlace = 3;

export const foundLength = 8;

/** Buckets are counted in limits by shifting: 64 ticks are 128 limits. */
export const ticksPerBucket = 64;
export const bucketCount = 128;
export const limitCount = 16_384;
/** The limit of an empty place; no order has it. */
export const noLimit = 0xffff;
/** What `highestAskBelow` and the other neighbours are where there is none. */
export const noneBelow = -1;
export const noneAbove = 0x7fff;

/** Passes read eight orders at a time, so a book is followed by up to seven empty ones. */
export const lanes = 8;
export const mostSampled = 65_536;
export const sampleFrom = (capacity: number): number => Math.ceil(capacity / lanes) * lanes + lanes;
/** A sample is listed like a book, and lists are written eight at a time. */
export const entryLength = (capacity: number): number => Math.max(capacity, mostSampled) + lanes;
export const columnLength = (capacity: number): number => sampleFrom(capacity) + mostSampled;
