import fc from 'fast-check';
import { proRata } from './pro-rata.js';

const entries = fc.array(fc.bigInt({ min: 1n, max: 2n ** 31n - 1n }), { minLength: 1, maxLength: 20 });
const total = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);

describe('pro rata', () => {
  it('gives everything away, each within one Wh of its exact share', () => {
    const split = entries.chain((all) => fc.tuple(fc.constant(all), fc.bigInt({ min: 0n, max: total(all) }), fc.nat()));
    fc.assert(
      fc.property(split, ([all, amount, tieStart]) => {
        const shares = proRata(amount, all, tieStart);
        expect(total(shares)).toBe(amount);
        shares.forEach((share, i) => {
          const off = share * total(all) - amount * all[i]!;
          expect(off > -total(all) && off < total(all)).toBe(true);
          expect(share <= all[i]!).toBe(true);
        });
      }),
    );
  });

  it.each([
    ['the first ones', 0, [3n, 3n, 2n, 2n]],
    ['the second and third', 1, [2n, 3n, 3n, 2n]],
    ['round the end', 3, [3n, 2n, 2n, 3n]],
    ['and from the first again', 4, [3n, 3n, 2n, 2n]],
  ])('hands what is left over among equals to %s', (_, tieStart, shares) => {
    expect(proRata(10n, [5n, 5n, 5n, 5n], tieStart)).toEqual(shares);
  });

  it('minds the remainder before the place', () => {
    expect(proRata(5n, [1n, 2n, 3n], 0)).toEqual([1n, 2n, 2n]);
    expect(proRata(4n, [1n, 1n, 3n], 0)).toEqual([1n, 1n, 2n]);
  });

  it('is not taken in by a share that lies so closely under a whole Wh that floating point cannot see it', () => {
    // 426,146,747 x 1,270,015,561 is one short of a multiple of the total.
    const all = [426_146_747n, 1_601_520_124n, 1_150_530_803n];
    expect(proRata(1_270_015_561n, all, 0)).toEqual([170_289_282n, 639_971_357n, 459_754_922n]);
  });
});
