import fc from 'fast-check';
import { arbitraryBook, largeBooks, smallBooks } from '../../../testing/arbitrary-book.js';
import { story } from '../../../testing/story.js';
import { type BookOrder, sortBook } from '../book/book.js';
import { type ClearingRules, middle, type PriceRule } from '../book/clearing.js';
import { type BookColumns, type ClearingColumns, columnsOf } from '../book/columns.js';
import { proRata } from '../reference/pro-rata.js';
import { referenceClear } from '../reference/reference-clear.js';
import { explainOrder, type OrderExplanation } from './explain-order.js';

const runs = { numRuns: Number(process.env['KWARTIER_RUNS'] ?? 1000) };
const equilibrium: ClearingRules = { priceRule: 'EQUILIBRIUM', tieStart: 0 };

interface Cleared {
  readonly orders: readonly BookOrder[];
  readonly book: BookColumns;
  readonly clearing: ClearingColumns;
  readonly rules: ClearingRules;
}

function cleared(orders: readonly BookOrder[], rules: ClearingRules): Cleared {
  const { fillsWh, volumeWh, ...ticks } = referenceClear(orders, rules);
  const clearing = { ...ticks, volumeWh: Number(volumeWh), fillsWh: Int32Array.from(fillsWh, Number) };
  return { orders, book: columnsOf(orders), clearing, rules };
}

const explainAll = ({ book, clearing, rules }: Cleared): OrderExplanation[] =>
  Array.from({ length: book.count }, (_, i) => explainOrder(book, clearing, rules, i));

const rules: fc.Arbitrary<ClearingRules> = fc.record({
  priceRule: fc.constantFrom<PriceRule>('EQUILIBRIUM', 'SHARED_MARGIN'),
  tieStart: fc.nat(),
});
const any = fc
  .tuple(fc.oneof(arbitraryBook(smallBooks), arbitraryBook({ ...largeBooks, orders: 40, ticks: 40 })), rules)
  .map(([orders, rule]) => cleared(orders, rule));

describe('why an order got what it got', () => {
  const { book: orders } = story(`
    buy  anna   500 Wh @ 300 => 500
    buy  ben    300 Wh @ 240 => 300
    buy  carla  400 Wh @ 150 => 0
    sell dora   500 Wh @ 100 => 500
    sell emil   400 Wh @ 200 => 200
    sell fritz  200 Wh @ 200 => 100
    sell gerda  900 Wh @ 250 => 0`);

  it('is told for both sides of the margin', () => {
    const [anna, ben, carla, dora, emil, , gerda] = explainAll(cleared(orders, equilibrium));
    const price = {
      rule: 'EQUILIBRIUM',
      low: { order: 4, tick: 200, because: 'LAST_ASK' },
      high: { order: 4, tick: 200, because: 'ASK_LEFT_OVER' },
    };
    expect(anna).toEqual({
      kind: 'FILLED',
      side: 'BUY',
      limitTick: 300,
      energyWh: 500,
      fillWh: 500,
      priceTick: 200,
      price,
      gainTicks: 100,
      aheadTicks: 60,
    });
    expect(ben).toMatchObject({ kind: 'FILLED', aheadTicks: 0, gainTicks: 40 });
    expect(carla).toMatchObject({ kind: 'BEYOND_PRICE', fillWh: 0, gainTicks: -50, shortTicks: 90 });
    expect(dora).toMatchObject({ kind: 'FILLED', aheadTicks: 100, gainTicks: 100 });
    expect(emil).toMatchObject({
      kind: 'SHARED',
      share: { orders: 2, totalWh: 600, givenWh: 300, wholeWh: 200, remainder: 0, place: 0, oddWh: 0, odd: 'NONE' },
    });
    expect(gerda).toMatchObject({ kind: 'BEYOND_PRICE', gainTicks: -50, shortTicks: 50 });
  });

  it('is being outranked where the shared margin is a price that one would have taken', () => {
    const { book } = story('buy anna 500 Wh @ 280 => 500\nbuy ben 300 Wh @ 279 => 0\nsell carla 500 Wh @ 60 => 500');
    const [anna, ben] = explainAll(cleared(book, { priceRule: 'SHARED_MARGIN', tieStart: 0 }));
    expect(anna).toMatchObject({
      kind: 'FILLED',
      price: { low: { order: 2, because: 'LAST_ASK' }, high: { order: 0, because: 'LAST_BID' } },
    });
    expect(ben).toMatchObject({ kind: 'OUTRANKED', priceTick: 170, gainTicks: 109, shortTicks: 1 });
  });

  it('is being outranked, too, at a price that is just the limit', () => {
    const { book } = story(`
      buy  anna  500 Wh @ 300 => 500
      buy  ben   300 Wh @ 220 => 0
      sell carla 500 Wh @ 100 => 500
      sell dora  400 Wh @ 221 => 0`);
    const [, ben, , dora] = explainAll(cleared(book, equilibrium));
    expect(ben).toMatchObject({ kind: 'OUTRANKED', priceTick: 220, gainTicks: 0, shortTicks: 80 });
    expect(ben).toMatchObject({ price: { low: { order: 1, because: 'BID_LEFT_OVER' }, high: { order: 3 } } });
    expect(dora).toMatchObject({ kind: 'BEYOND_PRICE', gainTicks: -1, shortTicks: 121 });
  });

  it.each<[number, string[]]>([
    [0, ['GOT_BY_PLACE', 'MISSED_BY_PLACE', 'MISSED_BY_PLACE', 'GOT']],
    [2, ['MISSED_BY_PLACE', 'MISSED_BY_PLACE', 'GOT_BY_PLACE', 'GOT']],
  ])('is the place where remainders are equal, counted from %d', (tieStart, expected) => {
    // 102 Wh among 60, 60, 60 and 70: 24.48 three times and 28.56, so two are left over.
    const { book } = story(`
      buy  anna  102 Wh @ 200 => 0
      sell ben    60 Wh @ 100 => 0
      sell carla  60 Wh @ 100 => 0
      sell dora   60 Wh @ 100 => 0
      sell emil   70 Wh @ 100 => 0`);
    const shares = explainAll(cleared(book, { priceRule: 'EQUILIBRIUM', tieStart })).slice(1);
    expect(shares.map((one) => (one.kind === 'SHARED' ? one.share.odd : one.kind))).toEqual(expected);
  });

  it('is the distance to the other side where nothing traded', () => {
    const { book } = story('buy anna 5 Wh @ 59 => 0\nbuy ben 5 Wh @ 50 => 0\nsell carla 5 Wh @ 60 => 0');
    const [anna, ben, carla] = explainAll(cleared(book, equilibrium));
    expect(anna).toMatchObject({ kind: 'NOTHING_TRADED', nearest: { order: 2, shortTicks: 1 } });
    expect(ben).toMatchObject({ kind: 'NOTHING_TRADED', nearest: { order: 2, shortTicks: 10 } });
    expect(carla).toMatchObject({ kind: 'NOTHING_TRADED', nearest: { order: 0, shortTicks: 1 } });
    const alone = cleared(book.slice(2), equilibrium);
    expect(explainAll(alone)[0]).toMatchObject({ nearest: undefined });
  });

  it('is not told of an order that is not there', () => {
    const { book, clearing } = cleared(orders, equilibrium);
    expect(() => explainOrder(book, clearing, equilibrium, 7)).toThrow('UNKNOWN_ORDER');
  });
});

