import type { ClearingRules } from '../book/clearing.js';
import type { BookColumns, ClearingColumns } from '../book/columns.js';
import { mustBe } from '../bad-input.js';
import { checkedRules } from '../book/checked-rules.js';
import { equalsFavoured, type Kernel, type KernelKind, lastRemainder } from '../kernels/kernel.js';
import { endBook } from '../kernels/thread-kernel.js';
import { checkedInKernel } from './checked-book.js';
import { findCrossing, neighboursOf } from './crossing.js';
import { type Crossing, type Equilibrium, equilibriumAt, priceOf, type Rationing, rationingOf } from './equilibrium.js';

/**
 * The uniform-price auction of one interval, without sorting: one price, as much energy as any price could move, better
 * limits first, the last limit of each side pro rata. The price rounds down to the tick, the shares by largest remainder;
 * the result is that of `referenceClear`. The fills are a column of their own. Throws `BadInput` where the book is none.
 */
export function clearUniform(book: BookColumns, rules: ClearingRules, kind?: KernelKind): ClearingColumns {
  const kernel = mustBe(checkedInKernel(book, kind));
  const equilibrium = fillLoaded(kernel, book.count, rules);
  if (!equilibrium) return nothingTraded(new Int32Array(book.count));
  return clearingOf(equilibrium, rules, kernel.fillsWh.slice(0, book.count));
}

/** The same for the book that stands in the kernel's columns; the fills are the kernel's and good until its next book. */
export function clearLoaded(kernel: Kernel, count: number, rules: ClearingRules): ClearingColumns {
  endBook(kernel, count);
  const equilibrium = fillLoaded(kernel, count, rules);
  const fillsWh = kernel.fillsWh.subarray(0, count);
  if (equilibrium) return clearingOf(equilibrium, rules, fillsWh);
  fillsWh.fill(0);
  return nothingTraded(fillsWh);
}

/** Fills the book in the kernel's columns; undefined, and fills without a meaning, where nothing trades. */
function fillLoaded(kernel: Kernel, count: number, rules: ClearingRules): Equilibrium | undefined {
  mustBe(checkedRules(rules));
  const { crossing, openCount } = findCrossing(kernel, count);
  const equilibrium = equilibriumAt(crossing, () => neighboursOf(kernel, count, crossing.lowTick));
  if (!equilibrium) return undefined;
  // Where a tariff holds much of the book, two passes over all of it are quicker than one over those left open.
  if (openCount * manyOpen > count) fillAt(kernel, count, equilibrium, rules);
  else settleAt(kernel, openCount, equilibrium, rules);
  return equilibrium;
}

function settleAt(kernel: Kernel, openCount: number, equilibrium: Equilibrium, { tieStart }: ClearingRules): void {
  const { border, also, rationing } = splitAt(equilibrium, equilibrium.volumeWh);
  const entryCount = kernel.settle(openCount, border, also, rationing?.limit ?? nobody);
  if (rationing) shareInOrder(kernel, entryCount, rationing, tieStart);
}

/** Fills the book in the kernel's columns where its equilibrium is known. */
export function fillAt(kernel: Kernel, count: number, equilibrium: Equilibrium, { tieStart }: ClearingRules): void {
  const { border, also, rationing } = splitAt(equilibrium, equilibrium.volumeWh);
  kernel.fill(count, border, also);
  if (rationing) shareInOrder(kernel, kernel.collect(count, rationing.limit), rationing, tieStart);
}

const manyOpen = 8;

/** Shares a margin whose entries stand in book order: equal remainders go by place, counted round from the start that the rules name. */
function shareInOrder(kernel: Kernel, entryCount: number, { amountWh, totalWh }: Rationing, tieStart: number): void {
  kernel.share(entryCount, amountWh, totalWh);
  const times = kernel.found[equalsFavoured]!;
  if (times > 0) kernel.favour(entryCount, tieStart % entryCount, kernel.found[lastRemainder]!, times);
}

/** Who gets all, in the words of `Kernel.fill`, and who gets a part. */
export interface Split {
  readonly border: number;
  readonly also: number;
  readonly rationing: Rationing | undefined;
}

export function splitAt(crossing: Crossing, volumeWh: number): Split {
  const [buysAt, sellsAt] = [crossing.lowTick * 2, crossing.lowTick * 2 + 1];
  const allBids = crossing.wantedWh === volumeWh;
  const allAsks = crossing.offeredWh === volumeWh;
  return {
    border: allBids ? buysAt - 1 : sellsAt,
    also: allBids && allAsks ? sellsAt : nobody,
    rationing: rationingOf(crossing, volumeWh),
  };
}

/** A limit that no order has, not even an empty place. */
export const nobody = -2;

export const clearingOf = (equilibrium: Equilibrium, rules: ClearingRules, fillsWh: Int32Array): ClearingColumns => ({
  priceTick: priceOf(equilibrium, rules),
  volumeWh: equilibrium.volumeWh,
  fillsWh,
  lowTick: equilibrium.lowTick,
  highTick: equilibrium.highTick,
  lastAskTick: equilibrium.lastAskTick,
  lastBidTick: equilibrium.lastBidTick,
});

export const nothingTraded = (fillsWh: Int32Array): ClearingColumns => ({
  priceTick: undefined,
  volumeWh: 0,
  fillsWh,
  lowTick: undefined,
  highTick: undefined,
  lastAskTick: undefined,
  lastBidTick: undefined,
});
