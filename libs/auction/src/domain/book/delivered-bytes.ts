import { mostWh } from './book.js';
import { widestWh } from './columns.js';
import { invariant } from '../invariant.js';
import { bytesOf31Bits, type Decoded, malformed, VarintReader, VarintWriter } from './varints.js';

/** What a member's point metered in the interval. Import and export are never netted. */
export interface Delivered {
  readonly importWh: bigint;
  readonly exportWh: bigint;
}

/** The same for all members with an order, in book order. */
export interface DeliveredColumns {
  readonly importWh: Int32Array;
  readonly exportWh: Int32Array;
}

/** Delivered v1 (docs/formats.md): import and export per member with an order, in book order. */
export function writeDelivered({ importWh, exportWh }: DeliveredColumns): Uint8Array {
  invariant(importWh.length === exportWh.length, 'every member has an import and an export');
  const writer = new VarintWriter(2 * bytesOf31Bits * importWh.length);
  for (let i = 0; i < importWh.length; i++) {
    invariant(importWh[i]! >= 0 && exportWh[i]! >= 0, 'what is delivered fits the format');
    writer.put(importWh[i]!);
    writer.put(exportWh[i]!);
  }
  return writer.take();
}

/** `members` is how many members have an order in the book that was committed. */
export function readDelivered(bytes: Uint8Array, members: number): Decoded<DeliveredColumns> {
  if (bytes.length < 2 * members) return malformed(bytes.length, 'bytes are missing');
  const columns = { importWh: new Int32Array(members), exportWh: new Int32Array(members) };
  const reader = new VarintReader(bytes);
  for (let i = 0; i < 2 * members; i++) {
    const { at } = reader;
    const wh = reader.next();
    if (wh < 0) return reader.refusal();
    if (wh > widestWh) return malformed(at, 'an energy is out of range');
    (i % 2 === 0 ? columns.importWh : columns.exportWh)[i >> 1] = wh;
  }
  return reader.done ? { ok: true, value: columns } : malformed(reader.at, 'bytes are left over');
}

/** The same bytes, for those who would rather have a member's two numbers together. */
export function encodeDelivered(entries: readonly Delivered[]): Uint8Array {
  const fits = (wh: bigint): boolean => wh >= 0n && wh <= mostWh;
  invariant(
    entries.every(({ importWh, exportWh }) => fits(importWh) && fits(exportWh)),
    'what is delivered fits the format',
  );
  return writeDelivered({
    importWh: Int32Array.from(entries, (entry) => Number(entry.importWh)),
    exportWh: Int32Array.from(entries, (entry) => Number(entry.exportWh)),
  });
}

export function decodeDelivered(bytes: Uint8Array, members: number): Decoded<Delivered[]> {
  const read = readDelivered(bytes, members);
  if (!read.ok) return read;
  const { importWh, exportWh } = read.value;
  return {
    ok: true,
    value: Array.from(importWh, (wh, i) => ({ importWh: BigInt(wh), exportWh: BigInt(exportWh[i]!) })),
  };
}
