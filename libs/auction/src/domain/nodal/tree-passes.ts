import { invariant } from '../invariant.js';
import { type TreeKernel, treeKernel } from '../kernels/tree-kernel.js';
import type { KernelKind } from '../kernels/kernel.js';
import { fillMargins } from './margin-fills.js';
import type { SharedMargins } from './margins.js';
import type { Network } from './network.js';
import type { NodalBook, NodalClearing, NodalRules } from './nodal-clearing.js';
import type { ClearedMargins } from './shares-flaw.js';
import { mostRungs } from './short-ladders.js';

/**
 * The compiled passes with this auction in their columns; undefined where there are none, or an order is none: the
 * same is then done, or refused, in JavaScript. What frames the book must have been checked.
 */
export function treeWith(book: NodalBook, network: Network, kind?: KernelKind): TreeKernel | undefined {
  const tree = kind === 'JS' ? undefined : treeKernel(book.count, network.count);
  if (!tree) return undefined;
  const { count } = book;
  tree.limits(count).set(firstOf(book.limit, count));
  for (const column of ['wh', 'node'] as const) tree.ints(column, count).set(firstOf(book[column], count));
  for (const column of ['parent', 'importWh', 'exportWh', 'feeTicks'] as const) {
    tree.ints(column, network.count).set(firstOf(network[column], network.count));
  }
  return tree.run.check(count, network.count) === 0 ? tree : undefined;
}

const firstOf = <Numbers extends Int32Array | Uint16Array>(numbers: Numbers, count: number): Numbers =>
  numbers.length === count ? numbers : (numbers.subarray(0, count) as Numbers);

/** The prices, in the column of the nodes, and the rungs moved on the way. */
export function treePrices(
  { run }: TreeKernel,
  { count }: NodalBook,
  nodes: number,
  longestShort = mostRungs,
  mostLong = mostLongRungs,
): number {
  run.layOut(count, nodes);
  const moves = run.climb(nodes, longestShort, mostLong);
  run.descend(nodes);
  return moves;
}

/** Everybody's fill at the prices found: as `nodalFills` does it. */
export function treeFills(tree: TreeKernel, book: NodalBook, nodes: number, rules: NodalRules): NodalClearing {
  const { run } = tree;
  const marginals = run.fill(book.count, nodes);
  invariant(run.openMargins(nodes, marginals) !== 0, 'prices leave every line a flow');
  const fillsWh = tree.ints('fillsWh', book.count);
  const marginal = tree.ints('marginal', marginals);
  fillMargins(book, treeMargins(tree, nodes), marginal, rules.tieStart, fillsWh);
  invariant(run.total(marginals, nodes) !== 0, 'what is bought is sold');
  // Copies, because the next auction overwrites the columns.
  return {
    priceTick: tree.ints('priceTick', nodes).slice(),
    flowWh: tree.floats('flowWh', nodes).slice(),
    fillsWh: fillsWh.slice(),
    welfare: tree.foundWide(),
    volumeWh: tree.floats('found', 1)[0]!,
  };
}

const treeMargins = (tree: TreeKernel, nodes: number): SharedMargins => ({
  leastWh: tree.floats('leastWh', nodes),
  asksWh: tree.floats('asksWh', nodes),
  bidsWh: tree.floats('bidsWh', nodes),
  forcedWh: tree.floats('forcedWh', nodes),
  openAsksWh: tree.floats('openAsksWh', nodes),
  openBidsWh: tree.floats('openBidsWh', nodes),
  headOf: tree.ints('headOf', nodes),
  headOfNode: tree.ints('headOfNode', nodes),
  cutOff: tree.ints('cutOff', tree.run.cutOffs.value),
  headAbove: tree.ints('headAbove', tree.run.cutOffs.value),
});

/** The margins of a clearing whose prices, flows and sums are in order; undefined when something is not. */
export function treeAudit(
  tree: TreeKernel,
  { count }: NodalBook,
  nodes: number,
  { priceTick, flowWh, fillsWh, volumeWh, welfare }: NodalClearing,
): ClearedMargins | undefined {
  tree.ints('priceTick', nodes).set(priceTick);
  tree.floats('flowWh', nodes).set(flowWh);
  tree.ints('fillsWh', count).set(fillsWh);
  const marginals = tree.run.audit(count, nodes);
  if (marginals < 0 || tree.floats('found', 1)[0] !== volumeWh) return undefined;
  if (!tree.run.auditLines(nodes) || tree.foundWide() !== welfare) return undefined;
  const cutOffs = tree.run.auditMargins(nodes, marginals);
  return {
    marginal: tree.ints('marginal', marginals),
    headOf: tree.ints('headOf', nodes),
    cutOff: tree.ints('cutOff', cutOffs),
    leastWh: tree.floats('leastWh', nodes),
    openAsksWh: tree.floats('asksWh', nodes),
    openBidsWh: tree.floats('bidsWh', nodes),
  };
}

/** As long as the passes have room for. */
const mostLongRungs = 8192;
