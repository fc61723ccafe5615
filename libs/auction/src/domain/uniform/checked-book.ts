import { mostMembers } from '../book/book.js';
import type { BookColumns } from '../book/columns.js';
import { limitCount } from '../kernels/kernel.js';
import { type Checked, refused, taken } from '../refusal.js';
import { mostSideWh } from './equilibrium.js';
import { mostOrders } from './live-book.js';

/** A book from outside, in book order and within all ranges, or why it is none. */
export function checkedBook(book: BookColumns, ticks: number = limitCount / 2): Checked<BookColumns> {
  const { count, member, limit, wh } = book;
  if (!Number.isInteger(count) || count < 0) return refused('OUT_OF_RANGE', 'count', 'a whole number, not negative');
  if (count > mostOrders) return refused('TOO_MANY', 'count', `at most ${mostOrders} orders`);
  if (member.length < count || limit.length < count || wh.length < count) {
    return refused('MALFORMED', 'columns', 'one entry for each order in every column');
  }
  const sidesWh = [0, 0];
  for (let i = 0; i < count; i++) {
    if (member[i]! < 0) return refused('OUT_OF_RANGE', i, `a member from 0 to ${mostMembers - 1}`);
    if (limit[i]! >= 2 * ticks) return refused('OUT_OF_RANGE', i, `a limit below tick ${ticks}`);
    if (wh[i]! < 1) return refused('OUT_OF_RANGE', i, 'an energy from 1 to 2^31 - 1');
    if (i > 0 && isAfter(book, i - 1, i)) return refused('MALFORMED', i, 'orders by member, limit and side, energy');
    sidesWh[limit[i]! & 1]! += wh[i]!;
    if (sidesWh[limit[i]! & 1]! >= mostSideWh) return refused('OUT_OF_RANGE', i, 'a side adds up to less than 2^53');
  }
  return taken(book);
}

const isAfter = ({ member, limit, wh }: BookColumns, a: number, b: number): boolean =>
  (member[a]! - member[b]! || limit[a]! - limit[b]! || wh[a]! - wh[b]!) > 0;
