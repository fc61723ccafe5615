import { goldenCases } from '../../../testing/golden-cases.js';
import { proRata } from './pro-rata.js';

const { uniformPrice, proRata: splits } = goldenCases();

// The auctions themselves are part of `testing/uniform-suite.ts`.
describe('golden splits', () => {
  it('are all there', () => {
    expect([uniformPrice.length, splits.length]).toEqual([7, 2]);
  });

  it.each(splits.map((one) => [one.id, one] as const))('%s', (_, { quantities, available, expect: expected }) => {
    expect(proRata(BigInt(available), quantities.map(BigInt), 0).map(Number)).toEqual(expected.largestRemainder);
  });
});
