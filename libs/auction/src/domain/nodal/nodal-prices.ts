import { middle } from '../book/clearing.js';
import type { FeederWalk } from './feeder-walk.js';
import type { NodalBook } from './nodal-clearing.js';
import { mostRungs, ShortLadders } from './short-ladders.js';
import type { PriceRange, SubtreePrices } from './subtree-prices.js';
import { TallLadder } from './tall-ladder.js';

/** Dearer than any ask. */
const none = 2 ** 20;

/** Where nobody could trade, the range lies between the dearest bid and the cheapest ask; it is a point on a one-sided book. */
export function priceRange({ count, limit }: Pick<NodalBook, 'count' | 'limit'>): PriceRange {
  let dearestBid = -1;
  let cheapestAsk = none;
  for (let i = 0; i < count; i += 1) {
    const tick = limit[i]! >>> 1;
    const sells = -(limit[i]! & 1);
    // Without branches: a higher bid raises, a lower ask lowers.
    const raise = (tick | sells) - dearestBid;
    const lower = cheapestAsk - (tick | (none & ~sells));
    dearestBid += raise & ~(raise >> 31);
    cheapestAsk -= lower & ~(lower >> 31);
  }
  if (cheapestAsk >= none) cheapestAsk = Math.max(0, dearestBid);
  if (dearestBid < 0) dearestBid = cheapestAsk;
  return { lowest: Math.min(dearestBid, cheapestAsk), highest: Math.max(dearestBid, cheapestAsk) };
}

/**
 * The price of every step, and the rungs moved on the way. Upwards each subtree is summed up by what it would send
 * through its line at which price; downwards each takes its parent's price as far as fee and limits let it through.
 * Where several prices would do, the middle is taken, rounded down to the tick, towards the buyers.
 */
export function nodalPrices(
  walk: FeederWalk,
  range: PriceRange,
  longestShort = mostRungs,
): { priceTick: Int32Array; moves: number } {
  const prices: SubtreePrices = {
    restLow: new Int32Array(walk.steps),
    restHigh: new Int32Array(walk.steps),
    fullExport: new Int32Array(walk.steps),
    fullImport: new Int32Array(walk.steps),
  };
  const moves = sumUp(walk, range, longestShort, prices);
  return { priceTick: passDown(walk, prices), moves };
}

function sumUp(walk: FeederWalk, range: PriceRange, longestShort: number, prices: SubtreePrices): number {
  const { steps, parent, firstOrder } = walk;
  const short = new ShortLadders(walk, range);
  const tall: TallLadder[] = [];
  // The parents of the ladders that wait for theirs, in either form, latest last.
  const shortFor = new Int32Array(steps + 1).fill(-1);
  const tallFor: number[] = [];
  let moves = 0;

  for (let step = 0; step < steps; step += 1) {
    let rungs = firstOrder[step + 1]! - firstOrder[step]!;
    let children = 0;
    for (let child = short.count - 1; child >= 0 && shortFor[child] === step; child -= 1) {
      rungs += short.end[child]! - short.start[child]!;
      children += 1;
    }
    const isTall = tallFor.at(-1) === step;
    if (rungs <= longestShort && !isTall) {
      short.climb(step, children, prices);
      shortFor[short.count - 1] = parent[step]!;
      continue;
    }
    if (rungs <= longestShort) {
      short.climbHalfway(step, children, prices);
      children = 1;
    }

    let talls = 0;
    while (tallFor.at(-1) === step) {
      tallFor.pop();
      talls += 1;
    }
    const [ladder = idle.pop() ?? new TallLadder(), ...others] = tall.splice(tall.length - talls);
    for (const other of others) {
      ladder.takeTall(other);
      other.clear();
      idle.push(other);
    }
    for (; children > 0; children -= 1) {
      short.count -= 1;
      ladder.takeShort(short, short.count);
    }
    if (rungs > longestShort) ladder.takeOwnOrders(walk, step, range);
    ladder.crossLine(step, walk, range, prices);
    tall.push(ladder);
    tallFor.push(parent[step]!);
  }
  for (const ladder of tall) {
    moves += ladder.moves;
    ladder.clear();
    idle.push(ladder);
  }
  return moves + short.moves;
}

/** Empty ones, kept because they are large: an auction needs one at a time, and some more where large branches meet. */
const idle: TallLadder[] = [];

function passDown({ steps, parent, importWh, exportWh, feeTicks }: FeederWalk, prices: SubtreePrices): Int32Array {
  const { restLow, restHigh, fullExport, fullImport } = prices;
  const priceTick = new Int32Array(steps);
  const root = steps - 1;
  priceTick[root] = middle(restLow[root]!, restHigh[root]!);
  for (let step = root - 1; step >= 0; step -= 1) {
    const above = priceTick[parent[step]!]!;
    const ifExporting = above - feeTicks[step]!;
    const ifImporting = above + feeTicks[step]!;
    const exports = exportWh[step]! > 0;
    const imports = importWh[step]! > 0;
    if (exports && ifExporting > restHigh[step]!) {
      priceTick[step] = Math.min(ifExporting, fullExport[step]!);
    } else if (imports && ifImporting < restLow[step]!) {
      priceTick[step] = Math.max(ifImporting, fullImport[step]!);
    } else {
      let tick = middle(restLow[step]!, restHigh[step]!);
      if (exports && tick < ifExporting) tick = ifExporting;
      if (imports && tick > ifImporting) tick = ifImporting;
      priceTick[step] = tick;
    }
  }
  return priceTick;
}
