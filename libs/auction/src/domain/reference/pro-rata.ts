/**
 * Splits `amountWh` in proportion to `entriesWh`, exactly, by largest remainder: everyone gets the whole part of their
 * share and the Wh left over go to the largest remainders. Equal remainders go by place, counted round from
 * `tieStart` modulo the entries: the start moves with the interval, so that no neighbour gets every odd Wh.
 */
export function proRata(amountWh: bigint, entriesWh: readonly bigint[], tieStart: number): bigint[] {
  const totalWh = entriesWh.reduce((sum, entry) => sum + entry, 0n);
  const sharesWh = entriesWh.map((entry) => (amountWh * entry) / totalWh);
  const remainders = entriesWh.map((entry) => (amountWh * entry) % totalWh);
  const leftOver = Number(amountWh - sharesWh.reduce((sum, share) => sum + share, 0n));
  const first = placeFrom(tieStart, entriesWh.length);
  const favoured = entriesWh
    .map((_, i) => i)
    .sort((a, b) => compareDown(remainders[a]!, remainders[b]!) || first(a) - first(b));
  for (const i of favoured.slice(0, leftOver)) sharesWh[i]! += 1n;
  return sharesWh;
}

/** The place of entry `i` when `count` entries are counted round from `tieStart`. */
export const placeFrom =
  (tieStart: number, count: number) =>
  (i: number): number =>
    (i - (tieStart % count) + count) % count;

const compareDown = (a: bigint, b: bigint): number => (a === b ? 0 : a > b ? -1 : 1);
