import { mostMembers, mostOrders } from '../book/book.js';
import { type BookColumns, isColumn } from '../book/columns.js';
import { type Kernel, type KernelKind, limitCount } from '../kernels/kernel.js';
import { load, threadKernel } from '../kernels/thread-kernel.js';
import { type Checked, refused, taken } from '../refusal.js';
import { mostSideWh } from './equilibrium.js';

/** A book from outside, in book order and within all ranges, or why it is none. */
export function checkedBook(book: BookColumns, ticks: number = limitCount / 2): Checked<BookColumns> {
  return wrongColumns(book) ?? wrongOrder(book, ticks) ?? taken(book);
}

/**
 * The same, and puts the book into the columns of a kernel, where `clearLoaded` may go on. Whether something may be wrong is found
 * at the kernel's speed; what it is, only then.
 */
export function loadChecked(kernel: Kernel, book: BookColumns, ticks: number = limitCount / 2): Checked<BookColumns> {
  const wrong = wrongColumns(book);
  if (wrong) return wrong;
  const { count, member } = book;
  if (count > kernel.capacity) return refused('TOO_MANY', 'count', `at most ${kernel.capacity} orders`);
  load(kernel, book);
  const right = count <= fewOrders && eachOnce(member, count) && kernel.inRange(count, Math.min(2 * ticks, limitCount));
  return (right ? undefined : wrongOrder(book, ticks)) ?? taken(book);
}

/** The thread's kernel with a book from outside in its columns, or why the book is none. */
export function checkedInKernel(book: BookColumns, kind: KernelKind | undefined): Checked<Kernel> {
  const wrong = wrongColumns(book);
  if (wrong) return wrong;
  const kernel = threadKernel(book.count, kind);
  const loaded = loadChecked(kernel, book);
  return loaded.ok ? taken(kernel) : loaded;
}

/** So few orders cannot add up to 2^53 Wh, whatever they are. */
const fewOrders = 2 ** 22;

/** Whether members rise from zero or more, each with one order, as most have. */
function eachOnce(member: Int32Array, count: number): boolean {
  if (count > 0 && member[0]! < 0) return false;
  let wrong = 0;
  for (let i = 1; i < count; i++) wrong |= member[i]! | (member[i]! - member[i - 1]! - 1);
  return wrong >= 0;
}

function wrongColumns(book: BookColumns): Checked<never> | undefined {
  if (typeof book !== 'object' || book === null) return refused('MALFORMED', 'book', 'columns');
  const { count, member, limit, wh } = book;
  if (!Number.isInteger(count) || count < 0) return refused('OUT_OF_RANGE', 'count', 'a whole number, not negative');
  if (count > mostOrders) return refused('TOO_MANY', 'count', `at most ${mostOrders} orders`);
  if (!isColumn(member, 'Int32Array') || !isColumn(limit, 'Uint16Array') || !isColumn(wh, 'Int32Array')) {
    return refused('MALFORMED', 'columns', 'member and wh as Int32Array, limit as Uint16Array');
  }
  if (member.length < count || limit.length < count || wh.length < count) {
    return refused('MALFORMED', 'columns', 'one entry for each order in every column');
  }
  return undefined;
}

function wrongOrder(book: BookColumns, ticks: number): Checked<never> | undefined {
  const { count, member, limit, wh } = book;
  const sidesWh = [0, 0];
  for (let i = 0; i < count; i++) {
    if (member[i]! < 0) return refused('OUT_OF_RANGE', i, `a member from 0 to ${mostMembers - 1}`);
    if (limit[i]! >= 2 * ticks) return refused('OUT_OF_RANGE', i, `a limit below tick ${ticks}`);
    if (wh[i]! < 1) return refused('OUT_OF_RANGE', i, 'an energy from 1 to 2^31 - 1');
    if (i > 0 && isAfter(book, i - 1, i)) return refused('MALFORMED', i, 'orders by member, limit and side, energy');
    sidesWh[limit[i]! & 1]! += wh[i]!;
    if (sidesWh[limit[i]! & 1]! >= mostSideWh) return refused('OUT_OF_RANGE', i, 'a side adds up to less than 2^53');
  }
  return undefined;
}

const isAfter = ({ member, limit, wh }: BookColumns, a: number, b: number): boolean =>
  (member[a]! - member[b]! || limit[a]! - limit[b]! || wh[a]! - wh[b]!) > 0;
