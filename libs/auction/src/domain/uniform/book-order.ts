/** Columns of orders in any order, those at the end of `slots` left out. */
interface Unsorted {
  readonly member: Int32Array;
  readonly limit: Uint16Array;
  readonly wh: Int32Array;
}

const mostDigitBits = 14;
/** Up to so many orders of one member are put in order by moving each to its place. */
const few = 16;

/** Whether the first `count` orders stand in book order. */
export function isInBookOrder(columns: Unsorted, count: number): boolean {
  const { member } = columns;
  let before = -1;
  for (let i = 0; i < count; i++) {
    const one = member[i]!;
    if (one <= before && (one < before || compare(columns, i - 1, i) > 0)) return false;
    before = one;
  }
  return true;
}

/**
 * The slots in book order: by member, then limit and side, then energy. Members first, as most have one order or two,
 * which are then put in order among themselves.
 */
export function inBookOrder(columns: Unsorted, slots: Int32Array): Int32Array {
  const { member } = columns;
  const sorted = sortedBy([member], slots);
  for (let start = 0, end; start < sorted.length; start = end) {
    const one = member[sorted[start]!]!;
    for (end = start + 1; end < sorted.length && member[sorted[end]!] === one; end++);
    if (end - start > few) sorted.set(sortedBy([columns.wh, columns.limit], sorted.slice(start, end)), start);
    else if (end - start > 1) sortFew(columns, sorted, start, end);
  }
  return sorted;
}

function sortFew(columns: Unsorted, slots: Int32Array, start: number, end: number): void {
  for (let i = start + 1; i < end; i++) {
    const slot = slots[i]!;
    let to = i;
    for (; to > start && compare(columns, slots[to - 1]!, slot) > 0; to--) slots[to] = slots[to - 1]!;
    slots[to] = slot;
  }
}

const compare = ({ member, limit, wh }: Unsorted, a: number, b: number): number =>
  member[a]! - member[b]! || limit[a]! - limit[b]! || wh[a]! - wh[b]!;

/** A radix sort from the last key to the first; a digit that is the same for all is skipped. */
function sortedBy(keys: readonly (Int32Array | Uint16Array)[], slots: Int32Array): Int32Array {
  let from: Int32Array = slots;
  let to: Int32Array = new Int32Array(slots.length);
  for (const key of keys) {
    const bits = 32 - Math.clz32(highest(key, slots));
    const digitBits = Math.ceil(bits / Math.ceil(bits / mostDigitBits));
    const counts = new Int32Array(1 << digitBits);
    for (let shift = 0; shift < bits; shift += digitBits) {
      if (!sortByDigit(key, shift, from, to, counts)) continue;
      [from, to] = [to, from];
    }
  }
  return from;
}

function highest(key: Int32Array | Uint16Array, slots: Int32Array): number {
  let all = 0;
  for (let i = 0; i < slots.length; i++) all |= key[slots[i]!]!;
  return all;
}

/** Answers false, and moves nothing, where all have the same digit. */
function sortByDigit(
  key: Int32Array | Uint16Array,
  shift: number,
  from: Int32Array,
  to: Int32Array,
  counts: Int32Array,
): boolean {
  const mask = counts.length - 1;
  counts.fill(0);
  for (let i = 0; i < from.length; i++) counts[(key[from[i]!]! >>> shift) & mask]!++;
  if (counts[(key[from[0]!]! >>> shift) & mask] === from.length) return false;
  let start = 0;
  for (let digit = 0; digit <= mask; digit++) {
    const count = counts[digit]!;
    counts[digit] = start;
    start += count;
  }
  for (let i = 0; i < from.length; i++) {
    const slot = from[i]!;
    const digit = (key[slot]! >>> shift) & mask;
    const place = counts[digit]!;
    counts[digit] = place + 1;
    to[place] = slot;
  }
  return true;
}
