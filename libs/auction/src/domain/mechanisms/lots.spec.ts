import fc from 'fast-check';
import { drawn, lotsFrom } from './lots.js';

const seed = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const members = fc.uniqueArray(fc.nat({ max: 2 ** 31 - 1 }), { maxLength: 40 });

describe('lots', () => {
  it('are the same for the same seed, whoever else draws', () => {
    fc.assert(
      fc.property(seed, members, fc.nat({ max: 39 }), (from, all, without) => {
        const left = all[without];
        expect(drawn(all.toReversed(), from, 1n)).toEqual(drawn(all, from, 1n));
        expect(drawn(all, from, 1n).filter((member) => member !== left)).toEqual(
          drawn(
            all.filter((member) => member !== left),
            from,
            1n,
          ),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('are never alike, and from 0 to 2^64 - 1', () => {
    fc.assert(
      fc.property(seed, members, (from, all) => {
        const lots = all.map(lotsFrom(from, 2n));
        expect(new Set(lots).size).toBe(all.length);
        expect(lots.every((lot) => lot >= 0n && lot < 2n ** 64n)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  // Worked out elsewhere, by the three lines of SplitMix64.
  it('stay what they are: a replay draws them again', () => {
    expect([0, 1, 2 ** 31 - 1].map(lotsFrom(7n, 1n))).toEqual([
      8409816773569330625n,
      370462283941081367n,
      17571613682697844527n,
    ]);
    expect(drawn([0, 1, 2, 3, 4, 5], 7n, 1n)).not.toEqual(drawn([0, 1, 2, 3, 4, 5], 7n, 2n));
  });

  it('fall evenly: each of five members is the first of a thousand draws about two hundred times', () => {
    const firsts = [0, 0, 0, 0, 0];
    for (let from = 0n; from < 1000n; from += 1n) firsts[drawn([0, 1, 2, 3, 4], from, 1n)[0]!]! += 1;
    // Five standard deviations.
    for (const times of firsts) expect(Math.abs(times - 200)).toBeLessThan(64);
  });
});
