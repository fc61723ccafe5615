import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { shareOut } from './share.js';

interface Golden {
  readonly quantities: readonly number[];
  readonly available: number;
  readonly expect: { readonly largestRemainder: readonly number[] };
}

const total = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);

/** One unit after another to whoever has been given least for what they are due, first from `start` on among equals. */
function oneByOne(amount: bigint, weights: readonly bigint[], start: number): bigint[] {
  const sum = total(weights);
  const shares = weights.map((weight) => (amount * weight) / sum);
  const fromStart = weights.map((_, i) => (start + i) % weights.length);
  const waiting = new Set(weights.keys());
  for (let left = amount - total(shares); left > 0n; left -= 1n) {
    const owed = (i: number): bigint => amount * weights[i]! - ((amount * weights[i]!) / sum) * sum;
    const next = fromStart.filter((i) => waiting.has(i)).reduce((best, i) => (owed(i) > owed(best) ? i : best));
    shares[next]! += 1n;
    waiting.delete(next);
  }
  return shares;
}

const weights = fc
  .array(fc.oneof(fc.bigInt({ min: 0n, max: 5n }), fc.bigInt({ min: 0n, max: 2n ** 63n })), {
    minLength: 1,
    maxLength: 12,
  })
  .filter((all) => total(all) > 0n);

describe('shares', () => {
  it('add up to what was shared, each within a unit of its exact part', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n }), weights, fc.nat(), (amount, all, start) => {
        const shares = shareOut(amount, all, start);
        expect(total(shares)).toBe(amount);
        shares.forEach((share, i) => {
          const off = share * total(all) - amount * all[i]!;
          expect(off > -total(all) && off < total(all)).toBe(true);
        });
      }),
    );
  });

  it('are what handing out one unit after another gives, wherever one starts', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10_000n }), weights, fc.nat(), (amount, all, start) => {
        expect(shareOut(amount, all, start)).toEqual(oneByOne(amount, all, start));
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['prorata-cme-gez9', 'prorata-2p53'])('agree with the golden case %s', (name) => {
    const golden = JSON.parse(readFileSync(`test/golden/auction/${name}.json`, 'utf8')) as Golden;
    const shares = shareOut(BigInt(golden.available), golden.quantities.map(BigInt));
    expect(shares.map(Number)).toEqual(golden.expect.largestRemainder);
  });

  it('move round with a start beyond the last place, such as the number of an interval', () => {
    const oddUnitGoesTo = (start: number): number => shareOut(4n, [1n, 1n, 1n], start).indexOf(2n);
    expect([0, 1, 2, 3, 4, 1_983_648].map(oddUnitGoesTo)).toEqual([0, 1, 2, 0, 1, 0]);
  });

  it('of nothing are nothing, even among nobody', () => {
    expect(shareOut(0n, [0n, 0n])).toEqual([0n, 0n]);
    expect(shareOut(0n, [])).toEqual([]);
  });

  it.each<[string, bigint, bigint[]]>([
    ['something among nobody', 1n, []],
    ['something among those who are due nothing', 1n, [0n, 0n]],
    ['less than nothing', -1n, [1n]],
    ['by a negative weight', 1n, [2n, -1n]],
  ])('cannot be made of %s', (_, amount, all) => {
    expect(() => shareOut(amount, all)).toThrow('Invariant broken');
  });
});
