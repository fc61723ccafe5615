/** Columns of orders in any order, those at the end of `slots` left out. */
interface Unsorted {
  readonly member: Int32Array;
  readonly limit: Uint16Array;
  readonly wh: Int32Array;
}

const digitBits = 11;
const digits = 1 << digitBits;

/**
 * The slots in book order: by member, then limit and side, then energy. A radix sort from the last key to the first;
 * a digit that is the same for all is skipped, which is most of them.
 */
export function inBookOrder({ member, limit, wh }: Unsorted, slots: Int32Array): Int32Array {
  let from: Int32Array = slots;
  let to: Int32Array = new Int32Array(slots.length);
  const counts = new Int32Array(digits);
  for (const key of [wh, limit, member]) {
    for (let shift = 0; shift < 31; shift += digitBits) {
      if (!sortByDigit(key, shift, from, to, counts)) continue;
      [from, to] = [to, from];
    }
  }
  return from;
}

/** Answers false, and moves nothing, where all have the same digit. */
function sortByDigit(
  key: Int32Array | Uint16Array,
  shift: number,
  from: Int32Array,
  to: Int32Array,
  counts: Int32Array,
): boolean {
  counts.fill(0);
  for (let i = 0; i < from.length; i++) counts[(key[from[i]!]! >>> shift) & (digits - 1)]!++;
  if (from.length === 0 || counts[(key[from[0]!]! >>> shift) & (digits - 1)] === from.length) return false;
  let start = 0;
  for (let digit = 0; digit < digits; digit++) {
    const count = counts[digit]!;
    counts[digit] = start;
    start += count;
  }
  for (let i = 0; i < from.length; i++) {
    const slot = from[i]!;
    to[counts[(key[slot]! >>> shift) & (digits - 1)]!++] = slot;
  }
  return true;
}
