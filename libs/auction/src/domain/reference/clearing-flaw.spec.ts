import fc from 'fast-check';
import { arbitraryBook, largeBooks, smallBooks } from '../../../testing/arbitrary-book.js';
import { story } from '../../../testing/story.js';
import { referenceClear } from './reference-clear.js';
import { clearingFlaw } from './clearing-flaw.js';
import type { ClearingRules, Outcome } from '../book/clearing.js';

const rules: ClearingRules = { priceRule: 'EQUILIBRIUM', tieStart: 0 };
const { book, fillsWh } = story(`
  buy  anna   500 Wh @ 300 => 500
  buy  ben    300 Wh @ 240 => 300
  buy  carla  400 Wh @ 150 => 0
  sell dora   500 Wh @ 100 => 500
  sell emil   200 Wh @ 200 => 100
  sell fritz  200 Wh @ 200 => 100
  sell gerda  200 Wh @ 200 => 100
  sell hanna  900 Wh @ 250 => 0`);
const right: Outcome = { priceTick: 200, volumeWh: 800n, fillsWh };
const withFills = (...fills: number[]): Outcome => ({ ...right, fillsWh: fills.map(BigInt) });

describe('a clearing', () => {
  it('without a flaw', () => {
    expect(clearingFlaw(book, rules, right)).toBeUndefined();
  });

  it.each<[string, Outcome]>([
    ['there is not one fill for each order', withFills(500, 300, 0, 500, 100, 100, 100)],
    ['a fill is not between nothing and the whole order', withFills(501, 299, 0, 500, 100, 100, 100, 0)],
    ['a fill is not between nothing and the whole order', withFills(500, 300, 0, 500, 200, 200, -100, 0)],
    ['bought, sold and volume are not the same', withFills(500, 299, 0, 500, 100, 100, 100, 0)],
    ['bought, sold and volume are not the same', withFills(500, 300, 0, 500, 100, 100, 99, 0)],
    ['bought, sold and volume are not the same', { ...right, volumeWh: 799n }],
    [
      'a buyer and a seller who could trade are both left over',
      { ...withFills(500, 299, 0, 500, 100, 100, 99, 0), volumeWh: 799n },
    ],
    ['a better order is left over while a worse one trades', withFills(500, 300, 0, 500, 100, 100, 99, 1)],
    [
      'a seller asks more than a buyer bids, and both trade',
      { ...withFills(500, 300, 200, 500, 167, 167, 166, 0), volumeWh: 1000n },
    ],
    ['the price is not the one that the rule names', { ...right, priceTick: 201 }],
    ['the price is not the one that the rule names', { ...right, priceTick: undefined }],
    ['a marginal order is a whole Wh away from its share', withFills(500, 300, 0, 500, 101, 100, 99, 0)],
  ])('of which %s', (flaw, outcome) => {
    expect(clearingFlaw(book, rules, outcome)).toBe(flaw);
  });

  it('of which the price belongs to the other rule', () => {
    expect(clearingFlaw(book, { ...rules, priceRule: 'SHARED_MARGIN' }, right)).toMatch('the rule names');
    expect(clearingFlaw(book, { ...rules, priceRule: 'SHARED_MARGIN' }, { ...right, priceTick: 220 })).toBeUndefined();
  });

  it('of which an odd Wh went to the wrong neighbour', () => {
    const { book: odd, fillsWh: fair } = story(`
      buy  anna  100 Wh @ 200 => 100
      sell ben    60 Wh @ 100 => 33
      sell carla  60 Wh @ 100 => 34
      sell dora   60 Wh @ 100 => 33`);
    const outcome: Outcome = { priceTick: 100, volumeWh: 100n, fillsWh: fair };
    expect(clearingFlaw(odd, { ...rules, tieStart: 4 }, outcome)).toBeUndefined();
    expect(clearingFlaw(odd, { ...rules, tieStart: 5 }, outcome)).toMatch('odd Wh');
    expect(clearingFlaw(odd, rules, outcome)).toMatch('odd Wh');
  });

  it('of which two who agree on a single price do not trade', () => {
    const { book: agreed } = story('buy anna 800 Wh @ 60 => 0\nsell ben 800 Wh @ 60 => 0');
    const outcome: Outcome = { priceTick: undefined, volumeWh: 0n, fillsWh: [0n, 0n] };
    expect(clearingFlaw(agreed, rules, outcome)).toMatch('both left over');
  });

  it('of which there is a price although nothing traded', () => {
    const { book: apart } = story('buy anna 800 Wh @ 59 => 0\nsell ben 800 Wh @ 60 => 0');
    const outcome: Outcome = { priceTick: undefined, volumeWh: 0n, fillsWh: [0n, 0n] };
    expect(clearingFlaw(apart, rules, outcome)).toBeUndefined();
    expect(clearingFlaw(apart, rules, { ...outcome, priceTick: 59 })).toMatch('nothing traded');
  });
});

describe('an outcome that was tampered with', () => {
  const arbitrary = fc.record({
    orders: fc.oneof(arbitraryBook(smallBooks), arbitraryBook(largeBooks)),
    rule: fc.record({ priceRule: fc.constantFrom('EQUILIBRIUM', 'SHARED_MARGIN'), tieStart: fc.nat() }),
  });

  it('is found out when two fills of one side are changed against each other', () => {
    fc.assert(
      fc.property(
        arbitrary,
        fc.nat(),
        fc.nat(),
        fc.bigInt({ min: 1n, max: 3n }),
        ({ orders, rule }, a, b, energyWh) => {
          const clearing = referenceClear(orders, rule);
          fc.pre(orders.length > 1);
          const [from, to] = [a % orders.length, b % orders.length];
          fc.pre(from !== to && orders[from]!.side === orders[to]!.side);
          const moved = [...clearing.fillsWh];
          moved[from]! -= energyWh;
          moved[to]! += energyWh;
          expect(clearingFlaw(orders, rule, { ...clearing, fillsWh: moved })).toBeDefined();
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is found out when its price is moved by a tick', () => {
    fc.assert(
      fc.property(arbitrary, fc.constantFrom(-1, 1), ({ orders, rule }, ticks) => {
        const clearing = referenceClear(orders, rule);
        expect(clearingFlaw(orders, rule, { ...clearing, priceTick: (clearing.priceTick ?? 0) + ticks })).toBeDefined();
      }),
      { numRuns: 1000 },
    );
  });
});
