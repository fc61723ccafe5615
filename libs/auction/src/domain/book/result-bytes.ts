import { mostWh } from './book.js';
import type { Outcome } from './clearing.js';
import { type ClearingColumns, widestWh } from './columns.js';
import { invariant } from '../invariant.js';
import { leavesOf } from './leaves.js';
import { bytesOf31Bits, bytesOf53Bits, type Decoded, malformed, VarintReader, VarintWriter } from './varints.js';

/** What of a clearing is published: the rest explains it. */
export type ResultColumns = Pick<ClearingColumns, 'priceTick' | 'volumeWh' | 'fillsWh'>;

/** The format allows longer price grids than any zone has. */
const mostPrice = 2 ** 20;
const mostBytesOfHead = bytesOf31Bits + bytesOf53Bits;

/** Result v1 (docs/formats.md): the price (0 for none, else tick + 1), the volume, then the fills in book order. */
export function writeResult(result: ResultColumns): Uint8Array {
  const writer = new VarintWriter(mostBytesOfHead + bytesOf31Bits * result.fillsWh.length);
  putHead(writer, result);
  putFills(writer, result, 0, result.fillsWh.length);
  return writer.take();
}

/** First the leaf of price and volume, then the fills: an order's fill stands one leaf after its order's leaf in the book. */
export function writeResultLeaves(result: ResultColumns): Uint8Array[] {
  const head = new VarintWriter(mostBytesOfHead);
  putHead(head, result);
  const fills = new VarintWriter(bytesOf31Bits * result.fillsWh.length);
  const leaves = leavesOf(result.fillsWh.length, fills, (from, to) => putFills(fills, result, from, to));
  return [head.take(), ...leaves];
}

/** The number of orders comes from the book that was committed; a result for another one is refused. */
export function readResult(bytes: Uint8Array, orders: number): Decoded<ResultColumns> {
  if (bytes.length < 2 + orders) return malformed(bytes.length, 'bytes are missing');
  const reader = new VarintReader(bytes);
  const price = reader.next();
  const volumeAt = reader.at;
  const volumeWh = reader.next();
  if (price < 0 || volumeWh < 0) return reader.refusal();
  if (price > mostPrice) return malformed(0, 'a price lies beside every price grid');
  if (!Number.isSafeInteger(volumeWh)) return malformed(volumeAt, 'a volume is out of range');
  if ((price === 0) !== (volumeWh === 0)) return malformed(0, 'a price without a volume, or a volume without a price');

  const fillsWh = new Int32Array(orders);
  for (let i = 0; i < orders; i++) {
    const { at } = reader;
    const fillWh = reader.next();
    if (fillWh < 0) return reader.refusal();
    if (fillWh > widestWh) return malformed(at, 'a fill is out of range');
    fillsWh[i] = fillWh;
  }
  if (!reader.done) return malformed(reader.at, 'bytes are left over');
  return { ok: true, value: { priceTick: price === 0 ? undefined : price - 1, volumeWh, fillsWh } };
}

/** The same bytes, for those who would rather have whole numbers of any size. */
export const encodeResult = (outcome: Outcome): Uint8Array => writeResult(resultColumnsOf(outcome));
export const resultLeaves = (outcome: Outcome): Uint8Array[] => writeResultLeaves(resultColumnsOf(outcome));
export function decodeResult(bytes: Uint8Array, orders: number): Decoded<Outcome> {
  const read = readResult(bytes, orders);
  if (!read.ok) return read;
  const { priceTick, volumeWh, fillsWh } = read.value;
  return { ok: true, value: { priceTick, volumeWh: BigInt(volumeWh), fillsWh: Array.from(fillsWh, BigInt) } };
}

function resultColumnsOf({ priceTick, volumeWh, fillsWh }: Outcome): ResultColumns {
  invariant(
    fillsWh.every((fillWh) => fillWh <= mostWh),
    'a fill fits its column',
  );
  return { priceTick, volumeWh: Number(volumeWh), fillsWh: Int32Array.from(fillsWh, Number) };
}

function putHead(writer: VarintWriter, { priceTick, volumeWh }: ResultColumns): void {
  invariant((priceTick === undefined) === (volumeWh === 0), 'there is a price exactly where something traded');
  writer.putWide(priceTick === undefined ? 0 : priceTick + 1);
  writer.putWide(volumeWh);
}

function putFills(writer: VarintWriter, { fillsWh }: ResultColumns, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    if (fillsWh[i]! < 0) invariant(false, `a fill is never negative (order ${i})`);
    writer.put(fillsWh[i]!);
  }
}
