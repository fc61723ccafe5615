import fc from 'fast-check';
import { arbitraryBook, type BookShape, largeBooks, smallBooks } from '../../../testing/arbitrary-book.js';
import { type Clear, uniformAuction } from '../../../testing/uniform-suite.js';
import type { Clearing, ClearingRules, PriceRule } from '../book/clearing.js';
import { type ClearingColumns, columnsOf } from '../book/columns.js';
import type { KernelKind } from '../kernels/kernel.js';
import { openKernel } from '../kernels/thread-kernel.js';
import { referenceClear } from '../reference/reference-clear.js';
import { clearUniform } from './clear-uniform.js';

const runs = { numRuns: Number(process.env['KWARTIER_RUNS'] ?? 1000) };
const rules: fc.Arbitrary<ClearingRules> = fc.record({
  priceRule: fc.constantFrom<PriceRule>('EQUILIBRIUM', 'SHARED_MARGIN'),
  tieStart: fc.nat(),
});

const inWords = (clearing: ClearingColumns): Clearing => ({
  ...clearing,
  volumeWh: BigInt(clearing.volumeWh),
  fillsWh: Array.from(clearing.fillsWh, BigInt),
});

const clearOn =
  (kind: KernelKind): Clear =>
  (book, rule) =>
    inWords(clearUniform(columnsOf(book), rule, kind));

describe.each<KernelKind>(['WASM', 'JS'])('the %s kernel', (kind) => {
  it('is there', () => {
    expect(openKernel(1, kind).kind).toBe(kind);
  });

  uniformAuction(clearOn(kind));

  it.each<[string, BookShape]>([
    ['small books', smallBooks],
    ['large books', largeBooks],
    ['one tick, wide energies', { orders: 60, ticks: 1, mostWh: 2n ** 31n - 1n }],
    ['tariffs', { orders: 200, ticks: 3, mostWh: 40n }],
    ['two buckets', { orders: 80, ticks: 130, mostWh: 9n }],
  ])('clears as the reference does: %s', (_, shape) => {
    fc.assert(
      fc.property(arbitraryBook(shape), rules, (orders, rule) => {
        expect(clearOn(kind)(orders, rule)).toEqual(referenceClear(orders, rule));
      }),
      runs,
    );
  });
});
