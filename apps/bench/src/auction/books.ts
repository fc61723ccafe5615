import type { BookColumns } from '@kwartier/auction';

/** A plain generator of numbers from 0 to 1: the same books for everybody who runs this. */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const ticks = 8192;

/** Limits around a middle of each side, bids higher than asks, as a lively market has them; the two sides come mixed. */
export const livelyBook = (count: number, seed = 42): BookColumns =>
  book(count, seed, (next, isSell) => {
    let spread = -3;
    for (let i = 0; i < 6; i += 1) spread += next();
    return Math.min(ticks - 1, Math.max(0, Math.round((isSell ? 3700 : 4500) + 1000 * spread)));
  });

/** Most limits are tariffs, as in a neighbourhood: three of them hold everybody, and one is the margin of a whole side. */
export const tariffBook = (count: number, seed = 42): BookColumns =>
  book(count, seed, (next, isSell) => (isSell ? 600 : next() < 0.9 ? 2800 : 3100));

function book(count: number, seed: number, tick: (next: () => number, isSell: boolean) => number): BookColumns {
  const next = numbersFrom(seed);
  const columns = { count, member: new Int32Array(count), limit: new Uint16Array(count), wh: new Int32Array(count) };
  for (let i = 0; i < count; i += 1) {
    const isSell = next() < 0.5;
    columns.member[i] = i;
    columns.limit[i] = tick(next, isSell) * 2 + (isSell ? 1 : 0);
    columns.wh[i] = 1 + Math.floor(next() * 5000);
  }
  return columns;
}
