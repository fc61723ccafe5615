import fc from 'fast-check';
import { arbitraryOrders, smallBooks } from '../../../testing/arbitrary-book.js';
import { type BookOrder, compareInBook, sortBook } from './book.js';

const runs = { numRuns: Number(process.env['KWARTIER_RUNS'] ?? 1000) };

describe('book order', () => {
  it('is total, and keeps every order', () => {
    fc.assert(
      fc.property(arbitraryOrders(smallBooks), (orders) => {
        const sorted = sortBook(orders);
        expect(sorted).toHaveLength(orders.length);
        sorted.slice(1).forEach((order, i) => expect(compareInBook(sorted[i]!, order)).toBeLessThanOrEqual(0));
        orders.forEach((order) => expect(sorted).toContain(order));
      }),
      runs,
    );
  });

  it('goes by member, then limit, then buy before sell, then energy', () => {
    const inOrder: BookOrder[] = [
      { member: 1, side: 'BUY', tick: 5, energyWh: 9n },
      { member: 1, side: 'SELL', tick: 5, energyWh: 1n },
      { member: 1, side: 'SELL', tick: 5, energyWh: 2n },
      { member: 1, side: 'BUY', tick: 6, energyWh: 1n },
      { member: 2, side: 'BUY', tick: 0, energyWh: 1n },
    ];
    expect(sortBook(inOrder.toReversed())).toEqual(inOrder);
  });
});
