import { RangeReader } from '../book/range-reader.js';
import { bytesOf31Bits, type Decoded, malformed, VarintWriter } from '../book/varints.js';
import { invariant } from '../invariant.js';

/** Places v1 (docs/formats.md): the node of each order, in book order. */
export function writePlaces(node: Int32Array): Uint8Array {
  const writer = new VarintWriter(bytesOf31Bits * node.length);
  for (const v of node) {
    invariant(v >= 0, 'an order stands at a node');
    writer.put(v);
  }
  return writer.take();
}

/** The number of orders comes from the book, that of nodes from the network. */
export function readPlaces(bytes: Uint8Array, orders: number, nodes: number): Decoded<Int32Array> {
  if (bytes.length < orders) return malformed(bytes.length, 'bytes are missing');
  const fields = new RangeReader(bytes);
  const node = new Int32Array(orders);
  for (let i = 0; i < orders; i++) node[i] = fields.next('a node', 0, nodes - 1);
  return fields.end(node);
}
