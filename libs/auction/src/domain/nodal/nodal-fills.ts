import type { FeederWalk } from './feeder-walk.js';
import { invariant } from '../invariant.js';
import { isJoined, type Margins, marginsAt } from './margins.js';
import type { Network } from './network.js';
import type { NodalBook, NodalClearing, NodalRules } from './nodal-clearing.js';
import { shareOut } from './share-out.js';
import { WideSum } from './wide-sum.js';

/**
 * Everybody's fill at these prices. Better limits trade in whole. The margin is shared so that as much energy trades as
 * the prices allow, pro rata by largest remainder, the whole tree at once wherever no line stands in the way. A line
 * that does makes its subtree one entry above it, after the orders and in order of nodes, with the energy the line lets
 * through; what that entry gets is shared inside by the same rule.
 */
export function nodalFills(
  book: NodalBook,
  network: Network,
  rules: NodalRules,
  walk: FeederWalk,
  stepPrice: Int32Array,
): NodalClearing {
  const { steps, stepOf, parent } = walk;
  const priceTick = new Int32Array(network.count);
  for (let v = 0; v < network.count; v += 1) priceTick[v] = stepPrice[stepOf[v]!]!;

  const margins = marginsAt(walk, stepPrice);
  const fillsWh = new Int32Array(book.count);
  const welfare = new WideSum();
  const firm = fillFirm(book, priceTick, fillsWh, welfare);
  fillMargin(book, walk, margins, firm.marginal, rules.tieStart, fillsWh);

  let volumeWh = firm.boughtWh;
  const sentWh = margins.firmWh;
  for (const i of firm.marginal) {
    const wh = fillsWh[i]!;
    const tick = book.limit[i]! >>> 1;
    if (book.limit[i]! & 1) {
      sentWh[stepOf[book.node[i]!]!]! += wh;
      welfare.addProduct(-tick, wh);
    } else {
      sentWh[stepOf[book.node[i]!]!]! -= wh;
      welfare.addProduct(tick, wh);
      volumeWh += wh;
    }
  }
  for (let step = 0; step < steps - 1; step += 1) sentWh[parent[step]!]! += sentWh[step]!;
  invariant(sentWh[steps - 1] === 0, 'what is bought is sold');

  const flowWh = new Float64Array(network.count);
  for (let v = 1; v < network.count; v += 1) {
    const sent = sentWh[stepOf[v]!]!;
    flowWh[v] = sent;
    welfare.addProduct(-network.feeTicks[v]!, Math.abs(sent));
  }
  return { priceTick, flowWh, fillsWh, welfare: welfare.value(), volumeWh };
}

/** Fills what is better than its node's price, and counts it; answers with the marginal orders, in book order. */
function fillFirm(
  { count, node, limit, wh }: NodalBook,
  priceTick: Int32Array,
  fillsWh: Int32Array,
  welfare: WideSum,
): { marginal: number[]; boughtWh: number } {
  const marginal: number[] = [];
  let boughtWh = 0;
  for (let first = 0; first < count; first += productsThatFit) {
    const end = Math.min(count, first + productsThatFit);
    let worth = 0;
    for (let i = first; i < end; i += 1) {
      const tick = limit[i]! >>> 1;
      const sells = -(limit[i]! & 1);
      const better = tick - priceTick[node[i]!]!;
      if (better === 0) {
        marginal.push(i);
        continue;
      }
      // Masks instead of branches, which would be guessed wrong every other time: -1 for yes, 0 for no.
      const fills = ~((better >> 31) ^ sells);
      const fillWh = wh[i]! & fills;
      fillsWh[i] = fillWh;
      boughtWh += fillWh & ~sells;
      worth += ((tick ^ sells) - sells) * fillWh;
    }
    welfare.add(worth);
  }
  return { marginal, boughtWh };
}

/** The entries of each margin as chains, by the step at its head: marginal orders, then subtrees that a line cuts off. */
function fillMargin(
  { node, limit, wh }: NodalBook,
  walk: FeederWalk,
  margins: Margins,
  marginal: readonly number[],
  tieStart: number,
  fillsWh: Int32Array,
): void {
  const { steps, stepOf, parent } = walk;
  const { leastWh, asksWh, bidsWh, forcedWh, openAsksWh, openBidsWh } = margins;
  const root = steps - 1;
  const headOf = new Int32Array(steps);
  headOf[root] = root;
  for (let step = root - 1; step >= 0; step -= 1)
    headOf[step] = isJoined(margins, step) ? headOf[parent[step]!]! : step;

  const firstOrder = new Int32Array(steps).fill(-1);
  const nextOrder = new Int32Array(marginal.length);
  for (let k = marginal.length - 1; k >= 0; k -= 1) {
    const head = headOf[stepOf[node[marginal[k]!]!]!]!;
    nextOrder[k] = firstOrder[head]!;
    firstOrder[head] = k;
  }
  const firstSubtree = new Int32Array(steps).fill(-1);
  const nextSubtree = new Int32Array(steps);
  for (let v = steps - 1; v > 0; v -= 1) {
    const step = stepOf[v]!;
    if (headOf[step] !== step) continue;
    const above = headOf[parent[step]!]!;
    nextSubtree[step] = firstSubtree[above]!;
    firstSubtree[above] = step;
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
    for (let step = firstSubtree[head]!; step >= 0; step = nextSubtree[step]!) {
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

/** So many products of a tick and an order's Wh add up to less than 2^53. */
const productsThatFit = 256;
