import { limitWh } from './feeder-walk.js';
import type { Network } from './network.js';
import type { NodalBook, NodalClearing, NodalRules } from './nodal-clearing.js';

/**
 * Whether the margins of a clearing, whose prices and flows are in order, are shared by the rule; found from the shares
 * themselves. Marginal orders and the subtrees that a line cuts off are claimants of the margin above the line: no bid
 * may be dropped while an ask is left, and claimants of one side get within a Wh of their part, odd Wh to the largest
 * remainders.
 */
export function sharesFlaw(
  book: NodalBook,
  network: Network,
  { tieStart }: NodalRules,
  clearing: NodalClearing,
  { marginal, headOf, cutOff, leastWh, openAsksWh, openBidsWh }: ClearedMargins,
): string | undefined {
  if (marginal.length === 0) return undefined;
  // Claims by head and side: how many, whether any got something, whether any is left over.
  const count = new Int32Array(2 * network.count);
  const got = new Uint8Array(2 * network.count);
  const left = new Uint8Array(2 * network.count);
  const note = (margin: number, weightWh: number, givenWh: number): void => {
    count[margin]! += 1;
    if (givenWh > 0) got[margin] = 1;
    if (givenWh < weightWh) left[margin] = 1;
  };
  const eachClaim = (tell: (margin: number, weightWh: number, givenWh: number) => void): void => {
    for (let k = 0; k < marginal.length; k += 1) {
      const i = marginal[k]!;
      tell(2 * headOf[book.node[i]!]! + (book.limit[i]! & 1), book.wh[i]!, clearing.fillsWh[i]!);
    }
    for (let k = 0; k < cutOff.length; k += 1) {
      const v = cutOff[k]!;
      const [asksWh, bidsWh] = [openAsksWh[v]!, openBidsWh[v]!];
      const usedWh = clearing.flowWh[v]! - leastWh[v]!;
      const soldWh = Math.min(usedWh, asksWh);
      const above = 2 * headOf[network.parent[v]!]!;
      if (asksWh > 0) tell(above + 1, asksWh, soldWh);
      if (bidsWh > 0) tell(above, bidsWh, bidsWh - (usedWh - soldWh));
    }
  };
  eachClaim(note);

  const splits = new Map<number, Claim[]>();
  for (let head = 0; head < network.count; head += 1) {
    if (left[2 * head] && left[2 * head + 1])
      return `node ${head}: a marginal bid and a marginal ask are both left over`;
    for (let margin = 2 * head; margin <= 2 * head + 1; margin += 1) {
      if (count[margin]! > 1 && got[margin] && left[margin]) splits.set(margin, []);
    }
  }
  if (splits.size === 0) return undefined;
  eachClaim((margin, weightWh, givenWh) => splits.get(margin)?.push({ weightWh, givenWh }));
  for (const [margin, claims] of splits) {
    const flaw = splitFlaw(claims, tieStart);
    if (flaw) return `node ${margin >> 1}: ${flaw}`;
  }
  return undefined;
}

interface Claim {
  readonly weightWh: number;
  readonly givenWh: number;
}

/** The margins that a clearing's prices leave, by node. */
export interface ClearedMargins {
  /** Places in the book of the marginal orders, ascending. */
  readonly marginal: ArrayLike<number>;
  /** The node at the top of each node's margin. */
  readonly headOf: Int32Array;
  /** The nodes whose line does not let the whole margin of their subtree through, but some of it; ascending. */
  readonly cutOff: ArrayLike<number>;
  /** The least each subtree could send through its line at these prices. */
  readonly leastWh: Float64Array;
  /** What of its marginal asks and bids its line then leaves open. */
  readonly openAsksWh: Float64Array;
  readonly openBidsWh: Float64Array;
}

