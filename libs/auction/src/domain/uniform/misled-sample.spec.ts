import { type BookColumns, ordersOf } from '../book/columns.js';
import type { KernelKind } from '../kernels/kernel.js';
import { referenceClear } from '../reference/reference-clear.js';
import { clearUniform } from './clear-uniform.js';

// A large book is looked at through a sample first, eight neighbours at a time. Here every so many orders eight lie somewhere else than all
// others, so that for one of the distances the sample sees nothing but them.
const count = 20_000;
const rules = { priceRule: 'EQUILIBRIUM', tieStart: 3 } as const;

function book(distance: number, elsewhere: number, others: number): BookColumns {
  const columns = { count, member: new Int32Array(count), limit: new Uint16Array(count), wh: new Int32Array(count) };
  for (let i = 0; i < count; i += 1) {
    const middle = i % distance < 8 ? elsewhere : others;
    const isSell = i % 2 === 1;
    columns.member[i] = i;
    columns.limit[i] = (middle + ((i * 7) % 200)) * 2 + (isSell ? 1 : 0);
    columns.wh[i] = 1 + ((i * 31) % 997);
  }
  return columns;
}

describe.each<KernelKind>(['WASM', 'JS'])('the %s kernel', (kind) => {
  it.each([
    ['above', 6000, 1000],
    ['below', 1000, 6000],
  ])('is not misled by a sample from %s', (_, elsewhere, others) => {
    for (let distance = 16; distance <= 32; distance += 8) {
      const columns = book(distance, elsewhere, others);
      const { fillsWh, volumeWh, ...ticks } = referenceClear(ordersOf(columns), rules);
      const found = clearUniform(columns, rules, kind);
      expect(found).toEqual({ ...ticks, volumeWh: Number(volumeWh), fillsWh: Int32Array.from(fillsWh, Number) });
    }
  });
});
