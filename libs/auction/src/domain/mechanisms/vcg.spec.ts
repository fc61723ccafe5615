import fc from 'fast-check';
import {
  allocated,
  arbitraryMarket,
  arbitraryRules,
  gainOf,
  runs,
  ticks,
} from '../../../testing/mechanisms-markets.js';
import { unitByUnit } from '../../../testing/unit-by-unit.js';
import { vcg } from './vcg.js';

it('every owner leaves the others as well off as they would be without them', () => {
  fc.assert(
    fc.property(arbitraryMarket('ONE_SIDE'), arbitraryRules, (book, rules) => {
      const { fillsWh, moneyHalfTickWh } = allocated(vcg, book, rules);
      const sumOver = (amounts: readonly bigint[], member: number): bigint =>
        amounts.reduce((sum, amount, i) => (book[i]!.member === member ? sum + amount : sum), 0n);
      for (const member of new Set(book.map((order) => order.member))) {
        const others = book.filter((order) => order.member !== member);
        const gainOfOthers = gainOf(
          others,
          fillsWh.filter((_, i) => book[i]!.member !== member),
        );
        const without = unitByUnit(others, ticks).welfare;
        const buys = book.find((order) => order.member === member)!.side === 'BUY';
        const payment = sumOver(moneyHalfTickWh, member);
        expect(buys ? payment : -payment).toBe(2n * (without - gainOfOthers));
      }
    }),
    { numRuns: runs() },
  );
});
