import type { BookOrder, Side } from '../book/book.js';
import { placeFrom } from '../reference/pro-rata.js';

/** Less than zero where `a` is the better limit of its side: the dearer bid, the cheaper ask. */
export const compareLimits = (a: BookOrder, b: BookOrder): number =>
  a.side === 'BUY' ? b.tick - a.tick : a.tick - b.tick;

/**
 * The places of one side's orders, the best limit first. Equal limits go by place in the book, counted round from `tieStart` modulo all its orders: not modulo those that
 * share the limit, or whoever came to share it could turn the others round (and gain by it, which a property test of Huang's mechanism found).
 */
export function bestFirst(book: readonly BookOrder[], side: Side, tieStart: number): number[] {
  const place = placeFrom(tieStart, book.length);
  return placesOf(book, side).sort((a, b) => compareLimits(book[a]!, book[b]!) || place(a) - place(b));
}

export const placesOf = (book: readonly BookOrder[], side: Side): number[] =>
  [...book.keys()].filter((place) => book[place]!.side === side);

/** The same entries, counted round from `tieStart` modulo their count. */
export function countedFrom<T>(tieStart: number, entries: readonly T[]): T[] {
  const place = placeFrom(tieStart, entries.length);
  const counted = [...entries];
  entries.forEach((entry, i) => (counted[place(i)] = entry));
  return counted;
}
