import fc from 'fast-check';
import { arbitraryMarket, arbitraryRules, plainRules, runs } from '../../../testing/mechanisms-markets.js';
import { story } from '../../../testing/story.js';
import { type BookOrder, sumWh } from '../book/book.js';
import { referenceClear } from '../reference/reference-clear.js';
import { greenAuction, type GreenClearing, type GreenWish } from './green-auction.js';

const clear = (...asked: Parameters<typeof greenAuction>): GreenClearing => {
  const answer = greenAuction(...asked);
  if (!answer.ok) throw new Error(JSON.stringify(answer.refusal));
  return answer.value;
};

describe('green origin', () => {
  const { book, fillsWh } = story(`
    buy  anna   500 Wh @ 300 => 500
    buy  ben    300 Wh @ 300 => 300
    sell carla  400 Wh @ 100 => 400
    sell dora   400 Wh @ 100 => 400
    sell emil   400 Wh @ 200 => 0`);

  it.each<[string, (GreenWish | undefined)[], number | undefined, bigint[]]>([
    [
      'is sold to who wants it, at one premium',
      [{ premiumTick: 20 }, undefined, { premiumTick: 4 }, { premiumTick: 10 }, { premiumTick: 0 }],
      // 100 Wh of dora's 400 settle it: 10.
      10,
      [500n, 0n, 400n, 100n, 0n],
    ],
    [
      'is never more than what was filled, nor than what is wished',
      [
        { premiumTick: 20, mostWh: 200n },
        { premiumTick: 20 },
        { premiumTick: 4 },
        { premiumTick: 4, mostWh: 50n },
        undefined,
      ],
      20,
      [180n, 270n, 400n, 50n, 0n],
    ],
    [
      'has no premium when nobody agrees',
      [{ premiumTick: 3 }, undefined, { premiumTick: 4 }, undefined, undefined],
      undefined,
      [0n, 0n, 0n, 0n, 0n],
    ],
    [
      'has no premium when nobody wishes',
      [undefined, undefined, undefined, undefined, undefined],
      undefined,
      [0n, 0n, 0n, 0n, 0n],
    ],
    [
      'is nothing where the wish is for nothing',
      [{ premiumTick: 9, mostWh: 0n }, undefined, { premiumTick: 4 }, undefined, undefined],
      undefined,
      [0n, 0n, 0n, 0n, 0n],
    ],
  ])('%s', (_, wishes, premiumTick, greenWh) => {
    const green = clear(book, fillsWh, wishes, plainRules);
    expect(green).toEqual({ premiumTick, greenWh, volumeWh: greenWh[0]! + greenWh[1]! });
  });

  it('stays within fills, wishes and premiums, and is sold as often as bought', () => {
    fc.assert(
      fc.property(wishedFor, arbitraryRules, ([orders, wishes], rules) => {
        const fills = referenceClear(orders, rules).fillsWh;
        const { premiumTick, greenWh, volumeWh } = clear(orders, fills, wishes, rules);
        for (const side of ['BUY', 'SELL']) {
          expect(sumWh(greenWh.filter((__, i) => orders[i]!.side === side))).toBe(volumeWh);
        }
        orders.forEach(({ side }, i) => {
          const wish = wishes[i];
          const mostWh = wish ? (wish.mostWh ?? fills[i]!) : 0n;
          expect(greenWh[i]! >= 0n && greenWh[i]! <= fills[i]! && greenWh[i]! <= mostWh).toBe(true);
          if (greenWh[i] === 0n) return;
          expect(side === 'BUY' ? wish!.premiumTick >= premiumTick! : wish!.premiumTick <= premiumTick!).toBe(true);
        });
      }),
      { numRuns: runs() },
    );
  });

  it('is the uniform auction of the fills when all of them are wished for at their limits', () => {
    fc.assert(
      fc.property(arbitraryMarket('ANY'), arbitraryRules, (orders, rules) => {
        const {
          fillsWh: fills,
          priceTick,
          volumeWh,
        } = referenceClear(orders, { ...rules, priceRule: 'SHARED_MARGIN' });
        const wishes = orders.map(({ tick }): GreenWish => ({ premiumTick: tick }));
        const green = clear(orders, fills, wishes, { ...rules, priceRule: 'SHARED_MARGIN' });
        expect(green).toEqual({ greenWh: fills, premiumTick: priceTick, volumeWh });
      }),
      { numRuns: runs() },
    );
  });

  const none = book.map(() => undefined);
  it.each<[string, readonly BookOrder[], readonly bigint[], readonly (GreenWish | undefined)[], string | number]>([
    ['too few fills', book, [1n], none, 'fillsWh'],
    ['too few wishes', book, fillsWh, [], 'wishes'],
    ['a fill beyond the order', book, fillsWh.with(1, 301n), none, 1],
    ['a negative fill', book, fillsWh.with(1, -1n), none, 1],
    ['a premium below the grid', book, fillsWh, none.with(2, { premiumTick: -1 } as never), 2],
    ['a premium above the grid', book, fillsWh, none.with(2, { premiumTick: 8192 } as never), 2],
    ['a negative wish', book, fillsWh, none.with(2, { premiumTick: 0, mostWh: -1n } as never), 2],
    ['an order of nothing', [{ ...book[0]!, energyWh: 0n }], [0n], [undefined], 0],
  ])('is refused with %s', (_, orders, fills, wishes, at) => {
    expect(greenAuction(orders, fills, wishes, plainRules)).toMatchObject({ ok: false, refusal: { at } });
  });

  it('is refused where ties are counted from nowhere', () => {
    const rules = { ...plainRules, tieStart: -1 };
    expect(greenAuction(book, fillsWh, none, rules)).toMatchObject({ ok: false, refusal: { at: 'tieStart' } });
  });
});

const wish = fc.option(
  fc.record(
    { premiumTick: fc.nat({ max: 5 }), mostWh: fc.bigInt({ min: 0n, max: 4n }) },
    { requiredKeys: ['premiumTick'] },
  ),
  { nil: undefined },
);
const wishedFor = arbitraryMarket('ANY').chain((orders) =>
  fc.tuple(fc.constant(orders), fc.array(wish, { minLength: orders.length, maxLength: orders.length })),
);
