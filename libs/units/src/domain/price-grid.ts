import { type MicroPerKwh, microPerKwh } from './quantities.js';

/** The prices that a zone knows: `start + i * tick` for `i` below `count` (at most 8,192). The start may be negative. */
export interface PriceGrid {
  readonly start: MicroPerKwh;
  readonly tick: MicroPerKwh;
  readonly count: number;
}

export const priceAt = (grid: PriceGrid, tick: number): MicroPerKwh =>
  microPerKwh(grid.start + BigInt(tick) * grid.tick);

/** The tick of a price, or undefined beside the grid. */
export function tickOf(grid: PriceGrid, price: MicroPerKwh): number | undefined {
  const above = price - grid.start;
  if (above < 0n || above % grid.tick !== 0n) return undefined;
  const tick = above / grid.tick;
  return tick < BigInt(grid.count) ? Number(tick) : undefined;
}

/** The highest tick whose price is at most `price`; -1 below the grid. */
export function tickAtMost(grid: PriceGrid, price: MicroPerKwh): number {
  const above = price - grid.start;
  if (above < 0n) return -1;
  const tick = above / grid.tick;
  return tick < BigInt(grid.count) ? Number(tick) : grid.count - 1;
}

/** The lowest tick whose price is at least `price`; `count` above the grid. */
export function tickAtLeast(grid: PriceGrid, price: MicroPerKwh): number {
  const above = price - grid.start;
  if (above <= 0n) return 0;
  const tick = (above + grid.tick - 1n) / grid.tick;
  return tick < BigInt(grid.count) ? Number(tick) : grid.count;
}
