import type { Deferral } from './model.js';

/** Prices from a lowest to a highest, each for every interval. */
export interface Ranges {
  readonly lowTick: Int32Array;
  readonly highTick: Int32Array;
}

/** A deferral and what it got: it ties the prices of its intervals together. */
export interface Tie {
  readonly deferral: Deferral;
  /** What it must buy at any price once accepted, and may buy at most. */
  readonly leastWh: number;
  readonly mostWh: number;
  /** In each interval of its window. */
  readonly whIn: Float64Array;
  readonly totalWh: number;
}

export const tieOf = (deferral: Deferral, leastWh: number, mostWh: number, whIn: Float64Array): Tie => ({
  deferral,
  leastWh,
  mostWh,
  whIn,
  totalWh: whIn.reduce((sum, wh) => sum + wh, 0),
});

/**
 * The prices at which no deferral would rather have bought in another interval, more or less. Each has a threshold: it bought at no
 * price above it and filled every interval under it; the threshold is its limit unless it got all, or no more than it must.
 * Low ends are pushed up along "at most" and high ends down, until nothing moves; where the clearing is optimal none passes the other.
 */
export function tiedRanges(ranges: Ranges, ties: readonly Tie[]): Ranges {
  const lowTick = ranges.lowTick.slice();
  const highTick = ranges.highTick.slice();
  raise(lowTick, ties);
  lower(highTick, ties);
  return { lowTick, highTick };
}

/** Raises prices as little as the ties demand. */
export function raise(priceTick: Int32Array, ties: readonly Tie[]): void {
  untilStill(ties, (tie) => {
    let threshold = isBoundBelow(tie) ? tie.deferral.order.tick : -Infinity;
    eachInterval(tie, (t, wh) => {
      if (wh > 0) threshold = Math.max(threshold, priceTick[t]!);
    });
    return move(tie, priceTick, (t, wh, cap) => wh < cap && priceTick[t]! < threshold, threshold);
  });
}

/** Lowers prices as little as the ties demand. */
export function lower(priceTick: Int32Array, ties: readonly Tie[]): void {
  untilStill(ties, (tie) => {
    let threshold = isBoundAbove(tie) ? tie.deferral.order.tick : Infinity;
    eachInterval(tie, (t, wh, cap) => {
      if (wh < cap) threshold = Math.min(threshold, priceTick[t]!);
    });
    return move(tie, priceTick, (t, wh) => wh > 0 && priceTick[t]! > threshold, threshold);
  });
}

/** It could have had more, and got more than it must: a price under its limit would have made it buy. */
const isBoundBelow = ({ totalWh, mostWh }: Tie): boolean => totalWh < mostWh;
const isBoundAbove = ({ totalWh, leastWh }: Tie): boolean => totalWh > leastWh;

function untilStill(ties: readonly Tie[], moves: (tie: Tie) => boolean): void {
  let moved = ties.length > 0;
  while (moved) {
    moved = false;
    for (const tie of ties) if (moves(tie)) moved = true;
  }
}

function eachInterval(tie: Tie, visit: (t: number, wh: number, capWh: number) => void): void {
  const { fromInterval, mostWhPerInterval } = tie.deferral.order;
  for (let slot = 0; slot < tie.whIn.length; slot++) visit(fromInterval + slot, tie.whIn[slot]!, mostWhPerInterval);
}

function move(
  tie: Tie,
  priceTick: Int32Array,
  moves: (t: number, wh: number, capWh: number) => boolean,
  to: number,
): boolean {
  let moved = false;
  eachInterval(tie, (t, wh, cap) => {
    if (!moves(t, wh, cap)) return;
    priceTick[t] = to;
    moved = true;
  });
  return moved;
}
