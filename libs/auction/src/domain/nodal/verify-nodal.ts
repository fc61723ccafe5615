import { mostTicks } from '../book/book.js';
import { middle } from '../book/clearing.js';
import type { KernelKind } from '../kernels/kernel.js';
import type { Checked } from '../refusal.js';
import { frameRefusal, nodalRefusal } from './check-nodal.js';
import { limitWh } from './feeder-walk.js';
import type { Network } from './network.js';
import type { NodalBook, NodalClearing, NodalRules } from './nodal-clearing.js';
import { priceRange } from './nodal-prices.js';
import { clearedMargins, sharesFlaw } from './shares-flaw.js';
import { treeAudit, treeWith } from './tree-passes.js';
import { WideSum } from './wide-sum.js';

/**
 * What is wrong with a clearing, or undefined when it is exactly the one that the rules demand. Found from its own
 * numbers in one reading of the book, on another way than it was made on: fills and flows say which prices they could
 * stand at, line by line; the prices must be the middle of those, and the margins shared fairly. Orders and lines that all
 * follow their prices prove that nothing better could trade: it is the same as `nodalGap` being 0.
 */
export function verifyNodal(
  book: NodalBook,
  network: Network,
  rules: NodalRules,
  clearing: NodalClearing,
  kind?: KernelKind,
): string | undefined {
  const frame = frameRefusal(book, network, rules);
  if (frame) return told(frame);
  if (
    clearing.priceTick.length !== network.count ||
    clearing.flowWh.length !== network.count ||
    clearing.fillsWh.length !== book.count
  ) {
    return 'there is not one price and flow for each node and one fill for each order';
  }
  const tree = treeWith(book, network, kind);
  const margins = tree && treeAudit(tree, book, network.count, clearing);
  if (margins) return sharesFlaw(book, network, rules, clearing, margins);

  // Where something is wrong, this way says what.
  const refusal = nodalRefusal(book, network, rules);
  if (refusal) return told(refusal);
  const nodes = readOrders(book, network, clearing);
  if (typeof nodes === 'string') return nodes;
  return (
    linesFlaw(network, clearing, nodes) ??
    sharesFlaw(book, network, rules, clearing, clearedMargins(book, network, clearing, nodes.marginal))
  );
}

const told = (answer: Checked<never>): string | undefined =>
  answer.ok ? undefined : `${answer.refusal.at}: ${answer.refusal.why}`;

/** What the orders at each node come to. */
interface Nodes {
  /** Sold less bought. */
  readonly sentWh: Float64Array;
  /** Per node its price, and the lowest and highest at which its orders want just their fills: side by side, to be found in one place. */
  readonly prices: Int32Array;
  readonly marginal: readonly number[];
}

const low = 1;
const high = 2;
const wide = 4;

function readOrders(
  { count, node, limit, wh }: NodalBook,
  network: Network,
  { priceTick, fillsWh, volumeWh, welfare, flowWh }: NodalClearing,
): Nodes | string {
  const sentWh = new Float64Array(network.count);
  const prices = new Int32Array(wide * network.count);
  for (let v = 0; v < network.count; v += 1) {
    prices[wide * v] = priceTick[v]!;
    prices[wide * v + low] = -1;
    prices[wide * v + high] = mostTicks;
  }
  const marginal: number[] = [];
  const worth = new WideSum();
  let boughtWh = 0;
  for (let first = 0; first < count; first += productsThatFit) {
    const end = Math.min(count, first + productsThatFit);
    let some = 0;
    for (let i = first; i < end; i += 1) {
      const v = node[i]!;
      const tick = limit[i]! >>> 1;
      const fillWh = fillsWh[i]!;
      const leftWh = wh[i]! - fillWh;
      if ((fillWh | leftWh) < 0) return `order ${i}: a fill is not between nothing and the whole order`;
      const at = wide * v;
      if (tick === prices[at]) marginal.push(i);
      // An ask that sells and a bid that is left over would not stand at a lower price; the others at no higher one.
      const sells = -(limit[i]! & 1);
      // (Branches on that would be guessed wrong; masks are not: raise by, or lower by, what is positive.)
      const raise = (tick | ~(-((fillWh & sells) | (leftWh & ~sells)) >> 31)) - prices[at + low]!;
      const lower = prices[at + high]! - (tick | (~(-((leftWh & sells) | (fillWh & ~sells)) >> 31) & mostTicks));
      prices[at + low]! += raise & ~(raise >> 31);
      prices[at + high]! -= lower & ~(lower >> 31);
      sentWh[v]! -= (fillWh ^ sells) - sells;
      boughtWh += fillWh & ~sells;
      some += ((tick ^ sells) - sells) * fillWh;
    }
    worth.add(some);
  }
  const range = priceRange({ count, limit });
  for (let v = 0; v < network.count; v += 1) {
    const at = wide * v;
    prices[at + low] = Math.max(prices[at + low]!, range.lowest);
    prices[at + high] = Math.min(prices[at + high]!, range.highest);
    if (prices[at]! < prices[at + low]! || prices[at]! > prices[at + high]!) {
      return `node ${v}: an order is not filled as its price demands`;
    }
    if (!Number.isSafeInteger(flowWh[v])) return `node ${v}: a flow is not a whole number`;
    if (v > 0) worth.addProduct(-network.feeTicks[v]!, Math.abs(flowWh[v]!));
  }
  if (boughtWh !== volumeWh) return 'the volume is not what is bought';
  if (worth.value() !== welfare) return 'the welfare is not what the trades are worth';
  return { sentWh, prices, marginal };
}

/** So many products of a tick and an order's Wh add up to less than 2^53. */
const productsThatFit = 256;

function linesFlaw(
  network: Network,
  { priceTick, flowWh }: NodalClearing,
  { sentWh, prices }: Nodes,
): string | undefined {
  for (let v = network.count - 1; v >= 0; v -= 1) {
    const flow = flowWh[v]!;
    const at = wide * v;
    const rest = middle(prices[at + low]!, prices[at + high]!);
    if (v === 0) {
      if (sentWh[0] !== 0 || flow !== 0) return 'node 0: sold and bought are not the same';
      return priceTick[0] === rest ? undefined : 'node 0: the price is not the middle of what it may be';
    }
    if (flow !== sentWh[v]) return `node ${v}: the line does not carry what its subtree sends`;
    const importWh = limitWh(network.importWh[v]!);
    const exportWh = limitWh(network.exportWh[v]!);
    if (flow > exportWh || flow < -importWh) return `node ${v}: the line carries more than its limit`;

    // By how much the price above may be higher: a flow pays its fee, and gains more only on a full line.
    const fee = network.feeTicks[v]!;
    const least = flow > 0 ? fee : flow > -importWh ? -fee : -Infinity;
    const most = flow < 0 ? -fee : flow < exportWh ? fee : Infinity;
    const above = network.parent[v]!;
    const difference = priceTick[above]! - priceTick[v]!;
    if (difference < least || difference > most) return `node ${v}: the line's flow does not follow from its prices`;
    const demanded = Math.max(priceTick[above]! - most, Math.min(priceTick[above]! - least, rest));
    if (priceTick[v] !== demanded) return `node ${v}: the price is not the middle of what it may be`;

    sentWh[above]! += flow;
    const place = wide * above;
    prices[place + low] = Math.max(prices[place + low]!, prices[at + low]! + least);
    prices[place + high] = Math.min(prices[place + high]!, prices[at + high]! + most);
  }
  return undefined;
}
