import fc from 'fast-check';
import { allocated, gainOfOwner, plainRules, runs, ticks, withSaid } from '../../../testing/mechanisms-markets.js';
import { story } from '../../../testing/story.js';
import { sumWh } from '../book/book.js';
import { equalParts, huang } from './huang.js';

it('a seller who joins a tie does not change who of the others comes first', () => {
  const { book } = story(`
    sell anna   2 Wh @ 1 => 0
    buy  ben    2 Wh @ 1 => 0
    buy  carla  3 Wh @ 1 => 0
    sell dora   1 Wh @ 1 => 0
    sell emil   3 Wh @ 0 => 0`);
  const emil = 4;
  for (let tieStart = 0; tieStart < 12; tieStart += 1) {
    const rules = { ...plainRules, tieStart };
    const honest = gainOfOwner(emil, book, book, allocated(huang, book, rules));
    for (let tick = 0; tick < ticks; tick += 1) {
      const said = withSaid(book, emil, 'SELL', [{ tick, energyWh: 3n }]);
      expect(gainOfOwner(emil, book, said, allocated(huang, said, rules))).toBeLessThanOrEqual(honest);
    }
  }
});

describe('equal parts', () => {
  it.each<[bigint, bigint[], number, bigint[]]>([
    [8n, [9n, 9n], 0, [4n, 4n]],
    [7n, [9n, 9n], 0, [4n, 3n]],
    [7n, [9n, 9n], 1, [3n, 4n]],
    [9n, [2n, 9n, 9n], 0, [2n, 4n, 3n]],
    [5n, [2n, 9n, 9n], 0, [2n, 2n, 1n]],
    [20n, [2n, 9n, 9n], 0, [2n, 9n, 9n]],
    [0n, [2n, 9n], 0, [0n, 0n]],
    [0n, [], 0, []],
  ])('of %s among %s from %s: %s', (amountWh, entriesWh, tieStart, parts) => {
    expect(equalParts(amountWh, entriesWh, tieStart)).toEqual(parts);
  });

  it('add up, and are equal to a Wh among all who have so much', () => {
    const entries = fc.array(fc.bigInt({ min: 1n, max: 12n }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(entries, fc.nat({ max: 1000 }), fc.nat(), (entriesWh, thousandths, tieStart) => {
        const amountWh = (sumWh(entriesWh) * BigInt(thousandths)) / 1000n;
        const parts = equalParts(amountWh, entriesWh, tieStart);
        expect(sumWh(parts)).toBe(amountWh);
        const most = parts.reduce((a, b) => (a > b ? a : b));
        parts.forEach((part, i) => {
          expect(part >= 0n && part <= entriesWh[i]!).toBe(true);
          expect(part === entriesWh[i] || part >= most - 1n).toBe(true);
        });
      }),
      { numRuns: runs() },
    );
  });
});
