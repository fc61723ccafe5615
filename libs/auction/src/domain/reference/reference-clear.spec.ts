import { story } from '../../../testing/story.js';
import { referenceClear } from './reference-clear.js';
import type { ClearingRules } from '../book/clearing.js';

const equilibrium: ClearingRules = { priceRule: 'EQUILIBRIUM', tieStart: 0 };
const sharedMargin: ClearingRules = { priceRule: 'SHARED_MARGIN', tieStart: 0 };

interface Expected {
  readonly equilibrium: number;
  readonly shared: number;
}

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
    const [one, other] = [referenceClear(book, equilibrium), referenceClear(book, sharedMargin)];
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
    expect(referenceClear(book, equilibrium)).toEqual({
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
    const { priceTick, lowTick, highTick, lastAskTick, lastBidTick } = referenceClear(book, equilibrium);
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
    referenceClear(book, { priceRule: 'EQUILIBRIUM', tieStart }).fillsWh.indexOf(34n) - 1;

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
    expect(referenceClear(wider, { priceRule: 'EQUILIBRIUM', tieStart: 1 }).fillsWh).toEqual([
      100n,
      10n,
      30n,
      30n,
      0n,
      30n,
    ]);
    const { book: even } = story(`
      buy  anna  101 Wh @ 200 => 0
      sell ben    10 Wh @ 90  => 0
      sell carla  60 Wh @ 100 => 0
      sell emil   60 Wh @ 110 => 0
      sell fritz  60 Wh @ 100 => 0`);
    expect(referenceClear(even, { priceRule: 'EQUILIBRIUM', tieStart: 2 }).fillsWh).toEqual([101n, 10n, 46n, 0n, 45n]);
    expect(referenceClear(even, { priceRule: 'EQUILIBRIUM', tieStart: 3 }).fillsWh).toEqual([101n, 10n, 45n, 0n, 46n]);
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('cannot be counted from %p', (tieStart) => {
    expect(() => referenceClear(book, { priceRule: 'EQUILIBRIUM', tieStart })).toThrow('whole number');
  });
});
