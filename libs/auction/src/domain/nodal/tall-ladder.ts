import { middle } from '../book/clearing.js';
import { energyOf, type FeederWalk, limitOf } from './feeder-walk.js';
import type { PriceRange, SubtreePrices } from './subtree-prices.js';
import { PriceLevels } from './price-levels.js';
import type { ShortLadders } from './short-ladders.js';

/** A ladder of any length, kept by tick: a feeder of thousands of hops costs each of them only what hangs on it there. */
export class TallLadder {
  /** Levels touched. */
  moves = 0;
  private readonly wants = new PriceLevels();
  private readonly offers = new PriceLevels();

  clear(): void {
    this.wants.clear();
    this.offers.clear();
    this.moves = 0;
  }

  takeOwnOrders({ orders, firstOrder }: FeederWalk, step: number, { lowest, highest }: PriceRange): void {
    const end = firstOrder[step + 1]!;
    for (let i = firstOrder[step]!; i < end; i += 1) {
      const limit = limitOf(orders[i]!);
      const tick = limit >>> 1;
      if (limit & 1) {
        if (tick < highest) this.offers.add(tick, energyOf(orders[i]!));
      } else if (tick > lowest) this.wants.add(tick, energyOf(orders[i]!));
    }
    this.moves += end - firstOrder[step]!;
  }

  takeShort(ladders: ShortLadders, child: number): void {
    const { tick, wh } = ladders;
    const start = ladders.start[child]!;
    const wantsEnd = start + ladders.wants[child]!;
    const end = ladders.end[child]!;
    for (let i = start; i < wantsEnd; i += 1) this.wants.add(tick[i]!, wh[i]!);
    for (let i = wantsEnd; i < end; i += 1) this.offers.add(tick[i]!, wh[i]!);
    this.moves += end - start;
  }

  takeTall(child: TallLadder): void {
    this.moves += child.moves + child.wants.count + child.offers.count;
    pour(child.wants, this.wants);
    pour(child.offers, this.offers);
  }

  /** As for a short ladder: rests, is cut to what the line carries, and moves by the fee. */
  crossLine(step: number, walk: FeederWalk, { lowest, highest }: PriceRange, prices: SubtreePrices): void {
    const { wants, offers } = this;
    this.settle();
    const restLow = wants.count > 0 ? wants.high : lowest;
    const restHigh = offers.count > 0 ? offers.low : highest;
    prices.restLow[step] = restLow;
    prices.restHigh[step] = restHigh;

    const surplusImport = wants.totalWh - walk.importWh[step]!;
    const importCut = cut(wants, surplusImport, false);
    prices.fullImport[step] =
      importCut.within || surplusImport < 0
        ? (importCut.tick ?? lowest)
        : middle(importCut.tick ?? lowest, wants.count > 0 ? wants.low : restHigh);
    const surplusExport = offers.totalWh - walk.exportWh[step]!;
    const exportCut = cut(offers, surplusExport, true);
    prices.fullExport[step] =
      exportCut.within || surplusExport < 0
        ? (exportCut.tick ?? highest)
        : middle(offers.count > 0 ? offers.high : restLow, exportCut.tick ?? highest);

    wants.moveBy(-walk.feeTicks[step]!);
    offers.moveBy(walk.feeTicks[step]!);
    while (wants.count > 0 && wants.low <= lowest) wants.take(wants.low, wants.at(wants.low));
    while (offers.count > 0 && offers.high >= highest) offers.take(offers.high, offers.at(offers.high));
  }

  /** Wants that are worth more than offers cost are met inside the subtree: their places on the ladder change. */
  private settle(): void {
    const { wants, offers } = this;
    while (wants.count > 0 && offers.count > 0 && wants.high > offers.low) {
      const [dear, cheap] = [wants.high, offers.low];
      const wh = Math.min(wants.at(dear), offers.at(cheap));
      wants.take(dear, wh);
      offers.take(cheap, wh);
      wants.add(cheap, wh);
      offers.add(dear, wh);
      this.moves += 1;
    }
  }
}

function pour(from: PriceLevels, into: PriceLevels): void {
  while (from.count > 0) {
    const tick = from.low;
    const wh = from.at(tick);
    into.add(tick, wh);
    from.take(tick, wh);
  }
}

/** Takes `surplusWh`, if any, from the far end; says where it stopped, and whether within a level. */
function cut(levels: PriceLevels, surplusWh: number, fromHigh: boolean): { tick: number | undefined; within: boolean } {
  let tick: number | undefined;
  let leftWh = surplusWh;
  while (leftWh > 0) {
    tick = fromHigh ? levels.high : levels.low;
    const wh = levels.at(tick);
    if (wh > leftWh) {
      levels.take(tick, leftWh);
      return { tick, within: true };
    }
    levels.take(tick, wh);
    leftWh -= wh;
  }
  return { tick, within: false };
}
