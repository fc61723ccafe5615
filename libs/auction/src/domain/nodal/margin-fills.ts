import { invariant } from '../invariant.js';
import type { SharedMargins } from './margins.js';
import type { NodalBook } from './nodal-clearing.js';
import { shareOut } from './share-out.js';

/**
 * The margin is shared so that as much energy trades as the prices allow, pro rata by largest remainder, the whole tree
 * at once wherever no line stands in the way. A line that does makes its subtree one entry above it, after the orders
 * and in order of nodes, with the energy the line lets through; what that entry gets is shared inside by the same rule.
 */
export function fillMargins(
  { node, limit, wh }: NodalBook,
  margins: SharedMargins,
  marginal: ArrayLike<number>,
  tieStart: number,
  fillsWh: Int32Array,
): void {
  const { headOf, headOfNode, headAbove, cutOff } = margins;
  const { leastWh, asksWh, bidsWh, forcedWh, openAsksWh, openBidsWh } = margins;
  // The entries of each margin as chains, by the step at its head: marginal orders, then subtrees that a line cuts off.
  const root = headOf.length - 1;
  const firstOrder = new Int32Array(headOf.length).fill(-1);
  const nextOrder = new Int32Array(marginal.length);
  for (let k = marginal.length - 1; k >= 0; k -= 1) {
    const head = headOfNode[node[marginal[k]!]!]!;
    nextOrder[k] = firstOrder[head]!;
    firstOrder[head] = k;
  }
  const firstSubtree = new Int32Array(headOf.length).fill(-1);
  const nextSubtree = new Int32Array(cutOff.length);
  for (let k = cutOff.length - 1; k >= 0; k -= 1) {
    const above = headAbove[k]!;
    nextSubtree[k] = firstSubtree[above]!;
    firstSubtree[above] = k;
  }

  // How much of its margin each head has to use, beyond the least it can send.
  const usedWh = forcedWh;
  usedWh[root] = -leastWh[root]!;
  for (let head = root; head >= 0; head -= 1) {
    if (headOf[head] !== head) continue;
    const asks = asksWh[head]!;
    const bids = bidsWh[head]!;
    if (asks + bids === 0) continue;
    const used = usedWh[head]!;
    invariant(used >= 0 && used <= asks + bids, 'prices leave every margin a share');
    const soldWh = Math.min(used, asks);
    const keptWh = Math.min(bids, asks + bids - used);

    // At most one side is split: no bid is dropped while an ask is left.
    const splitsAsks = soldWh > 0 && soldWh < asks;
    const splitSide = splitsAsks ? 1 : 0;
    const splits = splitsAsks || (keptWh > 0 && keptWh < bids);
    const claims: number[] = [];
    const weightsWh: number[] = [];
    for (let k = firstOrder[head]!; k >= 0; k = nextOrder[k]!) {
      const i = marginal[k]!;
      if (splits && (limit[i]! & 1) === splitSide) {
        claims.push(i);
        weightsWh.push(wh[i]!);
      } else if ((limit[i]! & 1 ? soldWh : keptWh) > 0) fillsWh[i] = wh[i]!;
    }
    const orders = claims.length;
    for (let k = firstSubtree[head]!; k >= 0; k = nextSubtree[k]!) {
      const step = cutOff[k]!;
      const openWh = splitsAsks ? openAsksWh[step]! : openBidsWh[step]!;
      if (splits && openWh > 0) {
        claims.push(step);
        weightsWh.push(openWh);
      }
      if (soldWh > 0 && !splitsAsks) usedWh[step]! += openAsksWh[step]!;
      // A subtree uses the bids that it does not keep; what it keeps of a split is taken off below.
      if (keptWh < bids) usedWh[step]! += openBidsWh[step]!;
    }
    if (!splits) continue;
    const sharesWh = shareOut(splitsAsks ? soldWh : keptWh, weightsWh, tieStart);
    for (let k = 0; k < claims.length; k += 1) {
      if (k < orders) fillsWh[claims[k]!] = sharesWh[k]!;
      else usedWh[claims[k]!]! += splitsAsks ? sharesWh[k]! : -sharesWh[k]!;
    }
  }
}
