import fc from 'fast-check';
import { arbitraryBook, largeBooks, smallBooks } from '../../../testing/arbitrary-book.js';
import { packVarints } from '../../../testing/slow-varints.js';
import { referenceClear } from '../reference/reference-clear.js';
import type { Outcome } from './clearing.js';
import { decodeResult, encodeResult, readResult, resultLeaves, writeResult } from './result-bytes.js';

const book = fc.oneof(arbitraryBook(smallBooks), arbitraryBook(largeBooks));

describe('a packed result', () => {
  it('is read as it was written, and its leaves are its bytes', () => {
    fc.assert(
      fc.property(book, (orders) => {
        const clearing = referenceClear(orders, { priceRule: 'SHARED_MARGIN', tieStart: 0 });
        const { priceTick, volumeWh, fillsWh } = clearing;
        const bytes = encodeResult(clearing);
        expect(decodeResult(bytes, orders.length)).toEqual({ ok: true, value: { priceTick, volumeWh, fillsWh } });
        const leaves = resultLeaves(clearing);
        expect(Uint8Array.from(leaves.flatMap((leaf) => [...leaf]))).toEqual(bytes);
        expect(leaves).toHaveLength(1 + Math.ceil(orders.length / 64));
      }),
    );
  });

  it('is the same in columns', () => {
    const result = { priceTick: 10, volumeWh: 2 ** 40, fillsWh: Int32Array.of(0, 2 ** 31 - 1, 300) };
    expect(writeResult(result)).toEqual(packVarints([11, 2 ** 40, 0, 2 ** 31 - 1, 300]));
    expect(readResult(writeResult(result), 3)).toEqual({ ok: true, value: result });
  });

  it('takes no memory for fills that its bytes cannot hold', () => {
    expect(readResult(packVarints([11, 5, 5]), 2 ** 40)).toMatchObject({ refusal: { why: 'bytes are missing' } });
  });

  it('may hold any price that the format knows', () => {
    expect(decodeResult(packVarints([2 ** 20, 5, 5, 5]), 2)).toMatchObject({ value: { priceTick: 2 ** 20 - 1 } });
  });

  it.each([-1n, 2n ** 31n])('is never written with a fill of %p', (fillWh) => {
    expect(() => encodeResult({ priceTick: 4, volumeWh: 1n, fillsWh: [fillWh, 1n] })).toThrow('Invariant');
  });

  it('tells the lowest price from none', () => {
    const atZero: Outcome = { priceTick: 0, volumeWh: 5n, fillsWh: [5n, 5n] };
    const none: Outcome = { priceTick: undefined, volumeWh: 0n, fillsWh: [0n, 0n] };
    expect(encodeResult(atZero)).toEqual(Uint8Array.of(1, 5, 5, 5));
    expect(encodeResult(none)).toEqual(Uint8Array.of(0, 0, 0, 0));
  });

  it.each<[string, (number | bigint)[], number]>([
    ['bytes are missing', [], 0],
    ['bytes are missing', [0], 1],
    ['bytes are missing', [11, 5, 5], 3],
    ['bytes are left over', [11, 5, 5, 5, 0], 4],
    ['a price without a volume, or a volume without a price', [0, 5, 5, 5], 0],
    ['a price without a volume, or a volume without a price', [11, 0, 0, 0], 0],
    ['a price lies beside every price grid', [2 ** 20 + 1, 5, 5, 5], 0],
    ['a volume is out of range', [11, 2n ** 53n, 5, 5], 1],
    ['a fill is out of range', [11, 5, 5, 2n ** 31n], 3],
  ])('for two orders is refused because %s (%j)', (why, numbers, at) => {
    expect(decodeResult(packVarints(numbers), 2)).toEqual({ ok: false, refusal: { code: 'MALFORMED', at, why } });
  });

  it('is never written with a price for nothing', () => {
    expect(() => encodeResult({ priceTick: 4, volumeWh: 0n, fillsWh: [] })).toThrow('a price exactly where');
  });
});
