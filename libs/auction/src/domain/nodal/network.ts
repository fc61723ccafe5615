import { mostTicks } from '../book/book.js';
import { type Checked, refused, taken } from '../refusal.js';

/**
 * A feeder tree. Node 0 is the root, every other node hangs on an earlier one by its own line, so that counting down
 * visits children before parents. The root's line leads nowhere and its numbers are never read.
 */
export interface Network {
  readonly count: number;
  /** -1 for the root, else an earlier node. */
  readonly parent: Int32Array;
  /** The most that may flow down the line into the node's subtree; `unlimitedWh` for no limit. */
  readonly importWh: Int32Array;
  /** The most that may flow up the line out of the node's subtree; `unlimitedWh` for no limit. */
  readonly exportWh: Int32Array;
  /** Paid per Wh that crosses the line, either way. */
  readonly feeTicks: Int32Array;
}

/** One node and the line to its parent, as people write it. */
export interface Line {
  readonly node: string;
  /** Undefined for the root. */
  readonly parent: string | undefined;
  readonly importWh: number;
  readonly exportWh: number;
  readonly feeTicks: number;
}

export interface NamedNetwork {
  readonly network: Network;
  readonly indexOf: ReadonlyMap<string, number>;
}

/** A line with this limit has none. */
export const unlimitedWh = 2 ** 31 - 1;
/** More than the whole price grid would only say that nothing crosses. */
export const mostFeeTicks = mostTicks;
export const mostNodes = 2 ** 24;

/**
 * The tree of these lines, which may come in any order: nodes are numbered level by level, brothers by their name in
 * code units, so that the same lines always make the same network.
 */
export function networkOf(lines: readonly Line[]): Checked<NamedNetwork> {
  if (lines.length > mostNodes) return refused('TOO_MANY', 'lines', `at most ${mostNodes} nodes`);
  const lineOf = new Map<string, Line>();
  for (const line of lines) {
    if (lineOf.has(line.node)) return refused('DUPLICATE', line.node, 'every node has one line');
    lineOf.set(line.node, line);
    for (const [field, most] of numbers) {
      if (!isWhole(line[field], most))
        return refused('OUT_OF_RANGE', `${line.node}.${field}`, `a whole number from 0 to ${most}`);
    }
  }
  const childrenOf = new Map<string | undefined, Line[]>();
  for (const line of lines) {
    if (line.parent !== undefined && !lineOf.has(line.parent)) {
      return refused('UNKNOWN_NODE', `${line.node}.parent`, `a node of the network, not ${line.parent}`);
    }
    const brothers = childrenOf.get(line.parent);
    if (brothers) brothers.push(line);
    else childrenOf.set(line.parent, [line]);
  }
  const roots = childrenOf.get(undefined) ?? [];
  if (roots.length !== 1) return refused('NOT_A_TREE', roots[1]?.node ?? 'lines', 'exactly one node without a parent');

  const inOrder: Line[] = [roots[0]!];
  for (let i = 0; i < inOrder.length; i += 1) {
    const children = childrenOf.get(inOrder[i]!.node);
    if (children) for (const child of children.sort(byName)) inOrder.push(child);
  }
  const indexOf = new Map(inOrder.map(({ node }, i) => [node, i]));
  const stray = lines.find(({ node }) => !indexOf.has(node));
  if (stray) return refused('NOT_A_TREE', stray.node, 'a node that hangs on the root, not a cycle');
  return taken({ network: columnsOf(inOrder, indexOf), indexOf });
}

/** What is wrong with a network that came as columns, or undefined. */
export function networkRefusal({ count, parent, importWh, exportWh, feeTicks }: Network): Checked<never> | undefined {
  if (!isWhole(count, mostNodes) || count === 0) return refused('TOO_MANY', 'network.count', `1 to ${mostNodes} nodes`);
  if (Math.min(parent.length, importWh.length, exportWh.length, feeTicks.length) < count) {
    return refused('MALFORMED', 'network', 'a number for every node in every column');
  }
  if (parent[0] !== -1) return refused('NOT_A_TREE', 0, 'a root at node 0, its parent -1');
  for (let v = 1; v < count; v += 1) {
    if (!(parent[v]! >= 0 && parent[v]! < v)) return refused('NOT_A_TREE', v, 'a parent with a smaller number');
    if (!(importWh[v]! >= 0 && exportWh[v]! >= 0)) return refused('OUT_OF_RANGE', v, 'limits from 0 Wh on');
    if (!(feeTicks[v]! >= 0 && feeTicks[v]! <= mostFeeTicks)) {
      return refused('OUT_OF_RANGE', v, `a fee from 0 to ${mostFeeTicks} ticks`);
    }
  }
  return undefined;
}

const numbers = [
  ['importWh', unlimitedWh],
  ['exportWh', unlimitedWh],
  ['feeTicks', mostFeeTicks],
] as const;

function columnsOf(lines: readonly Line[], indexOf: ReadonlyMap<string, number>): Network {
  return {
    count: lines.length,
    parent: Int32Array.from(lines, ({ parent }) => (parent === undefined ? -1 : indexOf.get(parent)!)),
    importWh: Int32Array.from(lines, ({ importWh }) => importWh),
    exportWh: Int32Array.from(lines, ({ exportWh }) => exportWh),
    feeTicks: Int32Array.from(lines, ({ feeTicks }) => feeTicks),
  };
}

const isWhole = (value: number, most: number): boolean => Number.isInteger(value) && value >= 0 && value <= most;
const byName = (a: Line, b: Line): number => (a.node < b.node ? -1 : 1);
