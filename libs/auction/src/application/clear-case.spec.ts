import fc from 'fast-check';
import { arbitraryBook, smallBooks } from '../../testing/arbitrary-book.js';
import { runs } from '../../testing/mechanisms-markets.js';
import type { BookOrder } from '../domain/book/book.js';
import type { ClearingRules } from '../domain/book/clearing.js';
import { referenceClear } from '../domain/reference/reference-clear.js';
import type { CaseResult } from './case-result.js';
import { clearCase } from './clear-case.js';

const arbitraryRules: fc.Arbitrary<ClearingRules> = fc.record({
  priceRule: fc.constantFrom('EQUILIBRIUM', 'SHARED_MARGIN'),
  tieStart: fc.nat(),
});

const asked = ({ member, side, tick, energyWh }: BookOrder, place: number) => ({
  id: `order ${place}`,
  owner: `home ${member}`,
  side: side.toLowerCase(),
  qty: Number(energyWh),
  price: tick,
});

function resultOf(auctionCase: unknown): CaseResult {
  const cleared = clearCase(auctionCase);
  if (!cleared.ok) throw new Error(JSON.stringify(cleared.refusal));
  return cleared.value.result;
}

it('an interval of the market comes out again', () => {
  fc.assert(
    fc.property(arbitraryBook(smallBooks), arbitraryRules, (book, rules) => {
      const { priceTick, volumeWh, fillsWh } = referenceClear(book, rules);
      const fills = Object.fromEntries(fillsWh.map((fillWh, i) => [`order ${i}`, Number(fillWh)]));
      expect(resultOf({ mechanism: 'uniform', orders: book.map(asked), ...rules })).toMatchObject({
        volume: Number(volumeWh),
        price: priceTick ?? null,
        fills,
      });
    }),
    { numRuns: runs() },
  );
});

it('how large one unit is moves no price and no number of deals, only the sums', () => {
  const sums = ['maxGainFromTrade', 'auctioneerSurplus'];
  const inTens = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (key, one: unknown) => (sums.includes(key) ? Number(one) * 10 + 0 : one));
  const arbitraryPrices = fc.array(fc.record({ side: fc.constantFrom('buy', 'sell'), price: fc.nat({ max: 9 }) }), {
    maxLength: 10,
  });
  fc.assert(
    fc.property(arbitraryPrices, (prices) => {
      const of = (qty: number): CaseResult =>
        resultOf({
          mechanism: 'unit-demand truthful',
          orders: prices.map((order, i) => ({ ...order, id: `${i}`, qty })),
        });
      expect(of(10)).toEqual(inTens(of(1)));
    }),
    { numRuns: runs() },
  );
});
