import { middle } from '../book/clearing.js';
import { type FeederWalk } from './feeder-walk.js';
import type { PriceRange, SubtreePrices } from './subtree-prices.js';

/** Longer ladders are kept by tick (`tall-ladder.ts`), where the length does not matter. */
export const mostRungs = 256;

/**
 * The ladders of finished subtrees, the latest last. A ladder is what a subtree would do with its line beyond doing
 * nothing, rung by rung and cheapest first: the Wh it wants from the line (it imports them while the price is below the
 * rung), then the Wh it offers (it exports them from that price on).
 */
export class ShortLadders {
  count = 0;
  /** Where each ladder starts, how many of its rungs are wants and of how many Wh, and where it ends. */
  readonly start: Int32Array;
  readonly wants: Int32Array;
  readonly wantedWh: Float64Array;
  readonly end: Int32Array;
  /** One rung never holds more than one order, so its Wh fit. */
  readonly tick: Int32Array;
  readonly wh: Int32Array;
  /** Rungs written: what the work of an auction is counted in. */
  moves = 0;

  /** The ladder at hand, and where it goes next. */
  private from = 0;
  private to = 0;
  private other = 0;
  private wanted = 0;

  constructor(
    private readonly walk: FeederWalk,
    private readonly range: PriceRange,
  ) {
    const { steps, orders } = walk;
    // What waits, and behind it two places that the ladder at hand moves between while it is merged.
    const waiting = Math.min(orders.length + steps, (mostRungs + 1) * steps);
    const room = waiting + 2 * place + 2;
    this.start = new Int32Array(steps);
    this.wants = new Int32Array(steps);
    this.wantedWh = new Float64Array(steps);
    this.end = new Int32Array(steps);
    this.tick = new Int32Array(room);
    this.wh = new Int32Array(room);
  }

  /** Puts a step's own orders and its children's ladders, the latest `children` ones, together into its own. */
  climb(step: number, children: number, prices: SubtreePrices): void {
    const { importWh, exportWh, feeTicks } = this.walk;
    const at = this.gather(step, children);
    this.crossLine(step, at, importWh[step]!, exportWh[step]!, feeTicks[step]!, prices);
  }

  /** The same before the line is crossed, as one more ladder: for a step with a tall one that this is added to. */
  climbHalfway(step: number, children: number, prices: SubtreePrices): void {
    const at = this.gather(step, children);
    this.crossLine(step, at, Infinity, Infinity, 0, prices);
  }

  /** Answers with the place for the new ladder. */
  private gather(step: number, children: number): number {
    const top = this.count > 0 ? this.end[this.count - 1]! : 0;
    const first = this.count - children;
    this.takeOwnOrders(step, top + 2);
    this.other = top + 2 + place;
    for (let child = this.count - 1; child >= first; child -= 1) this.merge(child);
    this.count = first;
    return children > 0 ? this.start[first]! : top;
  }

  private takeOwnOrders(step: number, at: number): void {
    const { orders, firstOrder } = this.walk;
    const { lowest, highest } = this.range;
    const { tick, wh } = this;
    const end = firstOrder[step + 1]!;
    const start = firstOrder[step]!;
    sortInPlace(orders, start, end);
    let to = at;
    let wanted = 0;
    // Without a branch on the side: nobody can guess it. A mask is -1 for yes and 0 for no.
    for (let i = start; i < end; i += 1) {
      const order = orders[i]!;
      const limit = (order * perEnergy) | 0;
      const energyWh = (order - limit * energies) | 0;
      const limitTick = limit >>> 1;
      const sells = -(limit & 1);
      const offers = ((limitTick - highest) >> 31) & sells;
      const wants = ((lowest - limitTick) >> 31) & ~sells;
      tick[to] = limitTick;
      wh[to] = energyWh;
      to -= offers | wants;
      wanted += energyWh & wants;
    }
    this.from = at;
    this.to = to;
    this.wanted = wanted;
    this.moves += to - at;
  }

  /** Without a branch on the ticks: which ladder the next rung comes from cannot be guessed. */
  private merge(child: number): void {
    const { tick, wh } = this;
    let i = this.from;
    let j = this.start[child]!;
    if (j === this.end[child]!) return;
    const begin = this.other;
    const end = begin + (this.to - i) + (this.end[child]! - j);
    // What follows either ladder was merged already, so that it can be marked as its end.
    tick[this.to] = beyond;
    tick[this.end[child]!] = beyond;
    for (let to = begin; to < end; to += 1) {
      const here = tick[i]!;
      const there = (tick[j]! - here) | 0;
      const childNext = there >> 31;
      tick[to] = here + (there & childNext);
      wh[to] = wh[i + ((j - i) & childNext)]!;
      i += 1 + childNext;
      j -= childNext;
    }
    this.other = this.from;
    this.from = begin;
    this.to = end;
    this.wanted += this.wantedWh[child]!;
    this.moves += end - begin;
  }

