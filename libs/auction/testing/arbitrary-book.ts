import fc from 'fast-check';
import { type BookOrder, sortBook } from '../src/index.js';

export interface BookShape {
  readonly orders: number;
  readonly ticks: number;
  readonly mostWh: bigint;
}

/** Few ticks and small amounts, so that ties, rationed margins and books without a trade come up often. */
export const smallBooks: BookShape = { orders: 12, ticks: 8, mostWh: 6n };
export const largeBooks: BookShape = { orders: 150, ticks: 8192, mostWh: 2n ** 31n - 1n };

export const arbitraryOrders = ({ orders, ticks, mostWh }: BookShape): fc.Arbitrary<BookOrder[]> =>
  fc.array(
    fc.record({
      member: fc.nat({ max: orders }),
      side: fc.constantFrom('BUY', 'SELL'),
      tick: fc.nat({ max: ticks - 1 }),
      energyWh: fc.bigInt({ min: 1n, max: mostWh }),
    }),
    { maxLength: orders },
  );

export const arbitraryBook = (shape: BookShape): fc.Arbitrary<BookOrder[]> => arbitraryOrders(shape).map(sortBook);
