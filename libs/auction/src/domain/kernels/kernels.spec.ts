import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { proRata } from '../reference/pro-rata.js';
import { remainderLeft, shareOf } from './exact-share.js';
import { equalsFavoured, type Kernel, type KernelKind, lastRemainder } from './kernel.js';
import { openKernel, threadKernel } from './thread-kernel.js';

const runs = { numRuns: Number(process.env['KWARTIER_RUNS'] ?? 1000) };

it('the compiled kernels are those of the source', () => {
  const compiled = execFileSync(process.execPath, ['scripts/build-kernels.mjs', '--print']).toString();
  const carried = readFileSync(join(process.cwd(), 'libs/auction/src/domain/kernels/kernels.wasm.ts'), 'utf8');
  expect(carried).toBe(compiled);
});

describe('a share', () => {
  const most = 2 ** 53 - 1;
  const split = fc
    .tuple(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.maxSafeInteger().map(Math.abs))
    .filter(([energyWh, totalWh]) => totalWh >= energyWh)
    .chain(([energyWh, totalWh]) => fc.tuple(fc.constant(energyWh), fc.nat({ max: totalWh }), fc.constant(totalWh)));

  it('is exact although the product passes 2^53', () => {
    fc.assert(
      fc.property(split, ([energyWh, amountWh, totalWh]) => {
        const whole = shareOf(energyWh, amountWh, totalWh, amountWh / totalWh);
        const product = BigInt(energyWh) * BigInt(amountWh);
        expect([BigInt(whole), BigInt(remainderLeft)]).toEqual([product / BigInt(totalWh), product % BigInt(totalWh)]);
      }),
      { numRuns: 10 * runs.numRuns },
    );
  });

  it.each([
    [2 ** 31 - 1, most - 1, most],
    [2 ** 31 - 1, most, most],
    [2 ** 31 - 1, (most - 1) / 2, most],
    [1, most - 1, most],
    [426_146_747, 1_270_015_561, 3_178_197_674],
  ])('of %p in %p out of %p Wh is exact', (energyWh, amountWh, totalWh) => {
    const whole = shareOf(energyWh, amountWh, totalWh, amountWh / totalWh);
    const product = BigInt(energyWh) * BigInt(amountWh);
    expect([BigInt(whole), BigInt(remainderLeft)]).toEqual([product / BigInt(totalWh), product % BigInt(totalWh)]);
  });
});

describe.each<KernelKind>(['WASM', 'JS'])('a margin on the %s kernel', (kind) => {
  const kernel = openKernel(5000, kind);
  const entriesOf = (most: number): fc.Arbitrary<number[]> =>
    fc.array(fc.integer({ min: 1, max: most }), { minLength: 1, maxLength: 40 });

  it.each([
    ['small energies, with many ties', 5],
    ['energies to the limit, with products beyond 2^53', 2 ** 31 - 1],
  ])('is split as the reference does: %s', (_, most) => {
    const margin = entriesOf(most).chain((all) =>
      fc.tuple(fc.constant(all), fc.nat({ max: all.reduce((sum, one) => sum + one, 0) }), fc.nat()),
    );
    fc.assert(
      fc.property(margin, ([all, amountWh, tieStart]) => {
        expect(split(kernel, all, amountWh, tieStart)).toEqual(
          proRata(BigInt(amountWh), all.map(BigInt), tieStart).map(Number),
        );
      }),
      runs,
    );
  });

  it('of thousands is split as the reference does, remainders close together and far apart', () => {
    const shapes = [
      (i: number) => 1 + ((i * 7919) % 1000),
      (i: number) => 2 ** (i % 31),
      (i: number) => 2 ** 31 - 1 - (i % 3),
    ];
    for (const shape of shapes) {
      const all = Array.from({ length: 5000 }, (_, i) => Math.min(2 ** 31 - 1, shape(i)));
      const totalWh = all.reduce((sum, one) => sum + one, 0);
      for (const amountWh of [1, Math.floor(totalWh / 3), totalWh - 1]) {
        expect(split(kernel, all, amountWh, 4321)).toEqual(
          proRata(BigInt(amountWh), all.map(BigInt), 4321).map(Number),
        );
      }
    }
  });
});

function split(kernel: Kernel, all: readonly number[], amountWh: number, tieStart: number): number[] {
  kernel.wh.set(all);
  kernel.limit.fill(0, 0, all.length).fill(0xffff, all.length, all.length + 8);
  const count = kernel.collect(all.length, 0);
  kernel.share(
    count,
    amountWh,
    all.reduce((sum, one) => sum + one, 0),
  );
  const times = kernel.found[equalsFavoured]!;
  if (times > 0) kernel.favour(count, tieStart % count, kernel.found[lastRemainder]!, times);
  return Array.from(kernel.fillsWh.subarray(0, count));
}

it('a thread has one kernel, and a larger one when a larger book comes', () => {
  const one = threadKernel(10);
  expect(threadKernel(one.capacity)).toBe(one);
  const larger = threadKernel(one.capacity + 1);
  expect(larger.capacity).toBeGreaterThan(one.capacity);
  expect(threadKernel(10)).toBe(larger);
});
