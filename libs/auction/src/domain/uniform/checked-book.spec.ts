import type { BookColumns } from '../book/columns.js';
import type { KernelKind } from '../kernels/kernel.js';
import { openKernel } from '../kernels/thread-kernel.js';
import { checkedBook, loadChecked } from './checked-book.js';

const columns = (
  rows: readonly (readonly [member: number, limit: number, wh: number])[],
  change: Partial<BookColumns> = {},
): BookColumns => ({
  count: rows.length,
  member: Int32Array.from(rows, ([member]) => member),
  limit: Uint16Array.from(rows, ([, limit]) => limit),
  wh: Int32Array.from(rows, ([, , wh]) => wh),
  ...change,
});

describe('a book from outside', () => {
  const good: [number, number, number][] = [
    [0, 560, 800],
    [0, 561, 1],
    [3, 0, 2 ** 31 - 1],
  ];

  it('is taken in book order, equal orders too', () => {
    const book = columns([...good, good[2]!]);
    expect(checkedBook(book)).toEqual({ ok: true, value: book });
    expect(checkedBook(columns([])).ok).toBe(true);
  });

  it.each<KernelKind>(['WASM', 'JS'])('is taken into a kernel (%s)', (kind) => {
    const kernel = openKernel(100, kind);
    const many = Array.from({ length: 20 }, (_, i) => [3 + i, 20 * i, 1 + i] as [number, number, number]);
    for (const rows of [good, many, []]) {
      const book = columns(rows);
      expect(loadChecked(kernel, book)).toEqual({ ok: true, value: book });
      expect([...kernel.limit.subarray(0, book.count)]).toEqual([...book.limit]);
      expect([...kernel.wh.subarray(0, book.count)]).toEqual([...book.wh]);
    }
    expect(loadChecked(openKernel(19, kind), columns(many))).toMatchObject({ ok: false, refusal: { at: 'count' } });
  });

  it.each<KernelKind>(['WASM', 'JS'])('is refused at the kernel wherever one order is wrong (%s)', (kind) => {
    const kernel = openKernel(100, kind);
    for (let at = 0; at < 20; at++) {
      for (const [wrong, where] of [
        [[3 + at, 600, 5], at],
        [[3 + at, 0xffff, 5], at],
        [[3 + at, 5, 0], at],
        [[3 + at, 5, -(2 ** 31)], at],
        [[-1, 5, 5], at],
        [[-(2 ** 31), 5, 5], at],
        [[2 ** 31 - 1, 5, 5], at + 1],
      ] as [[number, number, number], number][]) {
        const rows = Array.from({ length: 21 }, (_, i): [number, number, number] => [3 + i, i, 1 + i]).with(at, wrong);
        expect(loadChecked(kernel, columns(rows), 300)).toMatchObject({ ok: false, refusal: { at: where } });
        expect(checkedBook(columns(rows), 300)).toEqual(loadChecked(kernel, columns(rows), 300));
      }
    }
  });

  it.each<[string, BookColumns, string | number]>([
    ['an energy of zero', columns([[0, 1, 0]]), 0],
    ['an energy below zero', columns([[0, 1, -5]]), 0],
    ['a member below zero', columns([[-1, 1, 5]]), 0],
    ['a limit beside the grid', columns([[0, 600, 5]]), 0],
    ['orders out of order', columns([good[1]!, good[0]!]), 1],
    ['too short a column', columns(good, { wh: new Int32Array(2) }), 'columns'],
    ['half an order', columns(good, { count: 0.5 }), 'count'],
    ['100,000,000 orders', columns(good, { count: 1e8 }), 'count'],
  ])('is refused for %s', (_, book, at) => {
    expect(checkedBook(book, 300)).toMatchObject({ ok: false, refusal: { at } });
  });

  it('is refused when a side adds up to 2^53', () => {
    const count = 2 ** 22 + 2;
    const book: BookColumns = {
      count,
      member: new Int32Array(count),
      limit: new Uint16Array(count),
      wh: new Int32Array(count).fill(2 ** 31 - 1),
    };
    expect(checkedBook(book)).toMatchObject({
      ok: false,
      refusal: { code: 'OUT_OF_RANGE', why: 'a side adds up to less than 2^53' },
    });
  });
});
