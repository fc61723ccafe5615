import { invariant } from '../invariant.js';

/** Shaped like the `Result` and `Malformed` of units, which the auction does not import so that it can stand alone. */
export interface Malformed {
  readonly code: 'MALFORMED';
  /** The byte at which the trouble begins. */
  readonly at: number;
  readonly why: string;
}

export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Malformed };

export const malformed = (at: number, why: string): Decoded<never> => ({
  ok: false,
  refusal: { code: 'MALFORMED', at, why },
});

export interface Varint {
  readonly value: bigint;
  readonly at: number;
}

const most = 2n ** 64n - 1n;

/** Unsigned LEB128, each number in its shortest form. All formats of the auction are plain lists of such numbers. */
export function packVarints(values: readonly (number | bigint)[]): Uint8Array {
  const bytes: number[] = [];
  for (const value of values) {
    let rest = BigInt(value);
    invariant(rest >= 0n && rest <= most, 'a varint holds whole numbers of 64 bits that are not negative');
    for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
  }
  return Uint8Array.from(bytes);
}

/** The numbers and where each begins; refused when one is cut off, longer than need be, or wider than 64 bits. */
export function unpackVarints(bytes: Uint8Array): Decoded<Varint[]> {
  const varints: Varint[] = [];
  let at = 0;
  let value = 0n;
  let shift = 0n;
  for (const [i, byte] of bytes.entries()) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (value > most) return malformed(at, 'a varint is longer than 64 bits');
    if (byte & 0x80) continue;
    if (byte === 0 && shift > 7n) return malformed(at, 'a varint is not in its shortest form');
    varints.push({ value, at });
    [at, value, shift] = [i + 1, 0n, 0n];
  }
  return shift === 0n ? { ok: true, value: varints } : malformed(bytes.length, 'bytes are missing');
}
