import { checkedTieStart } from '../book/checked-rules.js';
import { sumWh } from '../book/book.js';
import { type Checked, refused, taken } from '../refusal.js';
import { proRata } from '../reference/pro-rata.js';

/**
 * Ways to split a whole number of Wh in proportion. The market room uses the first, the others are here to compare with.
 * `LARGEST_REMAINDER`: whole parts first, the odd Wh by the largest remainders, equal ones by place from `tieStart`.
 * `CUMULATIVE`: what the running sum, rounded down, grows by at each entry: no sorting, and one entry can be checked from two sums.
 * `FLOOR`: whole parts only; the odd Wh go to nobody.
 */
export type SplitRule = 'LARGEST_REMAINDER' | 'CUMULATIVE' | 'FLOOR';

/** Splits `amountWh` in proportion to `entriesWh`, exact at any size; nobody ends a whole Wh away from their share. */
export function split(
  rule: SplitRule,
  amountWh: bigint,
  entriesWh: readonly bigint[],
  tieStart: number,
): Checked<bigint[]> {
  const bad = entriesWh.findIndex((entryWh) => typeof entryWh !== 'bigint' || entryWh < 1n);
  if (bad !== -1) return refused('OUT_OF_RANGE', bad, 'an entry of at least 1 Wh');
  const totalWh = sumWh(entriesWh);
  if (typeof amountWh !== 'bigint' || amountWh < 0n || amountWh > totalWh) {
    return refused('OUT_OF_RANGE', 'amountWh', 'an amount from 0 to the sum of the entries');
  }
  const started = checkedTieStart(tieStart);
  if (!started.ok) return started;
  if (rule === 'LARGEST_REMAINDER') return taken(proRata(amountWh, entriesWh, tieStart));
  if (rule === 'FLOOR') return taken(entriesWh.map((entryWh) => (amountWh * entryWh) / totalWh));
  if (rule !== 'CUMULATIVE') return refused('MALFORMED', 'rule', 'LARGEST_REMAINDER, CUMULATIVE or FLOOR');
  let reachedWh = 0n;
  return taken(
    entriesWh.map((entryWh) => {
      const beforeWh = (amountWh * reachedWh) / totalWh;
      reachedWh += entryWh;
      return (amountWh * reachedWh) / totalWh - beforeWh;
    }),
  );
}
