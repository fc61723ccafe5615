import { type BookOrder, compareInBook, mostMembers, mostTicks, mostWh, tickAndSide } from './book.js';
import { invariant } from '../invariant.js';
import { inLeaves } from './leaves.js';
import { type Decoded, malformed, packVarints, unpackVarints } from './varints.js';

/** Book v1 (docs/formats.md): per order the step to its member, limit and side, energy. One book, one spelling. */
export function encodeBook(book: readonly BookOrder[]): Uint8Array {
  const numbers = book.flatMap((order, i) => {
    const flaw = flawInPlace(book[i - 1], order, mostTicks);
    invariant(flaw === undefined, `a book can be packed (order ${i}: ${flaw})`);
    return [order.member - (book[i - 1]?.member ?? 0), tickAndSide(order), order.energyWh];
  });
  return packVarints(numbers);
}

/** `tickCount` is that of the zone's price grid. */
export function decodeBook(bytes: Uint8Array, tickCount: number): Decoded<BookOrder[]> {
  const unpacked = unpackVarints(bytes);
  if (!unpacked.ok) return unpacked;
  const numbers = unpacked.value;
  if (numbers.length % 3 !== 0) return malformed(bytes.length, 'bytes are missing');

  const book: BookOrder[] = [];
  for (let i = 0; i < numbers.length; i += 3) {
    const [step, limit, energy] = [numbers[i]!, numbers[i + 1]!, numbers[i + 2]!];
    const order: BookOrder = {
      member: (book.at(-1)?.member ?? 0) + Number(step.value),
      side: limit.value & 1n ? 'SELL' : 'BUY',
      tick: Number(limit.value >> 1n),
      energyWh: energy.value,
    };
    const flaw = flawInPlace(book.at(-1), order, tickCount);
    if (flaw) return malformed(step.at, flaw);
    book.push(order);
  }
  return { ok: true, value: book };
}

/** A leaf is a small book of its own: its first member is absolute, so it can be proven and read alone. */
export const bookLeaves = (book: readonly BookOrder[]): Uint8Array[] => inLeaves(book).map(encodeBook);

function flawInPlace(previous: BookOrder | undefined, order: BookOrder, tickCount: number): string | undefined {
  if (!within(order.member, mostMembers)) return 'a member is out of range';
  if (!within(order.tick, tickCount)) return 'a limit lies beside the price grid';
  if (order.energyWh < 1n || order.energyWh > mostWh) return 'an energy is out of range';
  if (previous && compareInBook(previous, order) > 0) return 'orders are not in book order';
  return undefined;
}

const within = (value: number, count: number): boolean => Number.isSafeInteger(value) && value >= 0 && value < count;
