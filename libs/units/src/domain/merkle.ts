import { ByteWriter, concat, equalBytes } from './bytes.js';
import { sha256 } from './sha256.js';

const leafPrefix = Uint8Array.of(0x00);
const nodePrefix = Uint8Array.of(0x01);
const rootPrefix = Uint8Array.of(0x02);

const leafHash = (leaf: Uint8Array): Uint8Array => sha256(concat(leafPrefix, leaf));
const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(concat(nodePrefix, left, right));

/** The tree hash of RFC 6962: of nothing, the hash of the empty string. */
export function merkleTreeHash(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256(new Uint8Array());
  if (leaves.length === 1) return leafHash(leaves[0]!);
  const split = splitPoint(leaves.length);
  return nodeHash(merkleTreeHash(leaves.slice(0, split)), merkleTreeHash(leaves.slice(split)));
}

/** The root that is committed: it binds the number of entries too, so that no tree passes for a longer one. */
export const countedRoot = (count: number, leaves: readonly Uint8Array[]): Uint8Array =>
  sha256(concat(rootPrefix, new ByteWriter(8).u64(count).take(), merkleTreeHash(leaves)));

/** The neighbours on the way from a leaf to the tree hash, lowest first. */
export function merklePath(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (leaves.length <= 1) return [];
  const split = splitPoint(leaves.length);
  return index < split
    ? [...merklePath(leaves.slice(0, split), index), merkleTreeHash(leaves.slice(split))]
    : [...merklePath(leaves.slice(split), index - split), merkleTreeHash(leaves.slice(0, split))];
}

/**
 * Whether the leaf stands at `index` of `leafCount` leaves under a counted root of `count` entries. The format says how many
 * leaves so many entries make: work `leafCount` out from `count`, and never take it from whoever brings the proof.
 */
export function provesLeaf(
  root: Uint8Array,
  count: number,
  leafCount: number,
  index: number,
  leaf: Uint8Array,
  path: readonly Uint8Array[],
): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index >= leafCount) return false;
  const tree = climb(leafHash(leaf), index, leafCount, [...path]);
  return tree !== undefined && equalBytes(root, sha256(concat(rootPrefix, new ByteWriter(8).u64(count).take(), tree)));
}

function climb(hash: Uint8Array, index: number, size: number, path: Uint8Array[]): Uint8Array | undefined {
  if (size === 1) return path.length === 0 ? hash : undefined;
  const neighbour = path.pop();
  if (!neighbour) return undefined;
  const split = splitPoint(size);
  if (index < split) {
    const left = climb(hash, index, split, path);
    return left && nodeHash(left, neighbour);
  }
  const right = climb(hash, index - split, size - split, path);
  return right && nodeHash(neighbour, right);
}

/** The largest power of two below `size`. */
function splitPoint(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}
