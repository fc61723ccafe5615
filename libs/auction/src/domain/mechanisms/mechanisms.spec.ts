import { allocated, gainOfOwner, narrow, plainRules, withSaid } from '../../../testing/mechanisms-markets.js';
import { story } from '../../../testing/story.js';
import type { BookOrder } from '../book/book.js';
import type { Market, MechanismRules } from './mechanism.js';
import { mechanismNamed, mechanisms } from './mechanisms.js';

const sharing = (sellersSharePpm: number): MechanismRules => ({ ...plainRules, sellersSharePpm });

describe('one interval', () => {
  // Money in ticks times Wh, in the order of the table: what buyers pay and sellers receive.
  it.each<[string, string, MechanismRules, string, number[]]>([
    [
      'uniform',
      'one price for all',
      plainRules,
      `buy  anna   500 Wh @ 300 => 500
       buy  ben    300 Wh @ 240 => 300
       sell carla  500 Wh @ 100 => 500
       sell dora   400 Wh @ 200 => 300`,
      [100_000, 60_000, 100_000, 60_000],
    ],
    [
      'shared-gain',
      'tariffs of 280 and 60 leave 220 for every Wh: half to either side',
      plainRules,
      `buy  anna   500 Wh @ 280 => 494
       buy  ben    300 Wh @ 280 => 296
       sell carla  790 Wh @ 60  => 790`,
      [494 * 170, 296 * 170, 790 * 170],
    ],
    [
      'shared-gain',
      'all tariffs their own: the sellers get a quarter of 190 for every Wh, the buyers the rest',
      sharing(250_000),
      `buy  anna   100 Wh @ 300 => 100
       buy  ben    100 Wh @ 240 => 100
       sell carla  200 Wh @ 80  => 200`,
      // A gain of 22,000 + 16,000: 142.5 less for each bought Wh, 47.5 more for each sold one.
      [15_750, 9_750, 25_500],
    ],
    [
      'pay-as-bid',
      'the dearest bid meets the cheapest ask, and pays what it bid',
      plainRules,
      `buy  anna   500 Wh @ 300 => 500
       buy  ben    300 Wh @ 240 => 300
       sell carla  600 Wh @ 100 => 600
       sell dora   400 Wh @ 200 => 200`,
      [150_000, 72_000, 150_000 + 24_000, 48_000],
    ],
    [
      'mid-market',
      'the same pairs, in the middle: 200, 170 and 220',
      plainRules,
      `buy  anna   500 Wh @ 300 => 500
       buy  ben    300 Wh @ 240 => 300
       sell carla  600 Wh @ 100 => 600
       sell dora   400 Wh @ 200 => 200`,
      [100_000, 17_000 + 44_000, 100_000 + 17_000, 44_000],
    ],
    [
      'vcg',
      'everyone is worth to the others what they would do without them',
      plainRules,
      `buy  anna   500 Wh @ 300 => 500
       buy  carla  200 Wh @ 110 => 0
       sell dora   300 Wh @ 100 => 300
       sell emil   300 Wh @ 120 => 200`,
      // Without anna, carla buys 200 Wh of dora: dora keeps 100 Wh at 100, emil 200 Wh at 120. Without dora, emil sells 100 Wh more and anna goes without 200 Wh.
      // Without emil, anna goes without 200 Wh.
      [24_000 + 200 * 110 + 100 * 100, 0, 12_000 + 200 * 300, 200 * 300],
    ],
    [
      'trade-reduction',
      'two of three deals, at the limits of the third',
      plainRules,
      `buy  anna   100 Wh @ 300 => 100
       buy  ben    100 Wh @ 280 => 100
       buy  carla  100 Wh @ 240 => 0
       sell dora   100 Wh @ 60  => 100
       sell emil   100 Wh @ 80  => 100
       sell fritz  100 Wh @ 100 => 0`,
      [24_000, 24_000, 0, 10_000, 10_000, 0],
    ],
    [
      'mcafee',
      'the pair left out agrees on 87.5, and so does the second pair',
      plainRules,
      `buy  anna   10 Wh @ 100 => 10
       buy  ben    10 Wh @ 90  => 10
       buy  carla  10 Wh @ 80  => 0
       sell dora   10 Wh @ 80  => 10
       sell emil   10 Wh @ 85  => 10
       sell fritz  10 Wh @ 95  => 0`,
      [875, 875, 0, 875, 875, 0],
    ],
    [
      'mcafee',
      'nobody is left out: the second deal is given up',
      plainRules,
      `buy  anna  10 Wh @ 90 => 10
       buy  ben   10 Wh @ 80 => 0
       sell carla 10 Wh @ 30 => 10
       sell dora  10 Wh @ 40 => 0`,
      [800, 0, 400, 0],
    ],
    [
      'mcafee',
      'the middle may be the last bid itself',
      plainRules,
      `buy  anna  10 Wh @ 100 => 10
       buy  ben   10 Wh @ 80  => 10
       buy  carla 10 Wh @ 60  => 0
       sell dora  10 Wh @ 30  => 10
       sell emil  10 Wh @ 40  => 10
       sell fritz 10 Wh @ 100 => 0`,
      [800, 800, 0, 800, 800, 0],
    ],
    [
      'mcafee',
      'the middle may be the last ask itself',
      plainRules,
      `buy  anna  10 Wh @ 100 => 10
       buy  ben   10 Wh @ 80  => 10
       buy  carla 10 Wh @ 20  => 0
       sell dora  10 Wh @ 30  => 10
       sell emil  10 Wh @ 60  => 10
       sell fritz 10 Wh @ 100 => 0`,
      [600, 600, 0, 600, 600, 0],
    ],
    [
      'sbba',
      'the first ask left out may be the last bid itself: nobody draws lots',
      plainRules,
      `buy  anna   10 Wh @ 100 => 10
       buy  ben    10 Wh @ 95  => 10
       sell dora   10 Wh @ 80  => 10
       sell emil   10 Wh @ 90  => 10
       sell fritz  10 Wh @ 95  => 0`,
      [950, 950, 950, 950, 0],
    ],
    [
      'sbba',
      'the first ask left out is a price that all agree to',
      plainRules,
      `buy  anna   10 Wh @ 100 => 10
       sell dora   10 Wh @ 80  => 10
       sell emil   10 Wh @ 95  => 0`,
      [950, 950, 0],
    ],
    [
      'huang',
      'the last pair sets the prices; the sellers give up 8 Wh too much, 4 each',
      plainRules,
      `buy  anna   10 Wh @ 5 => 10
       buy  ben    20 Wh @ 4 => 0
       sell carla  9 Wh  @ 0 => 5
       sell dora   9 Wh  @ 0 => 5
       sell emil   9 Wh  @ 1 => 0`,
      [40, 0, 5, 5, 0],
    ],
    [
      'huang',
      'of 3 Wh too much the odd one is given up by place in the book, whoever bids more',
      plainRules,
      `buy  anna   4 Wh @ 4 => 2
       buy  ben    4 Wh @ 5 => 3
       buy  carla  9 Wh @ 3 => 0
       sell dora   5 Wh @ 0 => 5
       sell emil   9 Wh @ 1 => 0`,
      [6, 9, 0, 5, 0],
    ],
  ])('%s: %s', (name, _, rules, table, moneyTickWh) => {
    const { book, fillsWh } = story(table.replaceAll(/ +Wh +@/g, ' Wh @'));
    const allocation = allocated(mechanismNamed(name)!, book, rules);
    expect(allocation.fillsWh).toEqual(fillsWh);
    expect(allocation.moneyHalfTickWh.map((money) => Number(money) / 2)).toEqual(moneyTickWh);
  });

  it('SBBA leaves the last buyer out and each seller equally often', () => {
    const { book } = story(`
      buy  anna  10 Wh @ 100 => 0
      buy  ben   10 Wh @ 95  => 0
      buy  carla 10 Wh @ 90  => 0
      sell dora  10 Wh @ 50  => 0
      sell emil  10 Wh @ 60  => 0
      sell fritz 10 Wh @ 70  => 0`);
    const leftOut = [0, 0, 0, 0, 0, 0];
    for (let seed = 0n; seed < 3000n; seed += 1n) {
      const { fillsWh, buyPriceHalfTicks } = allocated(mechanismNamed('sbba')!, book, { ...plainRules, seed });
      expect(buyPriceHalfTicks).toBe(180);
      fillsWh.forEach((fillWh, i) => (leftOut[i]! += fillWh === 0n ? 1 : 0));
    }
    expect(leftOut.slice(0, 3)).toEqual([0, 0, 3000]);
    // Five standard deviations of a fair lot.
    for (const times of leftOut.slice(3)) expect(Math.abs(times - 1000)).toBeLessThan(130);
  });

  it('MUDA trades in halves, each at the price of the other', () => {
    const { book } = story(`
      buy  anna  10 Wh @ 100 => 0
      buy  ben   10 Wh @ 100 => 0
      sell carla 10 Wh @ 20  => 0
      sell dora  10 Wh @ 60  => 0`);
    const prices = new Set<string>();
    for (let seed = 0n; seed < 20n; seed += 1n) {
      const { fillsWh, moneyHalfTickWh } = allocated(mechanismNamed('muda-lottery')!, book, { ...plainRules, seed });
      prices.add(moneyHalfTickWh.map((money) => Number(money) / 20).join(' '));
      expect(fillsWh).toContain(10n);
    }
    // With carla the middle is 60, with dora 80: carla sells at 80, dora at 60, whoever the buyers are.
    expect([...prices].sort()).toEqual(['60 80 80 60', '80 60 80 60']);
  });

  it.each(['muda-lottery', 'muda-vickrey'])('%s: whoever is indifferent to the price trades', (name) => {
    const { book, fillsWh } = story(`
      buy  anna  10 Wh @ 50 => 10
      buy  ben   10 Wh @ 50 => 10
      sell carla 10 Wh @ 50 => 10
      sell dora  10 Wh @ 50 => 10`);
    expect(allocated(mechanismNamed(name)!, book)).toMatchObject({ fillsWh, buyPriceHalfTicks: 100 });
  });

  it('with one buyer, McAfee, trade reduction, Huang and MUDA trade nothing, and all others do', () => {
    const { book } = story(`
      buy  anna  10 Wh @ 100 => 0
      sell ben   10 Wh @ 20  => 0
      sell carla 10 Wh @ 60  => 0`);
    const silent = mechanisms.filter((one) => allocated(one, book).fillsWh.every((fillWh) => fillWh === 0n));
    expect(silent.map(({ name }) => name)).toEqual([
      'trade-reduction',
      'mcafee',
      'huang',
      'muda-lottery',
      'muda-vickrey',
    ]);
  });

  it('in Huang, who states more than they have gives up relatively less: it is not truthful in energy', () => {
    const { book } = story(`
      buy  anna   10 Wh @ 5 => 0
      buy  ben    20 Wh @ 4 => 0
      sell carla  9 Wh @ 0 => 0
      sell dora   9 Wh @ 0 => 0
      sell emil   9 Wh @ 1 => 0`);
    const huang = mechanismNamed('huang')!;
    const said = withSaid(book, 2, 'SELL', [{ tick: 0, energyWh: 12n }]);
    const gain = (told: BookOrder[]): number => Number(gainOfOwner(2, book, told, allocated(huang, told)));
    expect([gain(book), gain(said)]).toEqual([10, 12]);
  });
});

