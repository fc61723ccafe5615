export interface NumberedOwners {
  /** Of each order: its owner's number, without gaps. */
  readonly of: Int32Array;
  /** Of each owner: 1 for those who buy, 2 for those who sell, 3 for both. */
  readonly sides: Uint8Array;
}

/** Numbers owners as they first appear in the book, and says on which sides they traded. */
export function numbered(owner: Int32Array, limit: Uint16Array, fillsWh: Int32Array): NumberedOwners {
  const of = new Int32Array(fillsWh.length);
  const sides = new Uint8Array(fillsWh.length);
  const numbers = new Map<number, number>();
  for (let i = 0; i < fillsWh.length; i++) {
    of[i] = i > 0 && owner[i] === owner[i - 1] ? of[i - 1]! : numberOf(owner[i]!, numbers);
    if (fillsWh[i]! > 0) sides[of[i]!]! |= 1 + (limit[i]! & 1);
  }
  return { of, sides: sides.subarray(0, numbers.size) };
}

function numberOf(owner: number, numbers: Map<number, number>): number {
  const known = numbers.get(owner) ?? numbers.size;
  if (known === numbers.size) numbers.set(owner, known);
  return known;
}
