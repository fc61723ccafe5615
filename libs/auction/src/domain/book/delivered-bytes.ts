import { mostWh } from './book.js';
import { invariant } from '../invariant.js';
import { type Decoded, malformed, packVarints, unpackVarints } from './varints.js';

/** What a member's point metered in the interval. Import and export are never netted. */
export interface Delivered {
  readonly importWh: bigint;
  readonly exportWh: bigint;
}

/** Delivered v1 (docs/formats.md): import and export per member with an order, in book order. */
export function encodeDelivered(entries: readonly Delivered[]): Uint8Array {
  const numbers = entries.flatMap(({ importWh, exportWh }) => [importWh, exportWh]);
  invariant(
    numbers.every((value) => value >= 0n && value <= mostWh),
    'what is delivered fits the format',
  );
  return packVarints(numbers);
}

/** `members` is how many members have an order in the book that was committed. */
export function decodeDelivered(bytes: Uint8Array, members: number): Decoded<Delivered[]> {
  const unpacked = unpackVarints(bytes);
  if (!unpacked.ok) return unpacked;
  const numbers = unpacked.value;
  if (numbers.length < 2 * members) return malformed(bytes.length, 'bytes are missing');
  if (numbers.length > 2 * members) return malformed(numbers[2 * members]!.at, 'bytes are left over');
  const tooMuch = numbers.find(({ value }) => value > mostWh);
  if (tooMuch) return malformed(tooMuch.at, 'an energy is out of range');
  return {
    ok: true,
    value: Array.from({ length: members }, (_, i) => ({
      importWh: numbers[2 * i]!.value,
      exportWh: numbers[2 * i + 1]!.value,
    })),
  };
}
