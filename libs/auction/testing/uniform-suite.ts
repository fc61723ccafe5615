import fc from 'fast-check';
import {
  type BookOrder,
  type Clearing,
  type ClearingRules,
  type PriceRule,
  type Side,
  sortBook,
} from '../src/index.js';
import { arbitraryBook, arbitraryOrders, largeBooks, smallBooks } from './arbitrary-book.js';
import { goldenCases } from './golden-cases.js';
import { story } from './story.js';
import { unitByUnit } from './unit-by-unit.js';

export type Clear = (book: readonly BookOrder[], rules: ClearingRules) => Clearing;

const equilibrium: ClearingRules = { priceRule: 'EQUILIBRIUM', tieStart: 0 };
const sharedMargin: ClearingRules = { priceRule: 'SHARED_MARGIN', tieStart: 0 };

interface Expected {
  readonly equilibrium: number;
  readonly shared: number;
}

const priceRule = fc.constantFrom<PriceRule>('EQUILIBRIUM', 'SHARED_MARGIN');
const rules: fc.Arbitrary<ClearingRules> = fc.record({ priceRule, tieStart: fc.nat() });
const book = fc.oneof(arbitraryBook(smallBooks), arbitraryBook(largeBooks));
const runs = { numRuns: Number(process.env['KWARTIER_RUNS'] ?? 1000) };

/** Leaves a thousand ticks above. */
const lowBook = fc.oneof(arbitraryBook(smallBooks), arbitraryBook({ ...largeBooks, ticks: 7192 }));

const sumWh = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);
const fillsOf = (side: 'BUY' | 'SELL', orders: readonly BookOrder[], { fillsWh }: Clearing): bigint =>
  sumWh(fillsWh.filter((_, i) => orders[i]!.side === side));

interface Grid {
  readonly tickAt: (price: number) => number;
  readonly priceAt: (tick: number | undefined) => number | undefined;
}

/** A grid for all prices of a case: the coarsest one, or where that is longer than any zone's, just their ranks. */
function gridOf(prices: readonly number[]): Grid {
  const ranked = [...new Set(prices)].sort((a, b) => a - b);
  const start = ranked[0]!;
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  const step = ranked.map((price) => price - start).reduce(divisor, 0) || 1;
  return (ranked.at(-1)! - start) / step < 8192
    ? {
        tickAt: (price) => (price - start) / step,
        priceAt: (tick) => (tick === undefined ? tick : start + step * tick),
      }
    : { tickAt: (price) => ranked.indexOf(price), priceAt: (tick) => (tick === undefined ? tick : ranked[tick]) };
}

