import { RangeReader } from '../book/range-reader.js';
import { bytesOf31Bits, type Decoded, malformed, VarintWriter } from '../book/varints.js';
import { invariant } from '../invariant.js';
import { mostFeeTicks, mostNodes, type Network, networkRefusal, unlimitedWh } from '../nodal/network.js';

const numbersOfNode = 4;

/** Network v1 (docs/formats.md): per node but the root how far back its parent stands, then its line's two limits and fee. */
export function writeNetwork(network: Network): Uint8Array {
  invariant(networkRefusal(network) === undefined, 'a network is a tree with whole numbers on its lines');
  const { count, parent, importWh, exportWh, feeTicks } = network;
  const writer = new VarintWriter(numbersOfNode * bytesOf31Bits * count);
  for (let v = 1; v < count; v++) {
    writer.put(v - parent[v]!);
    writer.put(importWh[v]!);
    writer.put(exportWh[v]!);
    writer.put(feeTicks[v]!);
  }
  return writer.take();
}

/** No bytes are a network of one node. No more memory is taken than the bytes can fill. */
export function readNetwork(bytes: Uint8Array): Decoded<Network> {
  const most = 1 + Math.floor(bytes.length / numbersOfNode);
  const parent = new Int32Array(most).fill(-1, 0, 1);
  const [importWh, exportWh, feeTicks] = [new Int32Array(most), new Int32Array(most), new Int32Array(most)];
  const fields = new RangeReader(bytes);
  let count = 1;
  for (; !fields.done; count++) {
    if (count === mostNodes) return malformed(bytes.length, 'a network has too many nodes');
    parent[count] = count - fields.next('the way to a parent', 1, count);
    importWh[count] = fields.next('an import limit', 0, unlimitedWh);
    exportWh[count] = fields.next('an export limit', 0, unlimitedWh);
    feeTicks[count] = fields.next('a fee', 0, mostFeeTicks);
  }
  const upToCount = (column: Int32Array): Int32Array => column.slice(0, count);
  return fields.end({
    count,
    parent: upToCount(parent),
    importWh: upToCount(importWh),
    exportWh: upToCount(exportWh),
    feeTicks: upToCount(feeTicks),
  });
}
