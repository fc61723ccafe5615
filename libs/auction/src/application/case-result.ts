import type { CaseOrder } from './auction-case.js';

export type CaseValue =
  number | string | null | boolean | readonly CaseValue[] | { readonly [word: string]: CaseValue };

/** What came out, in the words of a case's `expect`. */
export type CaseResult = Readonly<Record<string, CaseValue>>;

/** A whole number as JSON can carry it: a number where that is exact, else its digits as a text. */
export function exact(amount: bigint): number | string {
  const isSafe = amount >= BigInt(Number.MIN_SAFE_INTEGER) && amount <= BigInt(Number.MAX_SAFE_INTEGER);
  return isSafe ? Number(amount) : String(amount);
}

export const fillsById = <Fill>(orders: readonly CaseOrder[], fills: readonly Fill[]): Record<string, Fill> =>
  Object.fromEntries(orders.map(({ id }, i) => [id, fills[i]!]));

/** Half of a whole number, exact too; digits as a text end in `.5` where need be. */
export function exactHalf(double: bigint): number | string {
  const whole = double / 2n;
  const rest = double % 2n;
  const asNumber = exact(double);
  if (typeof asNumber === 'number') return asNumber / 2;
  if (rest === 0n) return String(whole);
  return `${double < 0n && whole === 0n ? '-' : ''}${whole}.5`;
}
