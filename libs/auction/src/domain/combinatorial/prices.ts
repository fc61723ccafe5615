import { middle } from '../book/clearing.js';
import type { Part } from './model.js';
import { gainPerUnit } from './position.js';
import { lower, raise, type Ranges, type Tie } from './price-ranges.js';

/** An accepted order that has to be asked whether it loses, with what it moves in each interval. */
export interface Holder {
  readonly id: number;
  readonly parts: readonly Part[];
}

export interface Prices {
  readonly priceTick: Int32Array;
  /** Whoever loses at these prices, by id: there are none, or the acceptance is not supported. */
  readonly losers: readonly Holder[];
}

/** Prices that help one order may hurt another; so many rounds they are moved, and no more. */
const mostRounds = 64;
/** Nor does moving them read more than so many parts of orders and intervals of ties. */
const mostReads = 2 ** 20;

/**
 * Prices within the ranges at which no accepted order loses, looked for in one way only so that everybody finds the same:
 * 1. Each accepted part, by id, narrows its interval's range by its own limit, unless nothing would be left of it.
 * 2. The middle of what is left, rounded down, then raised as little as the ties demand.
 * 3. Round by round, whoever still loses moves the prices of its parts in its favour, as little as needed, within the full ranges;
 *    a round is begun only where `mostReads` allows the whole of it.
 * For orders in one interval this finds prices whenever there are any; over several it may miss some, and then the acceptance
 * counts as not supported. Holders stand by id.
 */
export function choosePrices(ranges: Ranges, holders: readonly Holder[], ties: readonly Tie[]): Prices {
  const priceTick = startFrom(ranges, holders);
  raise(priceTick, ties);
  let losers = losersAt(priceTick, holders);
  const tiedSlots = ties.reduce((sum, { whIn }) => sum + whIn.length, 0);
  let reads = 0;
  for (let round = 0; round < mostRounds && losers.length > 0; round++) {
    reads += losers.reduce((sum, { parts }) => sum + parts.length * (1 + tiedSlots), 0);
    if (reads > mostReads) break;
    if (!losers.every((holder) => favour(holder, priceTick, ranges, ties))) break;
    losers = losersAt(priceTick, holders);
  }
  return { priceTick, losers };
}

export const losersAt = (priceTick: Int32Array, holders: readonly Holder[]): Holder[] =>
  holders.filter(({ parts }) => gainPerUnit(parts, priceTick) < 0);

function startFrom(ranges: Ranges, holders: readonly Holder[]): Int32Array {
  const lowTick = ranges.lowTick.slice();
  const highTick = ranges.highTick.slice();
  for (const { interval: t, sign, tick } of holders.flatMap(({ parts }) => parts)) {
    if (tick < lowTick[t]! || tick > highTick[t]!) continue;
    if (sign > 0) highTick[t] = tick;
    else lowTick[t] = tick;
  }
  return lowTick.map((low, t) => middle(low, highTick[t]!));
}

/** Moves prices until the order no longer loses; false where its intervals' ranges do not suffice. */
function favour(
  { parts }: Holder,
  priceTick: Int32Array,
  { lowTick, highTick }: Ranges,
  ties: readonly Tie[],
): boolean {
  for (const { interval: t, sign, wh } of parts) {
    const loss = -gainPerUnit(parts, priceTick);
    if (loss <= 0) return true;
    const ticks = Math.ceil(loss / wh);
    if (sign > 0) {
      priceTick[t] = Math.max(lowTick[t]!, priceTick[t]! - ticks);
      lower(priceTick, ties);
    } else {
      priceTick[t] = Math.min(highTick[t]!, priceTick[t]! + ticks);
      raise(priceTick, ties);
    }
  }
  return gainPerUnit(parts, priceTick) >= 0;
}
