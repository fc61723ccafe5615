import fc from 'fast-check';
import type { BookOrder } from '../book/book.js';
import { columnsOf } from '../book/columns.js';
import { remainderLeft, shareOf } from '../kernels/exact-share.js';
import type { KernelKind } from '../kernels/kernel.js';
import { proRata } from '../reference/pro-rata.js';
import { clearUniform } from './clear-uniform.js';

// A margin whose products of energies lie far beyond 2^53, where floating point splits it otherwise.
const runs = { numRuns: Number(process.env['KWARTIER_RUNS'] ?? 1000) };
const energy = fc.oneof(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.integer({ min: 2 ** 31 - 50, max: 2 ** 31 - 1 }));

describe('a share', () => {
  it('is exact however large the product', () => {
    const question = fc
      .record({ energyWh: energy, totalWh: fc.integer({ min: 2 ** 31, max: 2 ** 53 - 1 }) })
      .chain(({ energyWh, totalWh }) =>
        fc.record({
          energyWh: fc.constant(energyWh),
          totalWh: fc.constant(totalWh),
          amountWh: fc.integer({ min: 1, max: totalWh }),
        }),
      );
    fc.assert(
      fc.property(question, ({ energyWh, totalWh, amountWh }) => {
        const product = BigInt(energyWh) * BigInt(amountWh);
        const whole = shareOf(energyWh, amountWh, totalWh, amountWh / totalWh);
        expect([whole, remainderLeft].map(BigInt)).toEqual([product / BigInt(totalWh), product % BigInt(totalWh)]);
      }),
      runs,
    );
  });
});

describe.each<KernelKind>(['WASM', 'JS'])('the %s kernel', (kind) => {
  const split = (amountsWh: readonly number[], entriesWh: readonly number[], tieStart: number): number[] => {
    const buys = amountsWh.map((wh, member): BookOrder => ({ member, side: 'BUY', tick: 9, energyWh: BigInt(wh) }));
    const sells = entriesWh.map((wh, i): BookOrder => ({
      member: buys.length + i,
      side: 'SELL',
      tick: 5,
      energyWh: BigInt(wh),
    }));
    const { fillsWh } = clearUniform(columnsOf([...buys, ...sells]), { priceRule: 'EQUILIBRIUM', tieStart }, kind);
    return [...fillsWh.subarray(buys.length)];
  };

  it('is not taken in by a share that lies closely under a whole Wh', () => {
    const entries = [426_146_747, 1_601_520_124, 1_150_530_803];
    expect(split([1_270_015_561], entries, 0)).toEqual([170_289_282, 639_971_357, 459_754_922]);
  });

  it('splits large margins as the reference does', () => {
    const margin = fc.record({
      entriesWh: fc.array(energy, { minLength: 2, maxLength: 40 }),
      part: fc.integer({ min: 1, max: 999 }),
      odd: fc.nat({ max: 1000 }),
      tieStart: fc.nat(),
    });
    fc.assert(
      fc.property(margin, ({ entriesWh, part, odd, tieStart }) => {
        const totalWh = entriesWh.reduce((sum, wh) => sum + wh, 0);
        let leftWh = Math.max(1, Math.floor((totalWh / 1000) * part) - odd);
        const expected = proRata(BigInt(leftWh), entriesWh.map(BigInt), tieStart).map(Number);
        const amountsWh: number[] = [];
        for (; leftWh > 0; leftWh -= amountsWh.at(-1)!) amountsWh.push(Math.min(leftWh, 2 ** 31 - 1));
        expect(split(amountsWh, entriesWh, tieStart)).toEqual(expected);
      }),
      runs,
    );
  });
});
