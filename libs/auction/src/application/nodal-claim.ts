import { isObject } from './field-reader.js';
import type { AuctionCase, CaseNetwork } from './auction-case.js';

type Amounts = ReadonlyMap<string, bigint>;

/**
 * Whether somebody else's answer to a nodal case is as good as ours. Fills and prices of equal worth are equally right, so
 * they are not compared but checked: the fills must be possible and worth the best welfare, the prices must prove that
 * nothing is worth more. One line for each thing that is wrong.
 */
export function nodalClaimFlaws(
  { orders, network }: AuctionCase,
  claim: Readonly<Record<string, unknown>>,
  bestWelfare: bigint,
): string[] {
  const tree = treeOf(network!);
  const read = new ClaimReader();
  const flaws: string[] = [];
  if (isObject(claim['fills'])) {
    const ids = orders.map(({ id }) => id);
    const fills = read.amounts(claim['fills'], 'fills', ids, 0n);
    flaws.push(...fillFlaws(orders, tree, fills, bestWelfare));
    if (Array.isArray(claim['flows']))
      flaws.push(...flowFlaws(tree, read.flows(claim['flows']), flowsOf(orders, tree, fills)));
  }
  if (isObject(claim['prices'])) {
    const prices = read.amounts(claim['prices'], 'prices', network!.nodes, undefined);
    if (read.flaws.length === 0) flaws.push(...priceFlaws(orders, tree, prices, bestWelfare));
  }
  return [...read.flaws, ...flaws];
}

interface Tree {
  /** Children before parents. */
  readonly lines: readonly TreeLine[];
  readonly root: string;
}

type TreeLine = CaseNetwork['edges'][number];

function treeOf({ nodes, edges }: CaseNetwork): Tree {
  const linesBelow = new Map<string, TreeLine[]>(nodes.map((node) => [node, []]));
  for (const line of edges) linesBelow.get(line.parent)!.push(line);
  const isChild = new Set(edges.map(({ child }) => child));
  const root = nodes.find((node) => !isChild.has(node))!;
  const reached = [root];
  const fromTheRoot: TreeLine[] = [];
  for (let i = 0; i < reached.length; i += 1) {
    for (const line of linesBelow.get(reached[i]!)!) {
      fromTheRoot.push(line);
      reached.push(line.child);
    }
  }
  return { lines: fromTheRoot.toReversed(), root };
}

/** On a tree the fills decide the flows: what leaves a subtree is what is sold less what is bought inside. Up counts as positive. */
function flowsOf(orders: AuctionCase['orders'], { lines, root }: Tree, fills: Amounts): Map<string, bigint> {
  const up = new Map<string, bigint>([[root, 0n]]);
  const add = (node: string, amount: bigint): unknown => up.set(node, (up.get(node) ?? 0n) + amount);
  for (const { id, side, node } of orders) add(node!, side === 'SELL' ? fills.get(id)! : -fills.get(id)!);
  for (const { child, parent } of lines) add(parent, up.get(child) ?? 0n);
  return up;
}

function fillFlaws(orders: AuctionCase['orders'], tree: Tree, fills: Amounts, bestWelfare: bigint): string[] {
  const flaws: string[] = [];
  let worth = 0n;
  for (const { id, side, qty, price } of orders) {
    const fill = fills.get(id)!;
    if (fill < 0n || fill > BigInt(qty)) flaws.push(`fills.${id}: expected ${fill}, which is not between 0 and ${qty}`);
    worth += BigInt(side === 'BUY' ? price : -price) * fill;
  }
  const up = flowsOf(orders, tree, fills);
  for (const { child, parent, importCapacity, exportCapacity, fee } of tree.lines) {
    const flow = up.get(child) ?? 0n;
    if (flow > BigInt(exportCapacity) || -flow > BigInt(importCapacity)) {
      flaws.push(`fills: expected fills send ${flow} from ${child} to ${parent}, more than the line takes`);
    }
    worth -= BigInt(fee) * (flow < 0n ? -flow : flow);
  }
  if (up.get(tree.root) !== 0n) flaws.push('fills: expected fills do not buy what they sell');
  if (flaws.length === 0 && worth !== bestWelfare)
    flaws.push(`fills: expected fills are worth ${worth}, the best ${bestWelfare}`);
  return flaws;
}

function flowFlaws({ lines }: Tree, flows: ReadonlyMap<string, bigint>, up: Amounts): string[] {
  return lines.flatMap(({ child, parent }) => {
    const claimed = flows.get(`${child}\n${parent}`) ?? -(flows.get(`${parent}\n${child}`) ?? 0n);
    const flow = up.get(child) ?? 0n;
    return claimed === flow
      ? []
      : [`flows: expected ${claimed} from ${child} to ${parent}, the expected fills make it ${flow}`];
  });
}

/** Any prices bound the welfare from above; right ones bound it by itself. */
function priceFlaws(orders: AuctionCase['orders'], { lines }: Tree, prices: Amounts, bestWelfare: bigint): string[] {
  let bound = 0n;
  for (const { side, qty, price, node } of orders) {
    const gain = side === 'BUY' ? BigInt(price) - prices.get(node!)! : prices.get(node!)! - BigInt(price);
    bound += BigInt(qty) * positive(gain);
  }
  for (const { child, parent, importCapacity, exportCapacity, fee } of lines) {
    const rise = prices.get(parent)! - prices.get(child)!;
    bound +=
      BigInt(exportCapacity) * positive(rise - BigInt(fee)) + BigInt(importCapacity) * positive(-rise - BigInt(fee));
  }
  return bound === bestWelfare
    ? []
    : [`prices: expected prices prove a welfare of ${bound}, the best is ${bestWelfare}`];
}

const positive = (amount: bigint): bigint => (amount > 0n ? amount : 0n);

class ClaimReader {
  readonly flaws: string[] = [];

  amounts(
    value: Readonly<Record<string, unknown>>,
    at: string,
    names: readonly string[],
    missing: bigint | undefined,
  ): Map<string, bigint> {
    const known = new Set(names);
    for (const name of Object.keys(value))
      if (!known.has(name)) this.flaws.push(`${at}.${name}: expected, but the case has none`);
    return new Map(names.map((name) => [name, this.#whole(value, name, at, missing)]));
  }

  flows(entries: readonly unknown[]): Map<string, bigint> {
    return new Map(
      entries.map((entry, i) => {
        const flow = isObject(entry) ? entry : {};
        return [`${String(flow['from'])}\n${String(flow['to'])}`, this.#whole(flow, 'flow', `flows[${i}]`, undefined)];
      }),
    );
  }

  #whole(value: Readonly<Record<string, unknown>>, name: string, at: string, missing: bigint | undefined): bigint {
    const amount = Object.hasOwn(value, name) ? value[name] : undefined;
    if (typeof amount === 'number' && Number.isSafeInteger(amount)) return BigInt(amount);
    if (amount === undefined && missing !== undefined) return missing;
    this.flaws.push(`${at}.${name}: expected a whole number there`);
    return 0n;
  }
}
