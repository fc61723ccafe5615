import { malformed, type Decoded } from '../src/domain/book/varints.js';

export interface Varint {
  readonly value: bigint;
  readonly at: number;
}

const most = 2n ** 64n - 1n;

/** The numbers of a format, spelled the obvious way: what the fast writers are held against. */
export function packVarints(values: readonly (number | bigint)[]): Uint8Array {
  const bytes: number[] = [];
  for (const value of values) {
    let rest = BigInt(value);
    if (rest < 0n || rest > most) throw new Error(`No varint: ${value}`);
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
