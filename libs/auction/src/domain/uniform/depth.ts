import type { ClearingRules } from '../book/clearing.js';
import { bucketCount, limitCount } from '../kernels/kernel.js';
import { type Crossing, type Equilibrium, equilibriumAt, type Neighbours, priceOf } from './equilibrium.js';

/** What a book would publish if its gate closed now. */
export interface Indication {
  readonly priceTick: number;
  readonly volumeWh: number;
  readonly lowTick: number;
  readonly highTick: number;
  readonly lastAskTick: number;
  readonly lastBidTick: number;
}

/** A bucket holds 64 ticks, which are 128 limits. */
const limitsPerBucket = limitCount / bucketCount;
const bucketCells = 2 * bucketCount;
const noPage = -1;

/**
 * The energy of a book by limit and, one level above, by bucket of 64 ticks: kept with every order, it knows the price in
 * a few hundred steps whatever the number of orders. Buckets without an order take no memory, so that a thousand books
 * with tariffs for limits take a few kilobytes each.
 */
export class Depth {
  /** First the buckets, each twice, the second time for sells; then a page of limits for each bucket that ever had an order. */
  private cellsWh = new Float64Array(bucketCells);
  /** Of each bucket: where its page lies. */
  private readonly pages = new Int32Array(bucketCount).fill(noPage);
  private used = bucketCells;

  /** The energy of a side: 0 for the bids, 1 for the asks. Summed up when asked for, as an order is added more often. */
  sideWh(side: number): number {
    let energyWh = 0;
    for (let i = side; i < bucketCells; i += 2) energyWh += this.cellsWh[i]!;
    return energyWh;
  }

  /** Adds energy at a limit, or takes it away where it is negative. */
  add(limit: number, energyWh: number): void {
    const bucket = limit >>> 7;
    let page = this.pages[bucket]!;
    if (page === noPage) page = this.openPage(bucket);
    const { cellsWh } = this;
    cellsWh[page + (limit & (limitsPerBucket - 1))]! += energyWh;
    cellsWh[bucket * 2 + (limit & 1)]! += energyWh;
  }

  /** Takes all energy away and keeps the memory. */
  reset(): void {
    this.cellsWh.fill(0, 0, this.used);
  }

  /** Undefined where nothing would trade. */
  indicative(rules: Pick<ClearingRules, 'priceRule'>): Indication | undefined {
    const equilibrium = this.equilibrium();
    if (!equilibrium) return undefined;
    const { volumeWh, lowTick, highTick, lastAskTick, lastBidTick } = equilibrium;
    return { priceTick: priceOf(equilibrium, rules), volumeWh, lowTick, highTick, lastAskTick, lastBidTick };
  }

  equilibrium(): Equilibrium | undefined {
    const bidWh = this.sideWh(0);
    if (bidWh === 0 || this.sideWh(1) === 0) return undefined;
    const crossing = this.crossing(bidWh);
    return equilibriumAt(crossing, () => this.neighboursOf(crossing.lowTick));
  }

  /** The lowest price at which the asks up to it are no less than the bids above it: first its bucket, then its tick. */
  private crossing(bidWh: number): Crossing {
    const { cellsWh } = this;
    let wantedWh = bidWh;
    let offeredWh = 0;
    let bucket = 0;
    // With all asks offered and no bid above, the last bucket is never passed.
    for (; ; bucket++) {
      const wantedAboveWh = wantedWh - cellsWh[2 * bucket]!;
      const offeredWithWh = offeredWh + cellsWh[2 * bucket + 1]!;
      if (offeredWithWh >= wantedAboveWh) break;
      wantedWh = wantedAboveWh;
      offeredWh = offeredWithWh;
    }
    const first = this.pages[bucket]!;
    for (let tick = 0; ; tick++) {
      const wantedAboveWh = wantedWh - cellsWh[first + 2 * tick]!;
      const offeredWithWh = offeredWh + cellsWh[first + 2 * tick + 1]!;
      if (offeredWithWh >= wantedAboveWh) {
        const lowTick = bucket * (limitsPerBucket / 2) + tick;
        return { lowTick, wantedAboveWh, wantedWh, offeredBelowWh: offeredWh, offeredWh: offeredWithWh };
      }
      wantedWh = wantedAboveWh;
      offeredWh = offeredWithWh;
    }
  }

  private neighboursOf(tick: number): Neighbours {
    const askBelow = this.occupiedBelow(2 * tick - 1);
    const bidAbove = this.occupiedAbove(2 * tick + 2);
    const sellAbove = this.occupiedAbove(2 * tick + 3);
    const above = Math.min(bidAbove ?? Infinity, sellAbove ?? Infinity);
    return { askBelow, bidAbove, above: above === Infinity ? undefined : above };
  }

  /** The tick of the first limit with energy, from `limit` up in steps of one tick: the side is that of `limit`. */
  private occupiedAbove(limit: number): number | undefined {
    for (let at = limit; at < limitCount;) {
      const bucket = at >>> 7;
      const end = (bucket + 1) * limitsPerBucket;
      const side = at & 1;
      if (this.cellsWh[2 * bucket + side]! > 0) {
        const shift = this.pages[bucket]! - bucket * limitsPerBucket;
        for (; at < end; at += 2) if (this.cellsWh[shift + at]! > 0) return at >>> 1;
      }
      at = end + side;
    }
    return undefined;
  }

  private occupiedBelow(limit: number): number | undefined {
    for (let at = limit; at >= 0;) {
      const bucket = at >>> 7;
      const start = bucket * limitsPerBucket;
      const side = at & 1;
      if (this.cellsWh[2 * bucket + side]! > 0) {
        const shift = this.pages[bucket]! - start;
        for (; at >= start; at -= 2) if (this.cellsWh[shift + at]! > 0) return at >>> 1;
      }
      at = start - 2 + side;
    }
    return undefined;
  }

  private openPage(bucket: number): number {
    const page = this.used;
    this.used = page + limitsPerBucket;
    if (this.used > this.cellsWh.length) {
      const most = bucketCells + limitCount;
      const larger = new Float64Array(Math.min(most, bucketCells + 2 * (page - bucketCells) + limitsPerBucket));
      larger.set(this.cellsWh);
      this.cellsWh = larger;
    }
    this.pages[bucket] = page;
    return page;
  }
}
