import { goldenCases } from '../../../testing/golden-cases.js';
import type { BookOrder } from '../book/book.js';
import { referenceClear } from './reference-clear.js';
import { proRata } from './pro-rata.js';

const { uniformPrice, proRata: splits } = goldenCases();

describe('golden auctions', () => {
  it('are all there', () => {
    expect([uniformPrice.length, splits.length]).toEqual([7, 2]);
  });

  it.each(uniformPrice.map((one) => [one.id, one] as const))('%s', (_, { orders, expect: expected }) => {
    const book = orders.map(({ side, qty, price }, member): BookOrder => ({
      member,
      side: side === 'buy' ? 'BUY' : 'SELL',
      tick: price,
      energyWh: BigInt(qty),
    }));
    const clearing = referenceClear(book, { priceRule: 'EQUILIBRIUM', tieStart: 0 });
    const fills = clearing.fillsWh.map(Number);
    const surplus = orders.reduce((sum, { side, price }, i) => sum + (side === 'buy' ? price : -price) * fills[i]!, 0);
    expect({
      volume: Number(clearing.volumeWh),
      priceInterval: [clearing.lowTick, clearing.highTick],
      price: clearing.priceTick,
      fills: Object.fromEntries(orders.map(({ id }, i) => [id, fills[i]])),
      surplus,
    }).toEqual(expected);
  });

  it.each(splits.map((one) => [one.id, one] as const))('%s', (_, { quantities, available, expect: expected }) => {
    expect(proRata(BigInt(available), quantities.map(BigInt), 0).map(Number)).toEqual(expected.largestRemainder);
  });
});
