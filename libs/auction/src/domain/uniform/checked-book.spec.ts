import type { BookColumns } from '../book/columns.js';
import { checkedBook } from './checked-book.js';

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