describe('a market', () => {
  const order = (change: Partial<BookOrder>): BookOrder => ({
    member: 0,
    side: 'BUY',
    tick: 5,
    energyWh: 10n,
    ...change,
  });
  const marketOf = (book: readonly BookOrder[]): Market => ({
    book,
    feeder: { network: narrow, node: book.map(() => 0) },
  });
  const refusal = (name: string, book: readonly BookOrder[], rules: MechanismRules = plainRules): unknown => {
    const answer = mechanismNamed(name)!.clear(marketOf(book), rules);
    return answer.ok ? answer : answer.refusal;
  };

  it.each<[string, Partial<BookOrder>, string, string]>([
    ['no side', { side: 'HOLD' as 'BUY' }, 'MALFORMED', 'a side, BUY or SELL'],
    ['a negative energy', { energyWh: -1n }, 'OUT_OF_RANGE', 'an energy from 1 to 2147483647 Wh'],
    ['no energy', { energyWh: 0n }, 'OUT_OF_RANGE', 'an energy from 1 to 2147483647 Wh'],
    ['too much energy', { energyWh: 2n ** 31n }, 'OUT_OF_RANGE', 'an energy from 1 to 2147483647 Wh'],
    [
      'an energy that is no bigint',
      { energyWh: 5 as unknown as bigint },
      'OUT_OF_RANGE',
      'an energy from 1 to 2147483647 Wh',
    ],
    ['a limit below the grid', { tick: -1 }, 'OUT_OF_RANGE', 'a tick from 0 to 8191'],
    ['a limit above the grid', { tick: 8192 }, 'OUT_OF_RANGE', 'a tick from 0 to 8191'],
    ['a limit between ticks', { tick: 0.5 }, 'OUT_OF_RANGE', 'a tick from 0 to 8191'],
    ['a member below zero', { member: -1 }, 'OUT_OF_RANGE', 'a member from 0 to 2147483647'],
    ['disorder', { tick: 4 }, 'MALFORMED', 'orders in book order: by member, then limit, then energy'],
  ])('with %s is refused by all', (_, change, code, why) => {
    for (const { name } of mechanisms) {
      expect(refusal(name, [order({}), order(change)])).toEqual({ code, at: 1, why });
    }
  });

  it.each<[string, Partial<MechanismRules>, string, string]>([
    ['ties counted from below zero', { tieStart: -1 }, 'OUT_OF_RANGE', 'tieStart'],
    ['ties counted from a half', { tieStart: 0.5 }, 'OUT_OF_RANGE', 'tieStart'],
    ['another price rule', { priceRule: 'MEAN' as 'EQUILIBRIUM' }, 'MALFORMED', 'priceRule'],
    ['a seed below zero', { seed: -1n }, 'OUT_OF_RANGE', 'seed'],
    ['a seed that is too long', { seed: 2n ** 64n }, 'OUT_OF_RANGE', 'seed'],
    ['more than the whole gain', { sellersSharePpm: 1_000_001 }, 'OUT_OF_RANGE', 'sellersSharePpm'],
  ])('under rules with %s is refused by all', (_, change, code, at) => {
    for (const { name } of mechanisms) {
      expect(refusal(name, [], { ...plainRules, ...change })).toMatchObject({ code, at });
    }
  });

  it('of more than 2^53 Wh on a side is refused', () => {
    const largest = order({ energyWh: 2n ** 31n - 1n });
    const most = Array.from({ length: 2 ** 22 + 3 }, () => largest);
    expect(refusal('uniform', most)).toEqual({ code: 'TOO_MANY', at: 2 ** 22, why: 'less than 2^53 Wh on a side' });
  });

  it('without a feeder, or at nodes that are not on it, has no nodal prices', () => {
    const book = [order({})];
    const asked = (market: Market): unknown => mechanismNamed('nodal')!.clear(market, plainRules);
    expect(asked({ book })).toMatchObject({ refusal: { code: 'CONTRADICTION', at: 'feeder' } });
    expect(asked({ book, feeder: { network: narrow, node: [] } })).toMatchObject({ refusal: { code: 'MALFORMED' } });
    for (const node of [-1, 4, 0.5]) {
      const answer = asked({ book, feeder: { network: narrow, node: [node] } });
      expect(answer).toMatchObject({ refusal: { code: 'UNKNOWN_NODE', at: 0 } });
    }
  });

  it('without a seed is refused where lots are drawn, and nowhere else', () => {
    const { seed: _, ...seedless } = plainRules;
    const refusing = mechanisms.filter((one) => !one.clear(marketOf([]), seedless).ok).map(({ name }) => name);
    expect(refusing).toEqual(['sbba', 'muda-lottery', 'muda-vickrey']);
    expect(refusal('sbba', [], seedless)).toEqual({
      code: 'CONTRADICTION',
      at: 'seed',
      why: 'a seed, for lots are drawn',
    });
  });

  const refusing = (book: readonly BookOrder[]): string[] =>
    mechanisms.filter((one) => !one.clear(marketOf(book), plainRules).ok).map(({ name }) => name);

  it('with several orders of an owner is refused where the theorem is about one', () => {
    const twice = [order({}), order({})];
    expect(refusing(twice)).toEqual(['trade-reduction', 'mcafee', 'sbba', 'huang']);
    expect(refusal('mcafee', twice)).toEqual({ code: 'CONTRADICTION', at: 1, why: 'one order per owner' });
  });

  it('with an owner on both sides is refused where the theorem is about one', () => {
    const both = [order({ tick: 4 }), order({ side: 'SELL' })];
    expect(refusing(both)).toEqual([
      'vcg',
      'trade-reduction',
      'mcafee',
      'sbba',
      'huang',
      'muda-lottery',
      'muda-vickrey',
    ]);
    expect(refusal('vcg', both)).toEqual({ code: 'CONTRADICTION', at: 1, why: 'owners who only buy or only sell' });
  });

  it('of unequal orders is refused where the theorem is about units', () => {
    const unequal = [order({}), order({ member: 1, energyWh: 11n })];
    expect(refusing(unequal)).toEqual(['trade-reduction', 'mcafee', 'sbba']);
    expect(refusal('sbba', unequal)).toEqual({ code: 'CONTRADICTION', at: 1, why: 'the same energy in every order' });
  });
});
