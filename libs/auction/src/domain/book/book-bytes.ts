import { type BookOrder, mostMembers, mostTicks } from './book.js';
import { type BookColumns, columnsOf, ordersOf, widestWh } from './columns.js';
import { invariant } from '../invariant.js';
import { leavesOf } from './leaves.js';
import { bytesOf31Bits, type Decoded, malformed, VarintReader, VarintWriter } from './varints.js';

/** A step and an energy below 2^31, a limit below 2^14. */
const mostBytesOfOrder = 2 * bytesOf31Bits + 2;
const leastBytesOfOrder = 3;

/** Book v1 (docs/formats.md): per order the step to its member, limit and side, energy. One book, one spelling. */
export function writeBook(book: BookColumns): Uint8Array {
  const writer = writerFor(book);
  putOrders(writer, book, 0, book.count);
  return writer.take();
}

/** A leaf is a small book of its own: its first member is absolute, so it can be proven and read alone. */
export function writeBookLeaves(book: BookColumns): Uint8Array[] {
  const writer = writerFor(book);
  return leavesOf(book.count, writer, (from, to) => putOrders(writer, book, from, to));
}

/** `tickCount` is that of the zone's price grid. However long the bytes claim to be, no more memory is taken than they can fill. */
export function readBook(bytes: Uint8Array, tickCount: number): Decoded<BookColumns> {
  invariant(tickCount <= mostTicks, 'no zone has a longer price grid');
  const most = Math.floor(bytes.length / leastBytesOfOrder);
  const columns = { member: new Int32Array(most), limit: new Uint16Array(most), wh: new Int32Array(most) };
  const reader = new VarintReader(bytes);
  let count = 0;
  let [memberBefore, limitBefore, whBefore] = [0, 0, 0];
  while (!reader.done) {
    const { at } = reader;
    const step = reader.next();
    const limit = reader.next();
    const wh = reader.next();
    if (wh < 0 || limit < 0 || step < 0) return reader.refusal();

    const member = memberBefore + step;
    if (member >= mostMembers) return malformed(at, 'a member is out of range');
    if (limit >= 2 * tickCount) return malformed(at, 'a limit lies beside the price grid');
    if (wh === 0 || wh > widestWh) return malformed(at, 'an energy is out of range');
    if (step === 0 && (limit < limitBefore || (limit === limitBefore && wh < whBefore)))
      return malformed(at, 'orders are not in book order');
    columns.member[count] = memberBefore = member;
    columns.limit[count] = limitBefore = limit;
    columns.wh[count] = whBefore = wh;
    count += 1;
  }
  return { ok: true, value: trimmed(columns, count) };
}

/** The same bytes, for those who would rather have orders. */
export const encodeBook = (book: readonly BookOrder[]): Uint8Array => writeBook(columnsOf(book));
export const bookLeaves = (book: readonly BookOrder[]): Uint8Array[] => writeBookLeaves(columnsOf(book));
export function decodeBook(bytes: Uint8Array, tickCount: number): Decoded<BookOrder[]> {
  const read = readBook(bytes, tickCount);
  return read.ok ? { ok: true, value: ordersOf(read.value) } : read;
}

const writerFor = (book: BookColumns): VarintWriter => new VarintWriter(book.count * mostBytesOfOrder);

function putOrders(writer: VarintWriter, book: BookColumns, from: number, to: number): void {
  let memberBefore = 0;
  for (let i = from; i < to; i++) {
    const member = book.member[i]!;
    const limit = book.limit[i]!;
    const wh = book.wh[i]!;
    const follows = i === 0 || member > book.member[i - 1]! || isAfter(book, i);
    if (wh < 1 || member < 0 || limit >= 2 * mostTicks || !follows)
      invariant(false, `a book can be packed (order ${i} is out of range or out of book order)`);
    writer.put(member - memberBefore);
    writer.put(limit);
    writer.put(wh);
    memberBefore = member;
  }
}

/** Whether an order stands after the one before it where its member does not say so. */
function isAfter({ member, limit, wh }: BookColumns, i: number): boolean {
  if (member[i] !== member[i - 1]) return false;
  return limit[i]! > limit[i - 1]! || (limit[i] === limit[i - 1] && wh[i]! >= wh[i - 1]!);
}

const trimmed = ({ member, limit, wh }: Omit<BookColumns, 'count'>, count: number): BookColumns => ({
  count,
  member: member.slice(0, count),
  limit: limit.slice(0, count),
  wh: wh.slice(0, count),
});
