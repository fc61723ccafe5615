import type { BookColumns } from '../book/columns.js';

/** An order that may be filled in part, as the curve of its interval takes it. */
export interface Divisible {
  /** Twice the tick, and one more for a sell. */
  readonly limit: number;
  readonly wh: number;
}

/**
 * Everything divisible in one interval, by price. All sums are exact: a session's energy times its ticks stays below 2^53.
 * `surplusWh[p]` is what the asks under p offer less what the bids from p on want: it never falls, and where it crosses the
 * energy that the indivisible orders take out, there is the price.
 */
export interface IntervalCurve {
  readonly surplusWh: Float64Array;
  /** The bids limited at p or above. */
  readonly wantedWh: Float64Array;
  /** What everybody's best choice at price p is worth; its slope from p to p + 1 is `surplusWh[p + 1]`. */
  readonly worth: Float64Array;
}

/** Prices go from 0 to `topTick`, the highest limit of the session; sums reach one place further. */
export function curveOf(book: BookColumns, others: readonly Divisible[], topTick: number): IntervalCurve {
  const wantedWh = new Float64Array(topTick + 2);
  const surplusWh = new Float64Array(topTick + 2);
  let worthAtZero = 0;
  const add = (limit: number, wh: number): void => {
    const tick = limit >>> 1;
    if ((limit & 1) === 0) {
      wantedWh[tick]! += wh;
      worthAtZero += tick * wh;
    } else surplusWh[tick + 1]! += wh;
  };
  for (let i = 0; i < book.count; i++) add(book.limit[i]!, book.wh[i]!);
  for (const { limit, wh } of others) add(limit, wh);

  for (let p = topTick; p >= 0; p--) wantedWh[p]! += wantedWh[p + 1]!;
  const worth = new Float64Array(topTick + 1);
  let offeredWh = 0;
  for (let p = 0; p <= topTick + 1; p++) {
    offeredWh += surplusWh[p]!;
    surplusWh[p] = offeredWh - wantedWh[p]!;
    if (p <= topTick) worth[p] = p === 0 ? worthAtZero : worth[p - 1]! + surplusWh[p]!;
  }
  return { surplusWh, wantedWh, worth };
}

/** The first place from `from` on at which something holds that goes on holding; `end` where it never does. */
export function firstWhere(from: number, end: number, holds: (p: number) => boolean): number {
  let low = from;
  let high = end;
  while (low < high) {
    const p = (low + high) >> 1;
    if (holds(p)) high = p;
    else low = p + 1;
  }
  return low;
}
