import { type Network, unlimitedWh } from './network.js';
import type { NodalBook } from './nodal-clearing.js';

/**
 * A network and the orders on it, laid out in the order in which subtrees are finished: children before parents, and of
 * the children the one with most orders first. A step of the walk is a node; its children's last results are always the
 * latest ones, and everything it reads lies together.
 */
export interface FeederWalk {
  readonly steps: number;
  /** Of each node. */
  readonly stepOf: Int32Array;
  /** Of each step: that of the parent, or -1. */
  readonly parent: Int32Array;
  /** Infinity where there is no limit. */
  readonly importWh: Float64Array;
  readonly exportWh: Float64Array;
  readonly feeTicks: Int32Array;
  /** Step s owns the orders from firstOrder[s] up to firstOrder[s + 1]. */
  readonly firstOrder: Int32Array;
  /** The orders by step: limit x 2^31 + Wh, one number that sorts by limit. */
  readonly orders: Float64Array;
}

const energies = 2 ** 31;
const perEnergy = 1 / energies;
/** Twice the tick, and one more for a sell. */
export const limitOf = (order: number): number => (order * perEnergy) | 0;
export const energyOf = (order: number): number => (order - ((order * perEnergy) | 0) * energies) | 0;

export function walkOf(book: NodalBook, network: Network): FeederWalk {
  const steps = network.count;
  const stepOf = stepsOf(book, network);
  const walk: FeederWalk = {
    steps,
    stepOf,
    parent: new Int32Array(steps),
    importWh: new Float64Array(steps),
    exportWh: new Float64Array(steps),
    feeTicks: new Int32Array(steps),
    firstOrder: new Int32Array(steps + 1),
    orders: new Float64Array(book.count),
  };
  const { parent, importWh, exportWh, feeTicks } = walk;
  const root = steps - 1;
  parent[root] = -1;
  importWh[root] = exportWh[root] = Infinity;
  for (let v = 1; v < steps; v += 1) {
    const step = stepOf[v]!;
    parent[step] = stepOf[network.parent[v]!]!;
    importWh[step] = limitWh(network.importWh[v]!);
    exportWh[step] = limitWh(network.exportWh[v]!);
    feeTicks[step] = network.feeTicks[v]!;
  }
  layOut(book, walk);
  return walk;
}

/** Of a line, as a number to compare with. */
export const limitWh = (wh: number): number => (wh === unlimitedWh ? Infinity : wh);

function stepsOf({ count, node }: NodalBook, { count: nodes, parent }: Network): Int32Array {
  const size = new Int32Array(nodes).fill(1);
  const orders = new Int32Array(nodes);
  for (let i = 0; i < count; i += 1) orders[node[i]!]! += 1;
  const firstChild = new Int32Array(nodes).fill(-1);
  const nextBrother = new Int32Array(nodes).fill(-1);
  for (let v = nodes - 1; v > 0; v -= 1) {
    const p = parent[v]!;
    size[p]! += size[v]!;
    orders[p]! += orders[v]!;
    const eldest = firstChild[p]!;
    if (eldest < 0 || orders[v]! >= orders[eldest]!) {
      nextBrother[v] = eldest;
      firstChild[p] = v;
    } else {
      nextBrother[v] = nextBrother[eldest]!;
      nextBrother[eldest] = v;
    }
  }
  // Where a subtree's steps begin is known once its parent's is: no stack is needed, however deep the tree.
  const begin = orders;
  begin[0] = 0;
  for (let v = 0; v < nodes; v += 1) {
    let at = begin[v]!;
    for (let child = firstChild[v]!; child >= 0; child = nextBrother[child]!) {
      begin[child] = at;
      at += size[child]!;
    }
    size[v] = at;
  }
  return size;
}

function layOut({ count, node, limit, wh }: NodalBook, { steps, stepOf, firstOrder, orders }: FeederWalk): void {
  const next = new Int32Array(steps + 1);
  for (let i = 0; i < count; i += 1) next[stepOf[node[i]!]!]! += 1;
  let before = 0;
  for (let step = 0; step <= steps; step += 1) {
    const own = next[step]!;
    next[step] = before;
    firstOrder[step] = before;
    before += own;
  }
  for (let i = 0; i < count; i += 1) {
    const step = stepOf[node[i]!]!;
    const place = next[step]!;
    next[step] = place + 1;
    orders[place] = limit[i]! * energies + wh[i]!;
  }
}
