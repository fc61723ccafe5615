import fc from 'fast-check';
import {
  allocated,
  arbitraryMarket,
  arbitraryRules,
  arbitrarySteps,
  copperPlate,
  gainOf,
  gainOfOwner,
  plainRules,
  runs,
  type Step,
  ticks,
  withSaid,
} from '../../../testing/mechanisms-markets.js';
import { unitByUnit } from '../../../testing/unit-by-unit.js';
import { type BookOrder, sortBook, sumWh } from '../book/book.js';
import { compareLimits } from './best-first.js';
import type { Mechanism, MechanismRules } from './mechanism.js';
import { mechanisms } from './mechanisms.js';
import { mudaLottery, mudaVickrey } from './muda.js';

const named = mechanisms.map((mechanism) => [mechanism.name, mechanism] as const);
const marketsOf = (mechanism: Mechanism): [fc.Arbitrary<BookOrder[]>, fc.Arbitrary<MechanismRules>] => [
  arbitraryMarket(mechanism.takes),
  arbitraryRules,
];
const ownersOf = (book: readonly BookOrder[], side: 'BUY' | 'SELL'): number =>
  new Set(book.filter((order) => order.side === side).map((order) => order.member)).size;

// Properties answer yes or no instead of calling `expect`, which would cost more than the mechanisms themselves.
describe.each(named)('%s', (_, mechanism) => {
  const { keeps, leastOwners, takes } = mechanism;

  it(`buys what it sells, takes no order beyond its limit, balances its budget: ${keeps.budgetBalance}`, () => {
    let uneven = 0;
    fc.assert(
      fc.property(...marketsOf(mechanism), (book, rules) => {
        const { fillsWh, moneyHalfTickWh, surplusHalfTickWh } = allocated(mechanism, book, rules);
        const signed = (amounts: readonly bigint[]): bigint =>
          sumWh(amounts.map((amount, i) => (book[i]!.side === 'BUY' ? amount : -amount)));
        if (surplusHalfTickWh !== 0n) uneven += 1;
        return (
          signed(fillsWh) === 0n &&
          signed(moneyHalfTickWh) === surplusHalfTickWh &&
          signsAllowed[keeps.budgetBalance].includes(signOf(surplusHalfTickWh)) &&
          book.every(({ side, tick, energyWh }, i) => {
            const atLimit = BigInt(2 * tick) * fillsWh[i]!;
            const rational = side === 'BUY' ? moneyHalfTickWh[i]! <= atLimit : moneyHalfTickWh[i]! >= atLimit;
            return rational && fillsWh[i]! >= 0n && fillsWh[i]! <= energyWh;
          })
        );
      }),
      { numRuns: runs() },
    );
    // It promises no less than it could.
    expect(uneven > 0).toBe(keeps.budgetBalance !== 'EXACT');
  });

  it(`makes of the gain: ${keeps.efficiency}`, () => {
    fc.assert(
      fc.property(...marketsOf(mechanism), (book, rules) => {
        const gain = gainOf(book, allocated(mechanism, book, rules, copperPlate).fillsWh);
        const { welfare, volumeWh } = unitByUnit(book, ticks);
        if (keeps.efficiency === 'ALL') return gain === welfare;
        if (gain < 0n || gain > welfare) return false;
        if (keeps.efficiency === 'LARGE_MARKETS' || volumeWh === 0n) return true;
        const deals = volumeWh / book[0]!.energyWh;
        const [sum, draws] = gainsOverLots(mechanism, book, rules);
        return sum * deals >= welfare * draws * (deals - 1n);
      }),
      { numRuns: runs() },
    );
  });

  it(`trades nothing with fewer than ${leastOwners.buyers} buyers or ${leastOwners.sellers} sellers, and can with so many`, () => {
    fc.assert(
      fc.property(...marketsOf(mechanism), (book, rules) => {
        fc.pre(ownersOf(book, 'BUY') < leastOwners.buyers || ownersOf(book, 'SELL') < leastOwners.sellers);
        return sumWh(allocated(mechanism, book, rules).fillsWh) === 0n;
      }),
      { numRuns: runs() / 10 },
    );
    const agreeing = (['BUY', 'SELL'] as const).flatMap((side) =>
      Array.from({ length: side === 'BUY' ? leastOwners.buyers : leastOwners.sellers }, (__, i): BookOrder => {
        return {
          member: side === 'BUY' ? i : leastOwners.buyers + i,
          side,
          tick: side === 'BUY' ? 5 : 0,
          energyWh: 1n,
        };
      }),
    );
    expect(sumWh(allocated(mechanism, agreeing, plainRules, copperPlate).fillsWh)).toBeGreaterThan(0n);
  });

  it('does not depend on the order of arrival, and moves with its prices', () => {
    const markets = arbitraryMarket(takes).chain((book) =>
      fc.tuple(fc.constant(book), fc.shuffledSubarray(book, { minLength: book.length })),
    );
    fc.assert(
      fc.property(markets, arbitraryRules, fc.nat({ max: 100 }), ([book, arrived], rules, up) => {
        const before = allocated(mechanism, book, rules);
        const raised = arrived.map((order) => ({ ...order, tick: order.tick + up }));
        const after = allocated(mechanism, sortBook(raised), rules);
        return (
          after.surplusHalfTickWh === before.surplusHalfTickWh &&
          book.every((__, i) => {
            const dearer = before.moneyHalfTickWh[i]! + BigInt(2 * up) * before.fillsWh[i]!;
            return after.fillsWh[i] === before.fillsWh[i] && after.moneyHalfTickWh[i] === dearer;
          })
        );
      }),
      { numRuns: runs() },
    );
  });

  it(`is truthful: ${keeps.truthfulness}`, () => {
    // Whoever takes any orders is tried on owners with one.
    const markets = arbitraryMarket(takes === 'ANY' ? 'ONE_ORDER' : takes);
    const saysAnything = keeps.truthfulness === 'LIMIT_AND_ENERGY';
    let worthLying = 0;
    fc.assert(
      fc.property(markets, arbitraryRules, fc.array(arbitrarySteps(0), liesTried), (book, rules, said) => {
        const lies = profitableLies(mechanism, book, rules, saysAnything ? () => said : otherLimits);
        worthLying += lies;
        return lies === 0 || keeps.truthfulness === 'NONE';
      }),
      { numRuns: keeps.truthfulness === 'NONE' ? 200 : runs() },
    );
    expect(worthLying > 0).toBe(keeps.truthfulness === 'NONE');
  });
});

