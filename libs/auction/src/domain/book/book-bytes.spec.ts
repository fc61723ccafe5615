import fc from 'fast-check';
import { arbitraryBook, largeBooks, smallBooks } from '../../../testing/arbitrary-book.js';
import { damaged, slowBook } from '../../../testing/slow-codecs.js';
import { packVarints } from '../../../testing/slow-varints.js';
import { type BookOrder, membersOf } from './book.js';
import { bookLeaves, decodeBook, encodeBook, readBook, writeBook } from './book-bytes.js';
import { columnsOf } from './columns.js';

const tickCount = 8192;
const book = fc.oneof(arbitraryBook(smallBooks), arbitraryBook(largeBooks));
const runs = { numRuns: Number(process.env['KWARTIER_RUNS'] ?? 1000) };
const order = (change: Partial<BookOrder> = {}): BookOrder => ({
  member: 3,
  side: 'BUY',
  tick: 280,
  energyWh: 800n,
  ...change,
});

describe('a packed book', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(book, (orders) => {
        expect(decodeBook(encodeBook(orders), tickCount)).toEqual({ ok: true, value: orders });
      }),
    );
  });

  it('is the same in columns', () => {
    fc.assert(
      fc.property(book, (orders) => {
        const columns = columnsOf(orders);
        expect(writeBook(columns)).toEqual(encodeBook(orders));
        expect(readBook(writeBook(columns), tickCount)).toEqual({ ok: true, value: columns });
      }),
    );
  });

  it('is accepted, and refused, as the obvious reader does', () => {
    const nearly = fc.tuple(arbitraryBook(smallBooks), fc.nat(3), fc.nat(), fc.nat(255));
    fc.assert(
      fc.property(nearly, ([orders, kind, at, byte]) => {
        const bytes = damaged(encodeBook(orders), kind, at, byte);
        const read = decodeBook(bytes, smallBooks.ticks);
        expect(read.ok ? read.value : undefined).toEqual(slowBook(bytes, smallBooks.ticks));
      }),
      runs,
    );
  });

  it('takes no more memory than its bytes can fill', () => {
    const hostile = Uint8Array.from({ length: 3000 }, (_, i) => (i % 3 === 2 ? 1 : 0));
    const read = readBook(hostile, tickCount);
    expect(read.ok && [read.value.count, read.value.member.buffer.byteLength]).toEqual([1000, 4000]);
  });

  it('has one spelling: changed bytes are another book or none', () => {
    fc.assert(
      fc.property(arbitraryBook(smallBooks), fc.nat(), fc.integer({ min: 1, max: 255 }), (orders, at, flip) => {
        fc.pre(orders.length > 0);
        const changed = encodeBook(orders);
        changed[at % changed.length]! ^= flip;
        const decoded = decodeBook(changed, tickCount);
        expect(decoded).not.toEqual({ ok: true, value: orders });
        expect(decoded.ok ? encodeBook(decoded.value) : changed).toEqual(changed);
      }),
      runs,
    );
  });

  it('holds the widest numbers', () => {
    const widest = [order({ member: 2 ** 31 - 1, side: 'SELL', tick: tickCount - 1, energyWh: 2n ** 31n - 1n })];
    expect(decodeBook(encodeBook(widest), tickCount)).toEqual({ ok: true, value: widest });
  });

  // Each order: the step to its member, limit and side, energy.
  it.each<[string, (number | bigint)[], number]>([
    ['bytes are missing', [3, 560], 3],
    ['bytes are missing', [3, 560, 5, 1], 5],
    ['a limit lies beside the price grid', [3, 2 * 8192, 5], 0],
    ['an energy is out of range', [3, 560, 0], 0],
    ['an energy is out of range', [3, 560, 2n ** 31n], 0],
    ['a member is out of range', [2n ** 31n, 560, 5], 0],
    ['a member is out of range', [3, 560, 5, 2n ** 31n - 3n, 560, 5], 4],
    ['a member is out of range', [3, 560, 5, 2n ** 64n - 1n, 560, 5], 4],
    ['orders are not in book order', [3, 560, 5, 0, 558, 5], 4],
    ['orders are not in book order', [3, 561, 5, 0, 560, 5], 4],
    ['orders are not in book order', [3, 560, 5, 0, 560, 4], 4],
  ])('is refused because %s (%j)', (why, numbers, at) => {
    expect(decodeBook(packVarints(numbers), tickCount)).toEqual({ ok: false, refusal: { code: 'MALFORMED', at, why } });
  });

  it('may hold equal orders, and several of one member', () => {
    const twice = [order(), order(), order({ side: 'SELL', tick: 300 })];
    expect(decodeBook(encodeBook(twice), tickCount)).toEqual({ ok: true, value: twice });
    expect(membersOf(twice)).toEqual([3]);
  });

  it.each<[string, BookOrder[]]>([
    ['out of order', [order({ member: 4 }), order()]],
    ['without energy', [order({ energyWh: 0n })]],
    ['with half a tick', [order({ tick: 0.5 })]],
    ['with a member below zero', [order({ member: -1 })]],
  ])('is never written %s', (_, orders) => {
    expect(() => encodeBook(orders)).toThrow('a book can be packed');
  });
});

describe('its leaves', () => {
  it('hold 64 orders each, and each is a book by itself', () => {
    fc.assert(
      fc.property(book, (orders) => {
        const leaves = bookLeaves(orders).map((leaf) => decodeBook(leaf, tickCount));
        const read = leaves.map((leaf) => (leaf.ok ? leaf.value : []));
        expect(read.flat()).toEqual(orders);
        expect(read.slice(0, -1).every((leaf) => leaf.length === 64)).toBe(true);
        expect(leaves).toHaveLength(Math.ceil(orders.length / 64));
      }),
    );
  });

  it('start with an absolute member', () => {
    const orders = Array.from({ length: 65 }, (_, i) => order({ member: 1000 + i }));
    expect(bookLeaves(orders)[1]).toEqual(packVarints([1064, 560, 800]));
  });
});