/** What every uniform-price auction must do, the slow one and the fast ones alike. */
export function uniformAuction(clear: Clear): void {
  describe('one interval', () => {
    it.each<[string, Expected, string]>([
      [
        'a little too little sun: the equilibrium is the retail price, the shared margin is not moved by a few Wh',
        { equilibrium: 280, shared: 170 },
        `buy  anna   800 Wh @ 280 => 790
         sell ben    790 Wh @ 60  => 790`,
      ],
      [
        'exactly enough',
        { equilibrium: 170, shared: 170 },
        `buy  anna   800 Wh @ 280 => 800
         sell ben    800 Wh @ 60  => 800`,
      ],
      [
        'a little too much sun: the equilibrium is the feed-in price',
        { equilibrium: 60, shared: 170 },
        `buy  anna   800 Wh @ 280 => 800
         sell ben    810 Wh @ 60  => 800`,
      ],
      [
        'better limits go first, the last limit is shared pro rata, worse ones wait',
        { equilibrium: 200, shared: 220 },
        `buy  anna   500 Wh @ 300 => 500
         buy  ben    300 Wh @ 240 => 300
         buy  carla  400 Wh @ 150 => 0
         sell dora   500 Wh @ 100 => 500
         sell emil   400 Wh @ 200 => 200
         sell fritz  200 Wh @ 200 => 100
         sell gerda  900 Wh @ 250 => 0`,
      ],
      [
        'both sides end at the same limit',
        { equilibrium: 200, shared: 200 },
        `buy  anna   100 Wh @ 200 => 100
         buy  ben    100 Wh @ 200 => 100
         sell carla  300 Wh @ 200 => 150
         sell dora   100 Wh @ 200 => 50`,
      ],
      [
        'one home on both sides, as a battery may be: one price never takes both',
        { equilibrium: 200, shared: 250 },
        `buy  anna   100 Wh @ 100 => 0
         sell anna   100 Wh @ 200 => 50
         buy  ben    250 Wh @ 300 => 250
         sell carla  200 Wh @ 50  => 200`,
      ],
      [
        'the middle of 60 and 61 rounds down, towards the buyer',
        { equilibrium: 60, shared: 60 },
        `buy  anna   10 Wh @ 61 => 10
         sell ben    10 Wh @ 60 => 10`,
      ],
      [
        'the ends of the price grid are limits like any other',
        { equilibrium: 4095, shared: 4095 },
        `buy  anna   2147483647 Wh @ 8191 => 2147483647
         sell ben    2147483647 Wh @ 0    => 2147483647`,
      ],
    ])('%s', (_, expected, table) => {
      const { book, fillsWh } = story(table);
      const [one, other] = [clear(book, equilibrium), clear(book, sharedMargin)];
      expect(one.fillsWh).toEqual(fillsWh);
      expect(other.fillsWh).toEqual(fillsWh);
      expect({ equilibrium: one.priceTick, shared: other.priceTick }).toEqual(expected);
    });

    it.each([
      ['nobody came', ''],
      ['only buyers', 'buy anna 800 Wh @ 280 => 0'],
      ['only sellers', 'sell ben 800 Wh @ 60 => 0'],
      ['nobody agrees', 'buy anna 800 Wh @ 59 => 0\nsell ben 800 Wh @ 60 => 0'],
    ])('has no price when %s', (_, table) => {
      const { book, fillsWh } = story(table);
      expect(clear(book, equilibrium)).toEqual({
        priceTick: undefined,
        volumeWh: 0n,
        fillsWh,
        lowTick: undefined,
        highTick: undefined,
        lastAskTick: undefined,
        lastBidTick: undefined,
      });
    });

    it('says what its price came from', () => {
      const { book } = story(`
        buy  anna  500 Wh @ 300 => 500
        buy  ben   300 Wh @ 220 => 0
        sell carla 500 Wh @ 100 => 500
        sell dora  400 Wh @ 250 => 0`);
      const { priceTick, lowTick, highTick, lastAskTick, lastBidTick } = clear(book, equilibrium);
      expect({ priceTick, lowTick, highTick, lastAskTick, lastBidTick }).toEqual({
        priceTick: 235,
        lowTick: 220,
        highTick: 250,
        lastAskTick: 100,
        lastBidTick: 300,
      });
    });
  });

  describe('ties', () => {
    const { book } = story(`
      buy  anna  100 Wh @ 200 => 0
      sell ben    60 Wh @ 100 => 0
      sell carla  60 Wh @ 100 => 0
      sell dora   60 Wh @ 100 => 0`);
    const oddWhGoesTo = (tieStart: number): number =>
      clear(book, { priceRule: 'EQUILIBRIUM', tieStart }).fillsWh.indexOf(34n) - 1;

    it('are counted from a place that moves with the interval, so that nobody gets every odd Wh', () => {
      const ofSixIntervals = [1_983_648, 1_983_649, 1_983_650, 1_983_651, 1_983_652, 1_983_653].map(oddWhGoesTo);
      expect(ofSixIntervals).toEqual([0, 1, 2, 0, 1, 2]);
    });

    it('count the entries of the rationed margin only, whatever else stands in the book', () => {
      const { book: wider } = story(`
        buy  anna  100 Wh @ 200 => 0
        sell ben    10 Wh @ 90  => 0
        sell carla  60 Wh @ 100 => 0
        sell dora   60 Wh @ 100 => 0
        sell emil   60 Wh @ 110 => 0
        sell fritz  61 Wh @ 100 => 0`);
      expect(clear(wider, { priceRule: 'EQUILIBRIUM', tieStart: 1 }).fillsWh).toEqual([100n, 10n, 30n, 30n, 0n, 30n]);
      const { book: even } = story(`
        buy  anna  101 Wh @ 200 => 0
        sell ben    10 Wh @ 90  => 0
        sell carla  60 Wh @ 100 => 0
        sell emil   60 Wh @ 110 => 0
        sell fritz  60 Wh @ 100 => 0`);
      expect(clear(even, { priceRule: 'EQUILIBRIUM', tieStart: 2 }).fillsWh).toEqual([101n, 10n, 46n, 0n, 45n]);
      expect(clear(even, { priceRule: 'EQUILIBRIUM', tieStart: 3 }).fillsWh).toEqual([101n, 10n, 45n, 0n, 46n]);
    });

    it.each([-1, 0.5, Number.NaN, 2 ** 53])('cannot be counted from %p', (tieStart) => {
      expect(() => clear(book, { priceRule: 'EQUILIBRIUM', tieStart })).toThrow('whole number');
    });
  });

  const { uniformPrice } = goldenCases();

  describe('golden auctions', () => {
    it.each(uniformPrice.map((one) => [one.id, one] as const))('%s', (_, { orders, expect: expected }) => {
      const { tickAt, priceAt } = gridOf([
        ...orders.map(({ price }) => price),
        ...expected.priceInterval,
        expected.price,
      ]);
      const book = orders.map(({ side, qty, price }, member): BookOrder => ({
        member,
        side: side === 'buy' ? 'BUY' : 'SELL',
        tick: tickAt(price),
        energyWh: BigInt(qty),
      }));
      const clearing = clear(book, equilibrium);
      const fills = clearing.fillsWh.map(Number);
      expect({
        volume: Number(clearing.volumeWh),
        priceInterval: [priceAt(clearing.lowTick), priceAt(clearing.highTick)],
        price: priceAt(clearing.priceTick),
        fills: Object.fromEntries(orders.map(({ id }, i) => [id, fills[i]])),
        surplus: orders.reduce((sum, { side, price }, i) => sum + (side === 'buy' ? price : -price) * fills[i]!, 0),
      }).toEqual(expected);
    });
  });

  describe('any book', () => {
    it('buys what it sells', () => {
      fc.assert(
        fc.property(book, rules, (orders, rule) => {
          const clearing = clear(orders, rule);
          expect(fillsOf('BUY', orders, clearing)).toBe(clearing.volumeWh);
          expect(fillsOf('SELL', orders, clearing)).toBe(clearing.volumeWh);
        }),
        runs,
      );
    });

    it('takes nobody beyond their limit or their energy', () => {
      fc.assert(
        fc.property(book, rules, (orders, rule) => {
          const { priceTick, fillsWh } = clear(orders, rule);
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
          const one = clear(orders, { priceRule: 'EQUILIBRIUM', tieStart });
          const other = clear(orders, { priceRule: 'SHARED_MARGIN', tieStart });
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
          expect(clear(sortBook(shuffled), rule)).toEqual(clear(sortBook(orders), rule));
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
          const before = clear(moved, rule);
          const fillsWh = [...before.fillsWh, ...added.map(() => 0n)];
          expect(clear([...moved, ...added], rule)).toEqual({ ...before, fillsWh });
        }),
        runs,
      );
    });

    it('moves with its prices', () => {
      fc.assert(
        fc.property(lowBook, rules, fc.nat({ max: 1000 }), (orders, rule, ticks) => {
          const clearing = clear(orders, rule);
          const up = clear(
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
          const clearing = clear(orders, rule);
          const { volumeWh, welfare } = unitByUnit(orders, smallBooks.ticks);
          const worth = orders.map(({ side, tick }, i) => BigInt(side === 'BUY' ? tick : -tick) * clearing.fillsWh[i]!);
          expect(clearing.volumeWh).toBe(volumeWh);
          expect(sumWh(worth)).toBe(welfare);
        }),
        runs,
      );
    });

    it('finds exactly the prices at which nobody wants to trade more or less', () => {
      fc.assert(
        fc.property(arbitraryBook(smallBooks), fc.nat(), (orders, tieStart) => {
          const { volumeWh, lowTick, highTick, priceTick } = clear(orders, {
            priceRule: 'EQUILIBRIUM',
            tieStart,
          });
          fc.pre(volumeWh > 0n);
          const { equilibriumTicks } = unitByUnit(orders, smallBooks.ticks);
          expect([lowTick, highTick]).toEqual([equilibriumTicks.at(0), equilibriumTicks.at(-1)]);
          expect(priceTick).toBe(equilibriumTicks[(equilibriumTicks.length - 1) >> 1]);
        }),
        runs,
      );
    });
  });

  describe('changing a book', () => {
    const mutual = fc.record({ orders: arbitraryBook(smallBooks), at: fc.nat(), rule: rules });

    it('by one more bid or ask never moves less energy, and moves the price its way', () => {
      const one = fc.record({
        member: fc.nat({ max: 12 }),
        side: fc.constantFrom<Side>('BUY', 'SELL'),
        tick: fc.nat({ max: smallBooks.ticks - 1 }),
        energyWh: fc.bigInt({ min: 1n, max: smallBooks.mostWh }),
      });
      fc.assert(
        fc.property(arbitraryBook(smallBooks), one, (orders, added) => {
          const before = clear(orders, equilibrium);
          const after = clear(sortBook([...orders, added]), equilibrium);
          expect(after.volumeWh >= before.volumeWh).toBe(true);
          if (before.volumeWh === 0n) return;
          const way = added.side === 'BUY' ? 1 : -1;
          expect((after.lowTick! - before.lowTick!) * way).toBeGreaterThanOrEqual(0);
          expect((after.highTick! - before.highTick!) * way).toBeGreaterThanOrEqual(0);
        }),
        runs,
      );
    });

    it('by a better limit never gets an order less, and the others not more together than before', () => {
      fc.assert(
        fc.property(mutual, fc.integer({ min: 1, max: 8 }), ({ orders, at, rule }, ticks) => {
          fc.pre(orders.length > 0);
          const order = orders[at % orders.length]!;
          const better = {
            ...order,
            member: 99,
            tick: Math.max(0, order.tick + (order.side === 'BUY' ? ticks : -ticks)),
          };
          const others = orders.filter((other) => other !== order);
          // Last in the book both times, so that no tie is broken differently.
          const before = clear([...others, { ...order, member: 99 }], { ...rule, tieStart: 0 }).fillsWh.at(-1)!;
          const after = clear([...others, better], { ...rule, tieStart: 0 }).fillsWh.at(-1)!;
          expect(after >= before).toBe(true);
        }),
        runs,
      );
    });

    it('by splitting an order at its limit changes its total by less than one Wh for each part, and no price', () => {
      fc.assert(
        fc.property(mutual, fc.integer({ min: 1, max: 5 }), ({ orders, at, rule }, firstWh) => {
          fc.pre(orders.length > 0);
          const place = at % orders.length;
          const order = orders[place]!;
          fc.pre(order.energyWh > BigInt(firstWh));
          const parts = [
            { ...order, energyWh: BigInt(firstWh) },
            { ...order, energyWh: order.energyWh - BigInt(firstWh) },
          ];
          const whole = clear(orders, rule);
          const inParts = sortBook([...orders.slice(0, place), ...parts, ...orders.slice(place + 1)]);
          const split = clear(inParts, rule);
          expect({ ...split, fillsWh: [] }).toEqual({ ...whole, fillsWh: [] });
          const isLike = ({ member, side, tick }: BookOrder): boolean =>
            member === order.member && side === order.side && tick === order.tick;
          const totalWh = (book: readonly BookOrder[], { fillsWh }: Clearing): bigint =>
            sumWh(fillsWh.filter((_, i) => isLike(book[i]!)));
          const alike = BigInt(orders.filter(isLike).length);
          const offWh = totalWh(inParts, split) - totalWh(orders, whole);
          expect(offWh >= -2n * alike && offWh <= 2n * alike).toBe(true);
        }),
        runs,
      );
    });

    it('by giving all orders to one owner changes nothing: selling to oneself at one price is neutral', () => {
      fc.assert(
        fc.property(mutual, ({ orders, rule }) => {
          const owned = orders.map((order) => ({ ...order, member: 0 }));
          expect({ ...clear(sortBook(owned), rule), fillsWh: [] }).toEqual({ ...clear(orders, rule), fillsWh: [] });
        }),
        runs,
      );
    });
  });
}