describe('lots', () => {
  it('leave the longer side of MUDA worse served than its best limits would be, in the same halves', () => {
    fc.assert(
      fc.property(arbitraryMarket('ONE_SIDE'), arbitraryRules, (book, rules) => {
        const [byLot, byLimit] = [mudaLottery, mudaVickrey].map((muda) => allocated(muda, book, rules).fillsWh);
        return sumWh(byLot!) === sumWh(byLimit!) && gainOf(book, byLot!) <= gainOf(book, byLimit!);
      }),
      { numRuns: runs() },
    );
  });

  it('never serve an owner a worse order before a better one', () => {
    fc.assert(
      fc.property(arbitraryMarket('ONE_SIDE'), arbitraryRules, (book, rules) => {
        const { fillsWh } = allocated(mudaLottery, book, rules);
        return book.every((worse, i) =>
          book.every((better, j) => {
            const passedOver = better.member === worse.member && compareLimits(better, worse) < 0;
            return !passedOver || fillsWh[i] === 0n || fillsWh[j] === better.energyWh;
          }),
        );
      }),
      { numRuns: runs() },
    );
  });
});

/** Every other limit for an order as it is. */
const otherLimits = (own: readonly BookOrder[]): Step[][] =>
  Array.from({ length: ticks }, (_, tick) => own.map(({ energyWh }) => ({ tick, energyWh })));

const liesTried = { minLength: 4, maxLength: 6 };

/** How many of these lies leave some owner better off than the truth. */
function profitableLies(
  mechanism: Mechanism,
  book: readonly BookOrder[],
  rules: MechanismRules,
  lies: (own: readonly BookOrder[]) => readonly (readonly Step[])[],
): number {
  const honest = allocated(mechanism, book, rules);
  let profitable = 0;
  for (const member of new Set(book.map((order) => order.member))) {
    const own = book.filter((order) => order.member === member);
    const truth = gainOfOwner(member, book, book, honest);
    for (const lie of lies(own)) {
      const said = withSaid(book, member, own[0]!.side, lie);
      if (gainOfOwner(member, book, said, allocated(mechanism, said, rules)) > truth) profitable += 1;
    }
  }
  return profitable;
}

/** The gains of all the ways in which lots can fall, added up, and how many ways there are; each is as likely as another. */
function gainsOverLots(mechanism: Mechanism, book: readonly BookOrder[], rules: MechanismRules): [bigint, bigint] {
  const ways = new Map<string, bigint>();
  for (let seed = 0n; seed < (mechanism.drawsLots ? 60n : 1n); seed += 1n) {
    const { fillsWh } = allocated(mechanism, book, { ...rules, seed });
    ways.set(fillsWh.join(), gainOf(book, fillsWh));
  }
  return [sumWh(ways.values()), BigInt(ways.size)];
}

const signOf = (amount: bigint): number => (amount === 0n ? 0 : amount > 0n ? 1 : -1);
const signsAllowed = { EXACT: [0], SURPLUS: [0, 1], DEFICIT: [0, -1] };
