import {
  bucketCount,
  columnLength,
  entryLength,
  foundLength,
  type Kernel,
  lanes,
  limitCount,
  sampleFrom,
} from './kernel.js';
import { kernelsWasm } from './kernels.wasm.js';
import { compiled, pageBytes, platform } from './wasm-platform.js';

/** The passes of `assembly/uniform.ts`; columns are addresses. */
interface Passes {
  inRange(limit: number, wh: number, count: number, limits: number): number;
  sample(limit: number, wh: number, groups: number, stride: number, toLimit: number, toWh: number): number;
  narrow(limit: number, wh: number, count: number, slackWh: number, buckets: number): number;
  survey(
    limit: number,
    wh: number,
    fills: number,
    count: number,
    low: number,
    high: number,
    entries: number,
    opened: number,
    lanesOf: number,
    levels: number,
    found: number,
  ): number;
  settle(
    fills: number,
    entries: number,
    opened: number,
    entryCount: number,
    border: number,
    also: number,
    rationed: number,
  ): number;
  neighbours(limit: number, count: number, tick: number, found: number): void;
  fill(limit: number, wh: number, fills: number, count: number, border: number, also: number): void;
  collect(limit: number, count: number, at: number, entries: number, lanesOf: number): number;
  share(
    entries: number,
    wh: number,
    fills: number,
    remainders: number,
    entryCount: number,
    amountWh: number,
    totalWh: number,
    counts: number,
    scratch: number,
    found: number,
  ): void;
  favour(
    entries: number,
    fills: number,
    remainders: number,
    entryCount: number,
    start: number,
    remainder: number,
    times: number,
  ): number;
  audit(limit: number, wh: number, fills: number, count: number, tick: number, found: number): number;
  auditShares(
    entries: number,
    wh: number,
    fills: number,
    entryCount: number,
    start: number,
    amountWh: number,
    totalWh: number,
    found: number,
  ): number;
  pair(
    limit: number,
    fills: number,
    count: number,
    buys: number,
    sells: number,
    sums: number,
    lanesOf: number,
    buy: number,
    sell: number,
    wh: number,
  ): number;
}

let passes: object | undefined | null = null;

/** The kernel of vector instructions, with columns in a memory of its own; undefined where the platform has none. */
export function wasmKernel(capacity: number): Kernel | undefined {
  if (passes === null) passes = compiled(kernelsWasm);
  if (!platform || !passes) return undefined;
  const places = layOut(capacity);
  const memory = new platform.Memory({ initial: Math.ceil(places.end / pageBytes) });
  const run = new platform.Instance(passes, { env: { memory } }).exports as Passes;
  const { buffer } = memory;
  const { found, lanesOf, buckets, levels, counts, limit, wh, fills, entries, remainders, scratch } = places;
  const { pairBuy, pairSell, pairWh } = places;
  new Uint16Array(buffer, lanesOf, 256 * lanes).set(lanesOfEachMask());
  const limitAt = (i: number): number => limit + 2 * i;
  const whAt = (i: number): number => wh + 4 * i;
  const fillAt = (i: number): number => fills + 4 * i;
  const sampled = sampleFrom(capacity);
  return {
    kind: 'WASM',
    capacity,
    limit: new Uint16Array(buffer, limit, columnLength(capacity)),
    wh: new Int32Array(buffer, wh, columnLength(capacity)),
    fillsWh: new Int32Array(buffer, fills, columnLength(capacity)),
    entries: new Int32Array(buffer, entries, entryLength(capacity)),
    remainders: new Float64Array(buffer, remainders, entryLength(capacity)),
    pairBuy: new Int32Array(buffer, pairBuy, capacity),
    pairSell: new Int32Array(buffer, pairSell, capacity),
    pairWh: new Int32Array(buffer, pairWh, capacity),
    levelsWh: new Float64Array(buffer, levels, limitCount),
    found: new Float64Array(buffer, found, foundLength),
    inRange: (count, limits) => run.inRange(limit, wh, count, limits) === 1,
    sample: (groups, stride) => run.sample(limit, wh, groups, stride, limitAt(sampled), whAt(sampled)),
    narrow: (from, count, slackWh) => run.narrow(limitAt(from), whAt(from), count, slackWh, buckets),
    survey: (from, count, low, high) =>
      run.survey(limitAt(from), whAt(from), fillAt(from), count, low, high, entries, scratch, lanesOf, levels, found),
    settle: (entryCount, border, also, rationed) =>
      run.settle(fills, entries, scratch, entryCount, border, also, rationed),
    neighbours: (count, tick) => run.neighbours(limit, count, tick, found),
    fill: (count, border, also) => run.fill(limit, wh, fills, count, border, also),
    collect: (count, at) => run.collect(limit, count, at, entries, lanesOf),
    share: (entryCount, amountWh, totalWh) =>
      run.share(entries, wh, fills, remainders, entryCount, amountWh, totalWh, counts, scratch, found),
    favour: (entryCount, start, remainder, times) =>
      run.favour(entries, fills, remainders, entryCount, start, remainder, times),
    audit: (count, tick) => run.audit(limit, wh, fills, count, tick, found) === 0,
    auditShares: (entryCount, start, amountWh, totalWh) =>
      run.auditShares(entries, wh, fills, entryCount, start, amountWh, totalWh, found),
    // Two lists of orders, each in the first half of a column that is free then, its sums in the second half.
    pair: (count) =>
      run.pair(limit, fills, count, remainders, scratch, 4 * entryLength(capacity), lanesOf, pairBuy, pairSell, pairWh),
  };
}

/** For each mask of eight bits the numbers of those that are set: how orders are picked out of a group without a branch. */
function lanesOfEachMask(): Uint16Array {
  const table = new Uint16Array(256 * lanes);
  for (let mask = 0; mask < 256; mask++) {
    let to = mask * lanes;
    for (let lane = 0; lane < lanes; lane++) if (mask & (1 << lane)) table[to++] = lane;
  }
  return table;
}

/** Addresses of the columns. Memory that is never touched is never made, so room for a whole book in each costs nothing. */
function layOut(capacity: number) {
  let end = 64;
  const take = (bytes: number): number => {
    const address = end;
    end = Math.ceil((end + bytes) / 64) * 64;
    return address;
  };
  const places = {
    found: take(foundLength * 8),
    // Twice, for the copy that the pass sums into besides.
    buckets: take(2 * bucketCount * 8 * 2),
    counts: take(2048 * 4),
    levels: take(limitCount * 8),
    lanesOf: take(256 * lanes * 2),
    limit: take(columnLength(capacity) * 2),
    wh: take(columnLength(capacity) * 4),
    fills: take(columnLength(capacity) * 4),
    entries: take(entryLength(capacity) * 4),
    remainders: take(entryLength(capacity) * 8),
    scratch: take(entryLength(capacity) * 8),
    pairBuy: take(capacity * 4),
    pairSell: take(capacity * 4),
    pairWh: take(capacity * 4),
  };
  return { ...places, end };
}
