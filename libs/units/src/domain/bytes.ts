import { invariant } from './invariant.js';
import { accepted, refused, type Result } from './result.js';

export type Malformed = { readonly code: 'MALFORMED'; readonly at: number; readonly why: string };

const most = (1n << 64n) - 1n;
const longestText = 1 << 16;

/** Writes canonical bytes: each value has exactly one spelling. */
export class ByteWriter {
  private bytes: Uint8Array;
  private length = 0;

  constructor(capacity = 256) {
    this.bytes = new Uint8Array(capacity);
  }

  byte(value: number): this {
    this.reserve(1);
    this.bytes[this.length++] = value;
    return this;
  }

  raw(chunk: Uint8Array): this {
    this.reserve(chunk.length);
    this.bytes.set(chunk, this.length);
    this.length += chunk.length;
    return this;
  }

  /** Unsigned LEB128 in its shortest form. */
  varint(value: bigint | number): this {
    invariant(typeof value === 'bigint' ? value <= most : Number.isSafeInteger(value), 'a varint is a whole number');
    invariant(value >= 0, 'a varint is not negative');
    if (typeof value === 'number' && value <= 0xffff_ffff) {
      let rest = value;
      while (rest > 0x7f) {
        this.byte((rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      return this.byte(rest);
    }
    let rest = BigInt(value);
    while (rest > 0x7fn) {
      this.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    return this.byte(Number(rest));
  }

  /** Signed values as zigzag: 0, -1, 1, -2 become 0, 1, 2, 3. */
  zigzag(value: bigint): this {
    return this.varint(value >= 0n ? value * 2n : -value * 2n - 1n);
  }

  text(value: string): this {
    const bytes = utf8.encode(value);
    invariant(!/\p{Surrogate}/u.test(value), 'a text has a spelling in UTF-8');
    invariant(bytes.length <= longestText, 'a text is short');
    return this.varint(bytes.length).raw(bytes);
  }

  u64(value: bigint | number): this {
    const at = this.length;
    this.reserve(8);
    new DataView(this.bytes.buffer).setBigUint64(at, BigInt(value));
    this.length += 8;
    return this;
  }

  take(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    grown.set(this.bytes);
    this.bytes = grown;
  }
}

class Refused extends Error {
  constructor(
    readonly at: number,
    readonly why: string,
  ) {
    super(why);
  }
}

/** Reads canonical bytes and refuses every second spelling. Use it inside `reading`. */
export class ByteReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get done(): boolean {
    return this.at === this.bytes.length;
  }

  byte(): number {
    const value = this.bytes[this.at];
    if (value === undefined) return this.refuse('bytes are missing');
    this.at += 1;
    return value;
  }

  varint(atMost = most): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte & 0x80) continue;
      if (byte === 0 && shift > 0n) return this.refuse('a varint is not in its shortest form');
      if (value > most) return this.refuse('a varint is longer than 64 bits');
      if (value > atMost) return this.refuse(`a number is above ${atMost}`);
      return value;
    }
    return this.refuse('a varint is longer than 64 bits');
  }

  /** A varint known to fit a JavaScript number exactly. */
  small(atMost: number): number {
    return Number(this.varint(BigInt(atMost)));
  }

  zigzag(): bigint {
    const value = this.varint();
    return value & 1n ? -(value + 1n) / 2n : value / 2n;
  }

  text(): string {
    const length = this.small(longestText);
    if (this.at + length > this.bytes.length) return this.refuse('bytes are missing');
    const text = utf8.decode(this.bytes.subarray(this.at, this.at + length));
    if (text === undefined) return this.refuse('a text is not UTF-8');
    this.at += length;
    return text;
  }

  /** Bytes that are known beforehand, such as the name and version of a format. */
  literal(expected: Uint8Array): void {
    for (const byte of expected) if (this.byte() !== byte) this.refuse('the format is another one');
  }

  refuse(why: string): never {
    throw new Refused(this.at, why);
  }
}

/** Runs a reader over all of the bytes: missing, trailing and doubly spelled bytes become a refusal. */
export function reading<T>(bytes: Uint8Array, read: (reader: ByteReader) => T): Result<T, Malformed> {
  const reader = new ByteReader(bytes);
  try {
    const value = read(reader);
    if (!reader.done) reader.refuse('bytes are left over');
    return accepted(value);
  } catch (error) {
    if (error instanceof Refused) return refused({ code: 'MALFORMED', at: error.at, why: error.why });
    throw error;
  }
}

const utf8 = {
  encode: (text: string): Uint8Array => new TextEncoder().encode(text),
  /** Undefined for what is not UTF-8: replacement characters would be a second spelling. A leading mark is part of the text. */
  decode: (bytes: Uint8Array): string | undefined => {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return undefined;
    }
  },
};

export const utf8Bytes = utf8.encode;

export const concat = (...chunks: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
};

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 || !/^[0-9a-f]*$/.test(text)) return undefined;
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);
