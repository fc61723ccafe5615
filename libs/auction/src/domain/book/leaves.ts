/** Entries in one leaf of a tree: few enough for a short proof, many enough for a cheap tree. */
export const entriesPerLeaf = 64;

export function inLeaves<T>(entries: readonly T[]): T[][] {
  const leaves: T[][] = [];
  for (let at = 0; at < entries.length; at += entriesPerLeaf) leaves.push(entries.slice(at, at + entriesPerLeaf));
  return leaves;
}