export function clearedMargins(
  { node, limit, wh }: NodalBook,
  { count, parent, importWh, exportWh, feeTicks }: Network,
  { priceTick, flowWh, fillsWh }: NodalClearing,
  marginal: readonly number[],
): ClearedMargins {
  const asksWh = new Float64Array(count);
  const bidsWh = new Float64Array(count);
  // What every subtree sends beyond the least it could: marginal asks that sell, marginal bids that are dropped.
  const usedWh = new Float64Array(count);
  const isCutOff = new Uint8Array(count);
  const leastWh = new Float64Array(count);
  for (const i of marginal) {
    const v = node[i]!;
    if (limit[i]! & 1) {
      asksWh[v]! += wh[i]!;
      usedWh[v]! += fillsWh[i]!;
    } else {
      bidsWh[v]! += wh[i]!;
      usedWh[v]! += wh[i]! - fillsWh[i]!;
    }
  }
  for (let v = count - 1; v > 0; v -= 1) {
    const difference = priceTick[parent[v]!]! - priceTick[v]!;
    const fee = feeTicks[v]!;
    let low = 0;
    let high = 0;
    if (difference >= fee) high = limitWh(exportWh[v]!);
    if (difference <= -fee) low = -limitWh(importWh[v]!);
    if (difference > fee) low = high;
    if (difference < -fee) high = low;

    const insideWh = flowWh[v]! - usedWh[v]!;
    const mostWh = insideWh + asksWh[v]! + bidsWh[v]!;
    leastWh[v] = Math.max(insideWh, low);
    isCutOff[v] = insideWh < low || mostWh > high ? 1 : 0;
    if (isCutOff[v]) {
      // The asks are the first part of the way from the least to the most, the bids the second.
      const asksEndWh = insideWh + asksWh[v]!;
      const openFromWh = Math.max(insideWh, low);
      const openToWh = Math.min(mostWh, high);
      asksWh[v] = Math.max(0, Math.min(asksEndWh, openToWh) - openFromWh);
      bidsWh[v] = openToWh - openFromWh - asksWh[v]!;
    }
    const above = parent[v]!;
    asksWh[above]! += asksWh[v]!;
    bidsWh[above]! += bidsWh[v]!;
    usedWh[above]! += flowWh[v]! - leastWh[v]!;
  }
  const headOf = new Int32Array(count);
  const cutOff: number[] = [];
  for (let v = 1; v < count; v += 1) {
    headOf[v] = isCutOff[v] ? v : headOf[parent[v]!]!;
    if (isCutOff[v] && asksWh[v]! + bidsWh[v]! > 0) cutOff.push(v);
  }
  return { marginal, headOf, cutOff, leastWh, openAsksWh: asksWh, openBidsWh: bidsWh };
}

/** Whether claims are met pro rata to less than one Wh, and the odd Wh went to the largest remainders. */
function splitFlaw(claims: readonly Claim[], tieStart: number): string | undefined {
  const weightWh = claims.reduce((sum, claim) => sum + claim.weightWh, 0);
  const givenWh = claims.reduce((sum, claim) => sum + claim.givenWh, 0);
  if (givenWh === 0 || givenWh === weightWh) return undefined;
  const total = BigInt(weightWh);
  const given = BigInt(givenWh);
  // Of those who got an odd Wh the weakest, of those who did not the strongest.
  let [weakest, strongest]: [Odd | undefined, Odd | undefined] = [undefined, undefined];
  for (const [i, claim] of claims.entries()) {
    const surplus = BigInt(claim.givenWh) * total - BigInt(claim.weightWh) * given;
    if (surplus >= total || surplus <= -total) return 'a marginal order is a whole Wh away from its share';
    const odd: Odd = {
      remainder: surplus > 0n ? total - surplus : -surplus,
      place: (i - (tieStart % claims.length) + claims.length) % claims.length,
    };
    if (surplus > 0n && !(weakest && precedes(odd, weakest))) weakest = odd;
    if (surplus < 0n && !(strongest && precedes(strongest, odd))) strongest = odd;
  }
  return weakest && strongest && precedes(strongest, weakest)
    ? 'an odd Wh went to a smaller remainder, or to a later place among equals'
    : undefined;
}

interface Odd {
  readonly remainder: bigint;
  readonly place: number;
}

const precedes = (a: Odd, b: Odd): boolean =>
  a.remainder === b.remainder ? a.place < b.place : a.remainder > b.remainder;
