import type { BookOrder } from '../src/index.js';

export interface Story {
  readonly book: BookOrder[];
  /** What each order gets, as the table says. */
  readonly fillsWh: bigint[];
}

const line = /^\s*(buy|sell)\s+(\w+)\s+(\d+) Wh @ (\d+)\s+=> (\d+)\s*$/;

/** Reads a table such as `buy anna 800 Wh @ 280 => 790`. Members are numbered as they first appear. */
export function story(table: string): Story {
  const members: string[] = [];
  const rows = table
    .split('\n')
    .filter((row) => row.trim() !== '')
    .map((row) => {
      const [, side, name, energy, tick, fill] = line.exec(row) ?? [];
      if (!side || !name || !energy || !tick || !fill) throw new Error(`Not an order and its fill: ${row}`);
      if (!members.includes(name)) members.push(name);
      const order: BookOrder = {
        member: members.indexOf(name),
        side: side === 'buy' ? 'BUY' : 'SELL',
        tick: Number(tick),
        energyWh: BigInt(energy),
      };
      return { order, fillWh: BigInt(fill) };
    });
  return { book: rows.map((row) => row.order), fillsWh: rows.map((row) => row.fillWh) };
}
