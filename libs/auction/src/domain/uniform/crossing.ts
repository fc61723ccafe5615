import { invariant } from '../invariant.js';
import {
  asksBelow,
  bidsAbove,
  highestAskBelow,
  type Kernel,
  lanes,
  limitCount,
  lowestAbove,
  lowestBidAbove,
  mostSampled,
  noneAbove,
  noneBelow,
  sampleFrom,
  ticksPerBucket,
} from '../kernels/kernel.js';
import type { Crossing, Neighbours } from './equilibrium.js';

/** The crossing, and how many orders are not filled yet: the kernel's entries name them. */
export interface Surveyed {
  readonly crossing: Crossing;
  readonly openCount: number;
}

interface TickRange {
  readonly low: number;
  readonly high: number;
}

/**
 * The crossing of a book without sorting it. With E(p) the asks up to p less the bids above p, the low price is the
 * lowest p with E(p) >= 0: a weighted quantile. A small book, or an evenly spaced sample of a large one, says between which
 * ticks to look; one pass over the book counts exactly what lies there and sums what lies beside. Where the sample was
 * wrong the sums show it and the search goes on beside, so the result never depends on the sample.
 */
export function findCrossing(kernel: Kernel, count: number): Surveyed {
  let range = likelyRange(kernel, count);
  for (;;) {
    const openCount = kernel.survey(0, count, range.low, range.high);
    const askWh = kernel.found[asksBelow]!;
    const bidWh = kernel.found[bidsAbove]!;
    const found = crossingWithin(kernel.levelsWh, range, askWh, bidWh);
    // A sample is seldom far off, so the search widens step by step.
    const step = 4 * (range.high - range.low) + ticksPerBucket;
    if (found === 'BELOW') range = { low: Math.max(0, range.low - step), high: range.low - 1 };
    else if (found === 'ABOVE') range = { low: range.high + 1, high: Math.min(lastTick, range.high + step) };
    else return { crossing: found, openCount };
  }
}

/** Walks up the ticks of a survey from the sums beside them. */
function crossingWithin(
  levelsWh: Float64Array,
  { low, high }: TickRange,
  askBelowWh: number,
  bidAboveWh: number,
): Crossing | 'BELOW' | 'ABOVE' {
  let wantedWh = bidAboveWh;
  for (let tick = low; tick <= high; tick++) wantedWh += levelsWh[2 * tick]!;
  let offeredBelowWh = askBelowWh;
  if (low > 0 && offeredBelowWh >= wantedWh) return 'BELOW';
  for (let tick = low; tick <= high; tick++) {
    const wantedAboveWh = wantedWh - levelsWh[2 * tick]!;
    const offeredWh = offeredBelowWh + levelsWh[2 * tick + 1]!;
    if (offeredWh >= wantedAboveWh) return { lowTick: tick, wantedAboveWh, wantedWh, offeredBelowWh, offeredWh };
    wantedWh = wantedAboveWh;
    offeredBelowWh = offeredWh;
  }
  invariant(high < lastTick, 'nobody bids above the highest tick');
  return 'ABOVE';
}

const lastTick = limitCount / 2 - 1;

/** Up to here a book is counted into buckets as a whole. */
const smallBook = 16_384;
const leastSampled = 4096;

/** The ticks between which the low price lies: surely for a small book, very likely for a large one. */
function likelyRange(kernel: Kernel, count: number): TickRange {
  if (count <= smallBook) return bucketRange(kernel, 0, count, 0);
  const groups = (Math.min(mostSampled, Math.max(leastSampled, count >> 5)) / lanes) | 0;
  const squares = kernel.sample(groups, Math.floor(count / (groups * lanes)) * lanes);
  const sampled = sampleFrom(kernel.capacity);
  // About three standard deviations of E over the sample.
  const slackWh = 2.5 * Math.sqrt(squares);
  const range = bucketRange(kernel, sampled, groups * lanes, slackWh);
  kernel.survey(sampled, groups * lanes, range.low, range.high);
  return tickRange(kernel, range, slackWh);
}

/** The ticks of the buckets in which E passes from -slack to slack. */
function bucketRange(kernel: Kernel, from: number, count: number, slackWh: number): TickRange {
  const buckets = kernel.narrow(from, count, slackWh);
  return { low: (buckets >> 16) * ticksPerBucket, high: ((buckets & 0xffff) + 1) * ticksPerBucket - 1 };
}

/** The same by ticks. Where much of the book lies between them, one tick holds it as a tariff does, and it is tried alone. */
function tickRange({ levelsWh, found }: Kernel, range: TickRange, slackWh: number): TickRange {
  const besideWh = found[asksBelow]! + found[bidsAbove]!;
  let excessWh = found[asksBelow]! - found[bidsAbove]!;
  for (let tick = range.low; tick <= range.high; tick++) excessWh -= levelsWh[2 * tick]!;
  let low = -1;
  let crossed = -1;
  let high = range.low;
  let insideWh = 0;
  for (; high <= range.high; high++) {
    const levelWh = levelsWh[2 * high]! + levelsWh[2 * high + 1]!;
    excessWh += levelWh;
    if (low < 0 && excessWh >= -slackWh) low = high;
    if (low >= 0) insideWh += levelWh;
    if (crossed < 0 && excessWh >= 0) crossed = high;
    if (excessWh >= slackWh) break;
  }
  high = Math.min(high, range.high);
  if (crossed >= 0 && insideWh * 6 > besideWh) return { low: crossed, high: crossed };
  return { low: low < 0 ? range.low : low, high };
}

/** The limits beside the low price. */
export function neighboursOf(kernel: Kernel, count: number, tick: number): Neighbours {
  kernel.neighbours(count, tick);
  const { found } = kernel;
  return {
    askBelow: found[highestAskBelow]! === noneBelow ? undefined : found[highestAskBelow]! >> 1,
    bidAbove: found[lowestBidAbove]! === noneAbove ? undefined : found[lowestBidAbove]! >> 1,
    above: found[lowestAbove]! === noneAbove ? undefined : found[lowestAbove]! >> 1,
  };
}