describe('what an explanation says can be found again', () => {
  it('the fill follows from its kind', () => {
    fc.assert(
      fc.property(any, (one) => {
        const told = explainAll(one);
        expect(told.map(({ energyWh }) => energyWh)).toEqual([...one.book.wh]);
        expect(told.map(({ fillWh }) => fillWh)).toEqual([...one.clearing.fillsWh]);
        expect(told.map(fillOf)).toEqual([...one.clearing.fillsWh]);
      }),
      runs,
    );
  });

  it('the price is the middle between two orders that hold it from either side, and everybody is told the same', () => {
    fc.assert(
      fc.property(any, (one) => {
        const [told, ...others] = explainAll(one);
        if (!told || told.kind === 'NOTHING_TRADED') return;
        const { low, high } = told.price;
        expect(others.map((other) => 'price' in other && other.price)).toEqual(others.map(() => told.price));
        expect(told.priceTick).toBe(middle(low.tick, high.tick));
        expect(['LAST_ASK', 'BID_LEFT_OVER']).toContain(low.because);
        expect(['LAST_BID', 'ASK_LEFT_OVER']).toContain(high.because);
        for (const end of [low, high]) {
          const { side, tick, energyWh } = one.orders[end.order]!;
          const fillWh = one.clearing.fillsWh[end.order]!;
          const holds = end.because.endsWith('LEFT_OVER') ? fillWh < Number(energyWh) : fillWh > 0;
          expect([tick, end.because.includes(side === 'BUY' ? 'BID' : 'ASK'), holds]).toEqual([end.tick, true, true]);
        }
      }),
      runs,
    );
  });

  it('a share is the one that the whole margin, split again, gives', () => {
    fc.assert(
      fc.property(any, ({ book, clearing, rules: rule, orders }) => {
        explainAll({ book, clearing, rules: rule, orders }).forEach((told, i) => {
          if (told.kind !== 'SHARED') return;
          const margin = orders.flatMap((_, j) => (book.limit[j] === book.limit[i] ? [j] : []));
          const energiesWh = margin.map((j) => orders[j]!.energyWh);
          const again = proRata(BigInt(told.share.givenWh), energiesWh, rule.tieStart);
          expect(BigInt(told.fillWh)).toBe(again[margin.indexOf(i)]);
          expect(margin[(told.share.place + (rule.tieStart % margin.length)) % margin.length]).toBe(i);
        });
      }),
      runs,
    );
  });

  it('an order that is short by some ticks would not trade with less', () => {
    fc.assert(
      fc.property(arbitraryBook(smallBooks), rules, (orders, rule) => {
        explainAll(cleared(orders, rule)).forEach((told, i) => {
          if (told.kind !== 'NOTHING_TRADED' || !told.nearest) return;
          const { tick, side } = orders[i]!;
          const moved = (ticks: number): BookOrder => ({
            ...orders[i]!,
            tick: tick + (side === 'BUY' ? ticks : -ticks),
          });
          const trades = (ticks: number): boolean =>
            referenceClear(sortBook(orders.with(i, moved(ticks))), rule).volumeWh > 0n;
          expect([trades(told.nearest.shortTicks - 1), trades(told.nearest.shortTicks)]).toEqual([false, true]);
        });
      }),
      runs,
    );
  });
});

function fillOf(told: OrderExplanation): number {
  switch (told.kind) {
    case 'FILLED':
      return told.energyWh;
    case 'SHARED':
      return told.share.wholeWh + (told.share.odd.startsWith('GOT') ? 1 : 0);
    case 'OUTRANKED':
    case 'BEYOND_PRICE':
    case 'NOTHING_TRADED':
      return 0;
  }
}
