import { unitByUnit } from '../../../testing/unit-by-unit.js';
import type { BookOrder, Side } from '../book/book.js';
import { columnsOf } from '../book/columns.js';
import { clearUniform } from './clear-uniform.js';
import { verifyUniform } from './verify-uniform.js';

const ticks = 4;
const quantities = 3;

describe('every small book', () => {
  it('trades as much, is worth as much and has the price range that dealing it out Wh by Wh finds', () => {
    let books = 0;
    const wrong: string[] = [];
    for (const buys of sides('BUY', 3)) {
      for (const sells of sides('SELL', 3)) {
        const orders = [...buys, ...sells].map((order, member) => ({ ...order, member }));
        books += 1;
        if (!isRight(orders) && wrong.length < 5)
          wrong.push(JSON.stringify(orders, (_, v) => (typeof v === 'bigint' ? Number(v) : v)));
      }
    }
    expect(wrong).toEqual([]);
    // 455 multisets of up to three of 12 possible orders for each side.
    expect(books).toBe(455 * 455);
  });
});

/** Up to `most` orders of a side, as multisets: members are told apart by nothing but their place. */
function sides(side: Side, most: number): Omit<BookOrder, 'member'>[][] {
  const kinds = Array.from({ length: ticks * quantities }, (_, kind) => ({
    side,
    tick: Math.floor(kind / quantities),
    energyWh: BigInt(1 + (kind % quantities)),
  }));
  const grow = (from: number, left: number): Omit<BookOrder, 'member'>[][] =>
    left === 0
      ? [[]]
      : [[], ...kinds.slice(from).flatMap((kind, i) => grow(from + i, left - 1).map((rest) => [kind, ...rest]))];
  return grow(0, most);
}

function isRight(orders: readonly BookOrder[]): boolean {
  const book = columnsOf(orders);
  const rules = { priceRule: 'EQUILIBRIUM', tieStart: 1 } as const;
  const clearing = clearUniform(book, rules);
  const oracle = unitByUnit(orders, ticks);
  const worth = orders.reduce(
    (sum, { side, tick }, i) => sum + (side === 'BUY' ? tick : -tick) * clearing.fillsWh[i]!,
    0,
  );
  return (
    clearing.volumeWh === Number(oracle.volumeWh) &&
    worth === Number(oracle.welfare) &&
    (clearing.volumeWh === 0 ||
      (clearing.lowTick === oracle.equilibriumTicks[0] && clearing.highTick === oracle.equilibriumTicks.at(-1))) &&
    verifyUniform(book, clearing, rules) === undefined
  );
}
