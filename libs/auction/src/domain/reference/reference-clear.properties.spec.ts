import fc from 'fast-check';
import { arbitraryBook, arbitraryOrders, largeBooks, smallBooks } from '../../../testing/arbitrary-book.js';
import { unitByUnit } from '../../../testing/unit-by-unit.js';
import { type BookOrder, compareInBook, sortBook, sumWh } from '../book/book.js';
import { referenceClear } from './reference-clear.js';
import type { Clearing, ClearingRules, PriceRule } from '../book/clearing.js';

const priceRule = fc.constantFrom<PriceRule>('EQUILIBRIUM', 'SHARED_MARGIN');
const rules: fc.Arbitrary<ClearingRules> = fc.record({ priceRule, tieStart: fc.nat() });
const book = fc.oneof(arbitraryBook(smallBooks), arbitraryBook(largeBooks));
const runs = { numRuns: 500 };

const fillsOf = (side: 'BUY' | 'SELL', orders: readonly BookOrder[], { fillsWh }: Clearing): bigint =>
  sumWh(fillsWh.filter((_, i) => orders[i]!.side === side));

describe('any book', () => {
  it('buys what it sells', () => {
    fc.assert(
      fc.property(book, rules, (orders, rule) => {
        const clearing = referenceClear(orders, rule);
        expect(fillsOf('BUY', orders, clearing)).toBe(clearing.volumeWh);
        expect(fillsOf('SELL', orders, clearing)).toBe(clearing.volumeWh);
      }),
      runs,
    );
  });

  it('takes nobody beyond their limit or their energy', () => {
    fc.assert(
      fc.property(book, rules, (orders, rule) => {
        const { priceTick, fillsWh } = referenceClear(orders, rule);
        orders.forEach(({ side, tick, energyWh }, i) => {
          expect(fillsWh[i]! >= 0n && fillsWh[i]! <= energyWh).toBe(true);
          const gains = priceTick !== undefined && (side === 'BUY' ? tick >= priceTick : tick <= priceTick);
          expect(fillsWh[i] === 0n || gains).toBe(true);
        });
      }),
      runs,
    );
  });

  it('is filled alike under both price rules', () => {
    fc.assert(
      fc.property(book, fc.nat(), (orders, tieStart) => {
        const one = referenceClear(orders, { priceRule: 'EQUILIBRIUM', tieStart });
        const other = referenceClear(orders, { priceRule: 'SHARED_MARGIN', tieStart });
        expect({ ...other, priceTick: one.priceTick }).toEqual(one);
      }),
      runs,
    );
  });

  it('clears the same in whatever order it arrived', () => {
    const arrivals = arbitraryOrders(smallBooks).chain((orders) =>
      fc.tuple(fc.constant(orders), fc.shuffledSubarray(orders, { minLength: orders.length })),
    );
    fc.assert(
      fc.property(arrivals, rules, ([orders, shuffled], rule) => {
        expect(sortBook(shuffled)).toEqual(sortBook(orders));
        expect(referenceClear(sortBook(shuffled), rule)).toEqual(referenceClear(sortBook(orders), rule));
      }),
      runs,
    );
  });

  it('is not changed by orders that cannot meet anybody', () => {
    const hopeless = fc.array(
      fc.record({ side: fc.constantFrom('BUY', 'SELL'), energyWh: fc.bigInt({ min: 1n, max: 9n }) }),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(arbitraryBook(smallBooks), hopeless, rules, (orders, more, rule) => {
        // Room below and above every limit, for bids too low and asks too high to be of use to anybody.
        const moved = orders.map((order) => ({ ...order, tick: order.tick + 10 }));
        const added = more.map(({ side, energyWh }, i): BookOrder => {
          return { member: 100 + i, side, energyWh, tick: side === 'BUY' ? 0 : 30 };
        });
        const before = referenceClear(moved, rule);
        const fillsWh = [...before.fillsWh, ...added.map(() => 0n)];
        expect(referenceClear([...moved, ...added], rule)).toEqual({ ...before, fillsWh });
      }),
      runs,
    );
  });

  it('moves with its prices', () => {
    fc.assert(
      fc.property(book, rules, fc.nat({ max: 1000 }), (orders, rule, ticks) => {
        const clearing = referenceClear(orders, rule);
        const up = referenceClear(
          orders.map((order) => ({ ...order, tick: order.tick + ticks })),
          rule,
        );
        expect(up.fillsWh).toEqual(clearing.fillsWh);
        expect(up.priceTick).toBe(clearing.priceTick === undefined ? undefined : clearing.priceTick + ticks);
      }),
      runs,
    );
  });
});

describe('a small book, dealt out Wh by Wh', () => {
  it('trades as much, and is worth as much, as can be', () => {
    fc.assert(
      fc.property(arbitraryBook(smallBooks), rules, (orders, rule) => {
        const clearing = referenceClear(orders, rule);
        const { volumeWh, welfare } = unitByUnit(orders, smallBooks.ticks);
        const worth = orders.map(({ side, tick }, i) => BigInt(side === 'BUY' ? tick : -tick) * clearing.fillsWh[i]!);
        expect(clearing.volumeWh).toBe(volumeWh);
        expect(sumWh(worth)).toBe(welfare);
      }),
      { numRuns: 2000 },
    );
  });

  it('finds exactly the prices at which nobody wants to trade more or less', () => {
    fc.assert(
      fc.property(arbitraryBook(smallBooks), fc.nat(), (orders, tieStart) => {
        const { volumeWh, lowTick, highTick, priceTick } = referenceClear(orders, {
          priceRule: 'EQUILIBRIUM',
          tieStart,
        });
        fc.pre(volumeWh > 0n);
        const { equilibriumTicks } = unitByUnit(orders, smallBooks.ticks);
        expect([lowTick, highTick]).toEqual([equilibriumTicks.at(0), equilibriumTicks.at(-1)]);
        expect(priceTick).toBe(equilibriumTicks[(equilibriumTicks.length - 1) >> 1]);
      }),
      { numRuns: 2000 },
    );
  });
});

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
