import { widestWh } from '../book/columns.js';
import { RangeReader, most53Bits, mostTick } from '../book/range-reader.js';
import { leavesOf } from '../book/leaves.js';
import {
  bytesOf31Bits,
  bytesOf53Bits,
  type Decoded,
  malformed,
  unzigzag,
  VarintWriter,
  zigzag,
} from '../book/varints.js';
import { invariant } from '../invariant.js';
import type { NodalClearing } from '../nodal/nodal-clearing.js';

/** What of a nodal clearing is published: what it is worth follows from it, the book and the network. */
export type NodalResult = Omit<NodalClearing, 'welfare'>;

/** Of a flow, either way: what zigzag keeps exact. */
const mostFlowWh = 2 ** 52 - 1;
const mostBytesOfNode = bytesOf31Bits + bytesOf53Bits;

/** Nodal result v1 (docs/formats.md): the volume, then price and flow per node, then the fills in book order. */
export function writeNodalResult(result: NodalResult): Uint8Array {
  const writer = new VarintWriter(
    bytesOf53Bits + mostBytesOfNode * result.priceTick.length + bytesOf31Bits * result.fillsWh.length,
  );
  writer.putWide(result.volumeWh);
  putNodes(writer, result, 0, result.priceTick.length);
  putFills(writer, result, 0, result.fillsWh.length);
  return writer.take();
}

/** First the leaf of the volume, then the nodes in leaves of 64, then the fills in leaves of 64. Joined they are the bytes. */
export function writeNodalResultLeaves(result: NodalResult): Uint8Array[] {
  const [nodes, orders] = [result.priceTick.length, result.fillsWh.length];
  const volume = new VarintWriter(bytesOf53Bits);
  volume.putWide(result.volumeWh);
  const ofNodes = new VarintWriter(mostBytesOfNode * nodes);
  const ofFills = new VarintWriter(bytesOf31Bits * orders);
  return [
    volume.take(),
    ...leavesOf(nodes, ofNodes, (from, to) => putNodes(ofNodes, result, from, to)),
    ...leavesOf(orders, ofFills, (from, to) => putFills(ofFills, result, from, to)),
  ];
}

/** The number of nodes comes from the network, that of orders from the book; a result for others is refused. */
export function readNodalResult(bytes: Uint8Array, nodes: number, orders: number): Decoded<NodalResult> {
  if (bytes.length < 1 + 2 * nodes + orders) return malformed(bytes.length, 'bytes are missing');
  const fields = new RangeReader(bytes);
  const volumeWh = fields.next('a volume', 0, most53Bits);
  const priceTick = new Int32Array(nodes);
  const flowWh = new Float64Array(nodes);
  const fillsWh = new Int32Array(orders);
  for (let v = 0; v < nodes; v++) {
    priceTick[v] = fields.next('a price', 0, mostTick);
    flowWh[v] = unzigzag(fields.next('a flow', 0, v === 0 ? 0 : 2 * mostFlowWh));
  }
  for (let i = 0; i < orders; i++) fillsWh[i] = fields.next('a fill', 0, widestWh);
  return fields.end({ priceTick, flowWh, fillsWh, volumeWh });
}

function putNodes(writer: VarintWriter, { priceTick, flowWh }: NodalResult, from: number, to: number): void {
  for (let v = from; v < to; v++) {
    const flow = flowWh[v]!;
    invariant(priceTick[v]! >= 0, 'a price lies on the grid');
    invariant(Math.abs(flow) <= mostFlowWh && (v > 0 || flow === 0), 'a flow fits the format, and the root has none');
    writer.put(priceTick[v]!);
    writer.putWide(zigzag(flow));
  }
}

function putFills(writer: VarintWriter, { fillsWh }: NodalResult, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    invariant(fillsWh[i]! >= 0, 'a fill is never negative');
    writer.put(fillsWh[i]!);
  }
}
