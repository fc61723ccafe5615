import type { VarintWriter } from './varints.js';

/** Entries in one leaf of a tree: few enough for a short proof, many enough for a cheap tree. */
export const entriesPerLeaf = 64;

/** One leaf for each 64 entries, the last one with the rest; none for no entries. The leaves lie side by side in one piece of memory. */
export function leavesOf(count: number, writer: VarintWriter, write: (from: number, to: number) => void): Uint8Array[] {
  const ends: number[] = [];
  for (let from = 0; from < count; from += entriesPerLeaf) {
    write(from, Math.min(count, from + entriesPerLeaf));
    ends.push(writer.at);
  }
  const bytes = writer.take();
  return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}
