import fc from 'fast-check';
import { runs } from '../../../testing/mechanisms-markets.js';
import { sumWh } from '../book/book.js';
import { split, type SplitRule } from './split-rules.js';

const entries = fc.array(fc.oneof(fc.bigInt({ min: 1n, max: 9n }), fc.bigInt({ min: 1n, max: 2n ** 60n })), {
  minLength: 1,
  maxLength: 20,
});

describe.each<[SplitRule]>([['LARGEST_REMAINDER'], ['CUMULATIVE'], ['FLOOR']])('%s', (rule) => {
  it('leaves nobody a whole Wh away from their share', () => {
    fc.assert(
      fc.property(entries, fc.nat({ max: 1000 }), fc.nat(), (entriesWh, thousandths, tieStart) => {
        const totalWh = sumWh(entriesWh);
        const amountWh = (totalWh * BigInt(thousandths)) / 1000n;
        const answer = split(rule, amountWh, entriesWh, tieStart);
        if (!answer.ok) throw new Error(answer.refusal.why);
        const oddWh = amountWh - sumWh(answer.value);
        expect(rule === 'FLOOR' ? oddWh >= 0n && oddWh < entriesWh.length : oddWh === 0n).toBe(true);
        answer.value.forEach((shareWh, i) => {
          const off = shareWh * totalWh - amountWh * entriesWh[i]!;
          expect(off < totalWh && -off < totalWh).toBe(true);
          expect(shareWh >= 0n && shareWh <= entriesWh[i]!).toBe(true);
        });
      }),
      { numRuns: runs() },
    );
  });

  it.each<[string, bigint, bigint[], number, string, string | number]>([
    ['more than all', 6n, [2n, 3n], 0, 'OUT_OF_RANGE', 'amountWh'],
    ['less than nothing', -1n, [2n, 3n], 0, 'OUT_OF_RANGE', 'amountWh'],
    ['an entry of nothing', 1n, [2n, 0n], 0, 'OUT_OF_RANGE', 1],
    ['half a place', 1n, [2n], 0.5, 'OUT_OF_RANGE', 'tieStart'],
  ])('refuses %s', (_, amountWh, entriesWh, tieStart, code, at) => {
    expect(split(rule, amountWh, entriesWh, tieStart)).toMatchObject({ ok: false, refusal: { code, at } });
  });

  it('splits nothing among nobody', () => {
    expect(split(rule, 0n, [], 0)).toEqual({ ok: true, value: [] });
  });
});

it('another rule is refused', () => {
  expect(split('CEILING' as 'FLOOR', 1n, [1n], 0)).toMatchObject({ refusal: { code: 'MALFORMED', at: 'rule' } });
});