  /**
   * Finds the prices at which the subtree rests, cuts the ladder to what its line carries, and writes it down at the
   * prices that the parent sees: a want is worth less there by the fee, an offer costs more.
   */
  private crossLine(
    step: number,
    at: number,
    importWh: number,
    exportWh: number,
    fee: number,
    prices: SubtreePrices,
  ): void {
    const { tick, wh, from: bottom, to: top } = this;
    const { lowest, highest } = this.range;

    // At rest the cheapest rungs, as many Wh as are wanted, are those whose price is passed.
    let rest = bottom;
    let splitWh = this.wanted;
    while (rest < top && wh[rest]! <= splitWh) {
      splitWh -= wh[rest]!;
      rest += 1;
    }
    const restLow = splitWh > 0 ? tick[rest]! : rest > bottom ? tick[rest - 1]! : lowest;
    const restHigh = rest < top ? tick[rest]! : highest;

    // Wants, dearest first: how far down the line carries them.
    let leftWh = importWh;
    let wantedWh = 0;
    let last = restHigh;
    let next = splitWh > 0 ? rest : rest - 1;
    let rungWh = splitWh > 0 ? splitWh : wh[next]!;
    while (next >= bottom && rungWh <= leftWh && tick[next]! - fee > lowest) {
      leftWh -= rungWh;
      wantedWh += rungWh;
      last = tick[next]!;
      next -= 1;
      rungWh = wh[next]!;
    }
    let fullImport = lowest;
    let to = at;
    if (next >= bottom && rungWh > leftWh) {
      fullImport = leftWh > 0 ? tick[next]! : middle(tick[next]!, last);
      if (leftWh > 0 && tick[next]! - fee > lowest) {
        wantedWh += leftWh;
        tick[to] = tick[next]! - fee;
        wh[to] = leftWh;
        to += 1;
      }
    } else if (next < bottom && leftWh === 0) fullImport = middle(lowest, last);
    for (let i = next + 1; i < rest; i += 1, to += 1) {
      tick[to] = tick[i]! - fee;
      wh[to] = wh[i]!;
    }
    if (splitWh > 0 && next < rest) {
      tick[to] = restHigh - fee;
      wh[to] = splitWh;
      to += 1;
    }
    this.start[this.count] = at;
    this.wants[this.count] = to - at;
    this.wantedWh[this.count] = wantedWh;

    // Offers, cheapest first.
    leftWh = exportWh;
    last = restLow;
    next = rest;
    rungWh = wh[rest]! - splitWh;
    while (next < top && rungWh <= leftWh && tick[next]! + fee < highest) {
      leftWh -= rungWh;
      last = tick[next]!;
      tick[to] = last + fee;
      wh[to] = rungWh;
      to += 1;
      next += 1;
      rungWh = wh[next]!;
    }
    let fullExport = highest;
    if (next < top && rungWh > leftWh) {
      fullExport = leftWh > 0 ? tick[next]! : middle(last, tick[next]!);
      if (leftWh > 0 && tick[next]! + fee < highest) {
        tick[to] = tick[next]! + fee;
        wh[to] = leftWh;
        to += 1;
      }
    } else if (next === top && leftWh === 0) fullExport = middle(last, highest);

    this.end[this.count] = to;
    this.count += 1;
    this.moves += to - at;
    prices.restLow[step] = restLow;
    prices.restHigh[step] = restHigh;
    prices.fullExport[step] = fullExport;
    prices.fullImport[step] = fullImport;
  }
}

/** Room for the longest ladder, and for the mark behind it. */
const place = mostRungs + 2;
const energies = 2 ** 31;
const perEnergy = 1 / energies;
/** Dearer than any rung. */
const beyond = 2 ** 30;

/** By insertion: a node holds a few orders, and many of them come in order already. */
function sortInPlace(numbers: Float64Array, start: number, end: number): void {
  for (let i = start + 1; i < end; i += 1) {
    const number = numbers[i]!;
    let j = i - 1;
    while (j >= start && numbers[j]! > number) {
      numbers[j + 1] = numbers[j]!;
      j -= 1;
    }
    numbers[j + 1] = number;
  }
}
