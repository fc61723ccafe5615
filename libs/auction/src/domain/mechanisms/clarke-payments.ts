import { type BookOrder, type Side, sumWh } from '../book/book.js';
import { invariant } from '../invariant.js';
import { proRata } from '../reference/pro-rata.js';
import { placesOf } from './best-first.js';

/** Energy that would trade if somebody else did not, and at which limit. */
export interface Waiting {
  readonly member: number;
  readonly tick: number;
  readonly energyWh: bigint;
}

/**
 * Clarke payments: what the owners of one side pay, or receive, for their fills is what these keep others from, at the others' limits. `waiting` stands in the order in
 * which it would step in; an owner's own does not count for them. Exact, in half ticks times Wh, and nothing for the other side; an owner's payment is spread
 * over their orders by energy and largest remainder.
 */
export function clarkePayments(
  book: readonly BookOrder[],
  side: Side,
  fillsWh: readonly bigint[],
  waiting: readonly Waiting[],
): bigint[] {
  const payments = book.map(() => 0n);
  const trading = placesOf(book, side).filter((place) => fillsWh[place]! > 0n);
  for (let from = 0, to = 0; from < trading.length; from = to) {
    const { member } = book[trading[from]!]!;
    while (to < trading.length && book[trading[to]!]!.member === member) to += 1;
    const own = trading.slice(from, to);
    const ownWh = own.map((place) => fillsWh[place]!);
    const shares = proRata(displacedHalfTickWh(waiting, member, sumWh(ownWh)), ownWh, 0);
    own.forEach((place, i) => (payments[place] = shares[i]!));
  }
  return payments;
}

function displacedHalfTickWh(waiting: readonly Waiting[], member: number, energyWh: bigint): bigint {
  let leftWh = energyWh;
  let displaced = 0n;
  for (const next of waiting) {
    if (leftWh === 0n) break;
    if (next.member === member) continue;
    const stepsInWh = next.energyWh < leftWh ? next.energyWh : leftWh;
    displaced += BigInt(2 * next.tick) * stepsInWh;
    leftWh -= stepsInWh;
  }
  invariant(leftWh === 0n, 'whatever an owner trades, others or the other side could have had');
  return displaced;
}
