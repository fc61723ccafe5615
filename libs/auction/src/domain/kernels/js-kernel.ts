import { remainderLeft, shareOf } from './exact-share.js';
import {
  asksAt,
  asksBelow,
  bidsAbove,
  bidsAt,
  boughtAt,
  bucketCount,
  columnLength,
  entryLength,
  equalsFavoured,
  foundLength,
  highestAskBelow,
  type Kernel,
  lanes,
  lastRemainder,
  limitCount,
  lowestAbove,
  lowestBidAbove,
  noneAbove,
  noneBelow,
  sampleFrom,
  soldAt,
  strongestDown,
  strongestDownPlace,
  weakestUp,
  weakestUpPlace,
} from './kernel.js';

/**
 * The kernel where there are no vector instructions. Its columns are constants of one closure, because the engine then
 * knows their addresses: passed as arguments they cost twice the time, and so does a second kernel in the same thread.
 */
export function jsKernel(capacity: number): Kernel {
  const limit = new Uint16Array(columnLength(capacity));
  const wh = new Int32Array(columnLength(capacity));
  const fillsWh = new Int32Array(columnLength(capacity));
  const entries = new Int32Array(entryLength(capacity));
  const remainders = new Float64Array(entryLength(capacity));
  const candidates = new Float64Array(entryLength(capacity));
  const pairBuy = new Int32Array(capacity);
  const pairSell = new Int32Array(capacity);
  const pairWh = new Int32Array(capacity);
  // The lists of those who trade and the sums of what they do stand in columns that are free then.
  const buys = entries;
  const sells = new Int32Array(candidates.buffer);
  const boughtWh = remainders;
  const soldWh = new Float64Array(entryLength(capacity));
  const levelsWh = new Float64Array(limitCount);
  const bucketsWh = new Float64Array(2 * bucketCount);
  const counts = new Int32Array(mostCells);
  const found = new Float64Array(foundLength);
  const sampleStart = sampleFrom(capacity);

  function inRange(count: number, limits: number): boolean {
    let wrong = 0;
    for (let i = 0; i < count; i++) wrong |= (limits - 1 - limit[i]!) | wh[i]! | (wh[i]! - 1);
    return wrong >= 0;
  }

  function sample(groups: number, stride: number): number {
    let to = sampleStart;
    let squares = 0;
    for (let group = 0; group < groups; group++) {
      for (let from = group * stride; from < group * stride + lanes; from++) {
        limit[to] = limit[from]!;
        wh[to] = wh[from]!;
        squares += wh[from]! * wh[from]!;
        to++;
      }
    }
    return squares;
  }

  function narrow(from: number, count: number, slackWh: number): number {
    bucketsWh.fill(0);
    let excessWh = 0;
    for (let i = from; i < from + count; i++) {
      const x = limit[i]!;
      bucketsWh[((x >>> 7) << 1) | (x & 1)]! += wh[i]!;
    }
    for (let i = 0; i < 2 * bucketCount; i += 2) excessWh -= bucketsWh[i]!;
    let low = -1;
    let high = 0;
    for (; high < bucketCount - 1; high++) {
      excessWh += bucketsWh[2 * high]! + bucketsWh[2 * high + 1]!;
      if (low < 0 && excessWh >= -slackWh) low = high;
      if (excessWh >= slackWh) break;
    }
    return ((low < 0 ? high : low) << 16) | high;
  }

  function survey(from: number, count: number, lowTick: number, highTick: number): number {
    const first = lowTick * 2;
    const last = highTick * 2 + 1;
    levelsWh.fill(0, first, last + 1);
    let asks = 0;
    let bids = 0;
    let inside = 0;
    for (let i = 0; i < count; i++) {
      const x = limit[from + i]!;
      const energy = wh[from + i]!;
      // Masks and not branches: which way an order lies is anybody's guess.
      const sells = -(x & 1);
      const below = (x - first) >> 31;
      const above = (last - x) >> 31;
      const ask = below & sells & energy;
      const bid = above & ~sells & energy;
      fillsWh[from + i] = ask | bid;
      asks += ask;
      bids += bid;
      entries[inside] = i;
      inside += 1 + (below | above);
    }
    for (let j = 0; j < inside; j++) levelsWh[limit[from + entries[j]!]!]! += wh[from + entries[j]!]!;
    found[asksBelow] = asks;
    found[bidsAbove] = bids;
    return inside;
  }

  function settle(entryCount: number, border: number, also: number, rationed: number): number {
    let kept = 0;
    for (let j = 0; j < entryCount; j++) {
      const i = entries[j]!;
      const x = limit[i]!;
      const full = ((border - x) >> 31) ^ -(x & 1);
      fillsWh[i] = (x === also ? -1 : full) & wh[i]!;
      entries[kept] = i;
      kept += x === rationed ? 1 : 0;
    }
    return kept;
  }

  function neighbours(count: number, tick: number): void {
    let ask = noneBelow;
    let bid = noneAbove;
    let any = noneAbove;
    for (let i = 0; i < count; i++) {
      const x = limit[i]!;
      if (x < tick * 2) {
        if (x & 1 && x > ask) ask = x;
      } else if (x > tick * 2 + 1 && x < noneAbove) {
        if (x < any) any = x;
        if (!(x & 1) && x < bid) bid = x;
      }
    }
    found[highestAskBelow] = ask;
    found[lowestBidAbove] = bid;
    found[lowestAbove] = any;
  }

  function fill(count: number, border: number, also: number): void {
    for (let i = 0; i < count; i++) {
      const x = limit[i]!;
      const full = ((border - x) >> 31) ^ -(x & 1);
      fillsWh[i] = (x === also ? -1 : full) & wh[i]!;
    }
  }

  function collect(count: number, at: number): number {
    let found = 0;
    for (let i = 0; i < count; i++) {
      entries[found] = i;
      found += limit[i] === at ? 1 : 0;
    }
    return found;
  }

  function share(entryCount: number, amountWh: number, totalWh: number): void {
    const part = amountWh / totalWh;
    const cells = cellsFor(entryCount);
    const width = cellWidth(totalWh - 1, cells);
    counts.fill(0, 0, cells);
    let left = amountWh;
    for (let j = 0; j < entryCount; j++) {
      const i = entries[j]!;
      const whole = shareOf(wh[i]!, amountWh, totalWh, part);
      fillsWh[i] = whole;
      left -= whole;
      remainders[j] = remainderLeft;
      counts[Math.floor(remainderLeft / width)]!++;
    }
    found[lastRemainder] = -1;
    found[equalsFavoured] = 0;
    if (left === 0) return;
    const threshold = findLargest(left, entryCount, width);
    for (let j = 0; j < entryCount; j++) if (remainders[j]! > threshold) fillsWh[entries[j]!]!++;
  }

  /** The `rank`-th largest remainder: whoever is not in its cell is left aside, and the cells become finer. */
  function findLargest(rank: number, entryCount: number, firstWidth: number): number {
    let from = remainders;
    let left = entryCount;
    let base = 0;
    let cells = cellsFor(entryCount);
    let width = firstWidth;
    for (;;) {
      let cell = cells - 1;
      for (; rank > counts[cell]!; cell--) rank -= counts[cell]!;
      let kept = 0;
      let least = Infinity;
      let most = -Infinity;
      for (let j = 0; j < left; j++) {
        const remainder = from[j]!;
        if (Math.floor((remainder - base) / width) !== cell) continue;
        if (remainder < least) least = remainder;
        if (remainder > most) most = remainder;
        candidates[kept++] = remainder;
      }
      base = least;
      if (least === most) break;
      from = candidates;
      left = kept;
      cells = cellsFor(left);
      width = cellWidth(most - least, cells);
      counts.fill(0, 0, cells);
      for (let j = 0; j < left; j++) counts[Math.floor((candidates[j]! - base) / width)]!++;
    }
    found[lastRemainder] = base;
    found[equalsFavoured] = rank;
    return base;
  }

  function favour(entryCount: number, start: number, remainder: number, times: number): number {
    let left = times;
    for (let place = 0, j = start; place < entryCount; place++, j = j + 1 === entryCount ? 0 : j + 1) {
      if (remainders[j] !== remainder) continue;
      fillsWh[entries[j]!]!++;
      left -= 1;
      if (left === 0) return place;
    }
    return -1;
  }

  function audit(count: number, tick: number): boolean {
    let [asks, bids, askedAt, bidAt, sold, bought] = [0, 0, 0, 0, 0, 0];
    let wrong = 0;
    for (let i = 0; i < count; i++) {
      const x = limit[i]!;
      const energy = wh[i]!;
      const given = fillsWh[i]!;
      if (x >>> 1 === tick) {
        wrong |= given | (energy - given);
        if (x & 1) {
          askedAt += energy;
          sold += given;
        } else {
          bidAt += energy;
          bought += given;
        }
      } else {
        const sells = -(x & 1);
        const ask = ((x - tick * 2) >> 31) & sells & energy;
        const bid = ((tick * 2 + 1 - x) >> 31) & ~sells & energy;
        asks += ask;
        bids += bid;
        // Not equal is made negative, as a fill beside its bounds is above.
        const off = (ask | bid) ^ given;
        wrong |= off | -off;
      }
    }
    found[asksBelow] = asks;
    found[bidsAbove] = bids;
    found[bidsAt] = bidAt;
    found[asksAt] = askedAt;
    found[boughtAt] = bought;
    found[soldAt] = sold;
    return wrong >= 0;
  }

  function auditShares(entryCount: number, start: number, amountWh: number, totalWh: number): number {
    const part = amountWh / totalWh;
    let up = Infinity;
    let upPlace = -1;
    let down = -1;
    let downPlace = entryCount;
    for (let j = 0; j < entryCount; j++) {
      const i = entries[j]!;
      const extra = fillsWh[i]! - shareOf(wh[i]!, amountWh, totalWh, part);
      const remainder = remainderLeft;
      const place = j >= start ? j - start : j - start + entryCount;
      if (extra === 0) {
        if (remainder > down || (remainder === down && place < downPlace)) [down, downPlace] = [remainder, place];
      } else if (extra === 1 && remainder > 0) {
        if (remainder < up || (remainder === up && place > upPlace)) [up, upPlace] = [remainder, place];
      } else return j + 1;
    }
    found[weakestUp] = upPlace < 0 ? -1 : up;
    found[weakestUpPlace] = upPlace;
    found[strongestDown] = down;
    found[strongestDownPlace] = downPlace;
    return 0;
  }

  function pair(count: number): number {
    let [buyers, sellers, bothWh, offeredWh] = [0, 0, 0, 0];
    for (let i = 0; i < count; i++) {
      const fillWh = fillsWh[i]!;
      const sell = limit[i]! & 1;
      const filled = -fillWh >>> 31;
      bothWh += fillWh;
      offeredWh += fillWh & -sell;
      buys[buyers] = i;
      boughtWh[buyers] = bothWh - offeredWh;
      sells[sellers] = i;
      soldWh[sellers] = offeredWh;
      buyers += filled & ~sell;
      sellers += filled & sell;
    }
    if (bothWh !== 2 * offeredWh) return -1;
    let [pairs, buyer, seller, pairedWh] = [0, 0, 0, 0];
    // Every border of either side ends a pair; without a branch, as whose border is next is anybody's guess.
    while (buyer < buyers) {
      const aheadWh = boughtWh[buyer]! - soldWh[seller]!;
      const reachedWh = Math.min(boughtWh[buyer]!, soldWh[seller]!);
      pairBuy[pairs] = buys[buyer]!;
      pairSell[pairs] = sells[seller]!;
      pairWh[pairs] = reachedWh - pairedWh;
      pairedWh = reachedWh;
      pairs++;
      buyer += aheadWh <= 0 ? 1 : 0;
      seller += aheadWh >= 0 ? 1 : 0;
    }
    return pairs;
  }

  return {
    kind: 'JS',
    capacity,
    limit,
    wh,
    fillsWh,
    entries,
    remainders,
    pairBuy,
    pairSell,
    pairWh,
    levelsWh,
    found,
    inRange,
    sample,
    narrow,
    survey,
    settle,
    neighbours,
    fill,
    collect,
    share,
    favour,
    audit,
    auditShares,
    pair,
  };
}

const mostCells = 2048;

/** Remainders are counted in cells; for a few of them, fewer are looked through sooner. */
const cellsFor = (entryCount: number): number => (entryCount <= 64 ? 32 : mostCells);

/** The width, a power of two, at which numbers up to `most` fall into so many cells, a power of two as well. */
function cellWidth(most: number, cells: number): number {
  const high = Math.floor(most / 2 ** 32);
  const bits = high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(most);
  return 2 ** Math.max(0, bits + Math.clz32(cells) - 31);
}
