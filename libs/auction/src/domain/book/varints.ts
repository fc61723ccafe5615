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

/** The most bytes of a number below 2^31, and below 2^53: what a writer makes room for. */
export const bytesOf31Bits = 5;
export const bytesOf53Bits = 8;

/** A signed number as an unsigned one: 0, -1, 1, -2 become 0, 1, 2, 3. Exact up to 2^52. */
export const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
export const unzigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

/** Writes unsigned LEB128, each number in its shortest form, into room made beforehand. All formats of the auction are plain lists of such numbers. */
export class VarintWriter {
  private readonly bytes: Uint8Array;
  /** Where the next number will begin. */
  at = 0;

  constructor(mostBytes: number) {
    this.bytes = new Uint8Array(mostBytes);
  }

  /** A whole number from 0 to 2^31 - 1; whoever calls has made sure that it is one. */
  put(value: number): void {
    if (value > 0x3fff) this.putLong(value);
    else if (value > 0x7f) {
      this.bytes[this.at] = value | 0x80;
      this.bytes[this.at + 1] = value >>> 7;
      this.at += 2;
    } else this.bytes[this.at++] = value;
  }

  /** A whole number from 0 to 2^53 - 1. */
  putWide(value: number): void {
    invariant(Number.isSafeInteger(value) && value >= 0, 'a varint holds whole numbers that are not negative');
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) this.bytes[this.at++] = (rest % 0x80) | 0x80;
    this.bytes[this.at++] = rest;
  }

  take(): Uint8Array {
    invariant(this.at <= this.bytes.length, 'room was made for all that is written');
    return this.bytes.slice(0, this.at);
  }

  private putLong(value: number): void {
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) this.bytes[this.at++] = rest | 0x80;
    this.bytes[this.at++] = rest;
  }
}

/**
 * Reads such numbers one after the other. A number that is cut off, longer than need be or wider than 64 bits is
 * answered with -1, and with -1 again however often one asks. From 2^53 on a number comes rounded: it is beside every range.
 */
export class VarintReader {
  /** Where the next number begins. */
  at = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get done(): boolean {
    return this.at === this.bytes.length;
  }

  /** Kept this short so that it is compiled into the loops that call it: most numbers have one byte, nearly all others two. */
  next(): number {
    const first = this.bytes[this.at]!;
    if (first < 0x80) {
      this.at += 1;
      return first;
    }
    return this.nextOfTwo();
  }

  /** Why the number at hand is none. */
  refusal(): Decoded<never> {
    const { bytes, at } = this;
    for (let i = at; i < bytes.length; i++) {
      const sevenBits = bytes[i]! & 0x7f;
      if (sevenBits > (i - at < 9 ? 0x7f : i - at === 9 ? 1 : 0))
        return malformed(at, 'a varint is longer than 64 bits');
      if (bytes[i]! < 0x80) return malformed(at, 'a varint is not in its shortest form');
    }
    return malformed(bytes.length, 'bytes are missing');
  }

  private nextOfTwo(): number {
    const { bytes, at } = this;
    const second = bytes[at + 1]!;
    if (second > 0 && second < 0x80) {
      this.at = at + 2;
      return (bytes[at]! & 0x7f) | (second << 7);
    }
    return this.nextWide();
  }

  private nextWide(): number {
    const { bytes, at } = this;
    const last = this.lastByte();
    if (last === undefined || last - at > 9) return -1;
    if (last > at && bytes[last] === 0) return -1;
    if (last - at === 9 && bytes[last]! > 1) return -1;
    let value = 0;
    for (let i = last; i >= at; i--) value = value * 0x80 + (bytes[i]! & 0x7f);
    this.at = last + 1;
    return value;
  }

  /** Where the number at hand ends; undefined where the bytes end before it does. */
  private lastByte(): number | undefined {
    const { bytes } = this;
    for (let i = this.at; i < bytes.length; i++) if (bytes[i]! < 0x80) return i;
    return undefined;
  }
}
