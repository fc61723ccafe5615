import type { BookOrder } from '../book/book.js';

/** All orders with the same limit. */
export interface Level {
  readonly tick: number;
  readonly bidsWh: bigint;
  readonly asksWh: bigint;
}

/** The book by limit, lowest first. */
export function levelsOf(book: readonly BookOrder[]): Level[] {
  const byTick = new Map<number, Level>();
  for (const { tick, side, energyWh } of book) {
    const { bidsWh, asksWh } = byTick.get(tick) ?? { bidsWh: 0n, asksWh: 0n };
    byTick.set(
      tick,
      side === 'BUY' ? { tick, bidsWh: bidsWh + energyWh, asksWh } : { tick, bidsWh, asksWh: asksWh + energyWh },
    );
  }
  return [...byTick.values()].sort((a, b) => a.tick - b.tick);
}
