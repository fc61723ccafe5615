import { invariant } from './invariant.js';

/**
 * Splits `amount` in proportion to `weights`, exactly: everyone gets the whole part of their share, and the units left
 * over go to the largest remainders; equal remainders by place, counted round from `start` modulo their number.
 */
export function shareOut(amount: bigint, weights: readonly bigint[], start = 0): bigint[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  invariant(
    amount >= 0n && weights.every((weight) => weight >= 0n),
    'shares are split among weights that are not negative',
  );
  if (amount === 0n) return weights.map(() => 0n);
  invariant(total > 0n, 'there is somebody to share with');
  const shares = weights.map((weight) => (amount * weight) / total);
  const remainders = weights.map((weight) => (amount * weight) % total);
  let left = amount - shares.reduce((sum, share) => sum + share, 0n);
  const place = (i: number) => (i - (start % weights.length) + weights.length) % weights.length;
  const byRemainder = weights
    .map((_, i) => i)
    .sort((a, b) => (remainders[a] === remainders[b] ? place(a) - place(b) : remainders[a]! > remainders[b]! ? -1 : 1));
  for (const i of byRemainder) {
    if (left === 0n) break;
    shares[i]! += 1n;
    left -= 1n;
  }
  return shares;
}
