import { proRata } from '../domain/reference/pro-rata.js';
import { sumWh } from '../domain/book/book.js';
import type { AuctionCase } from './auction-case.js';
import { type CaseResult, exact } from './case-result.js';

/** What there is, split among the quantities in the three roundings that markets use. Largest remainders that are equal go by place from `tieStart`. */
export function clearProRataCase({ quantities, available, rules }: AuctionCase): CaseResult {
  const asked = quantities.map(BigInt);
  const total = sumWh(asked);
  const given = BigInt(available);
  const floorShares = asked.map((quantity) => (total === 0n ? 0n : (quantity * given) / total));
  return {
    floorShares: floorShares.map(exact),
    floorSum: exact(sumWh(floorShares)),
    largestRemainder: (total === 0n ? asked : proRata(given, asked, rules.tieStart)).map(exact),
    cumulativeRounding: cumulative(asked, given, total).map(exact),
  };
}

/** Each share is what the running sum, rounded down, grows by. */
function cumulative(asked: readonly bigint[], given: bigint, total: bigint): bigint[] {
  let sum = 0n;
  return asked.map((quantity) => {
    const before = total === 0n ? 0n : (sum * given) / total;
    sum += quantity;
    return (total === 0n ? 0n : (sum * given) / total) - before;
  });
}
