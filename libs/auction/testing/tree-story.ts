import { type Line, type Network, networkOf, unlimitedWh } from '../src/domain/nodal/network.js';
import type { NodalBook } from '../src/domain/nodal/nodal-clearing.js';
import { nodalBook, type TreeOrder } from './tree-cases.js';

export interface TreeStory {
  readonly network: Network;
  readonly book: NodalBook;
  /** What the table says: by order, and by node as indexed. */
  readonly fillsWh: number[];
  readonly priceTicks: number[];
  readonly indexOf: ReadonlyMap<string, number>;
}

const nodeRow = /^\s*node (\w+)(?: under (\w+))?((?:, [a-z]+ \d+)*)\s+=> @ (\d+)\s*$/;
const orderRow = /^\s*(buy|sell)\s+(\w+)\s+(\d+) Wh @ (\d+)\s+=> (\d+)\s*$/;

/**
 * Reads a table such as
 * `node station => @ 20`, `node street under station, imports 100, exports 50, fee 2 => @ 18` and
 * `sell street 100 Wh @ 10 => 50`. A limit that is not told is none, a fee is 0.
 */
export function treeStory(table: string): TreeStory {
  const lines: Line[] = [];
  const prices = new Map<string, number>();
  const orders: { node: string; order: Omit<TreeOrder, 'node'>; fillWh: number }[] = [];
  for (const row of table.split('\n').filter((text) => text.trim() !== '')) {
    const [, node, parent, limits, price] = nodeRow.exec(row) ?? [];
    const [, side, at, wh, tick, fill] = orderRow.exec(row) ?? [];
    if (node) {
      const told = (word: string): number | undefined => {
        const number = new RegExp(`, ${word} (\\d+)`).exec(limits ?? '')?.[1];
        return number === undefined ? undefined : Number(number);
      };
      lines.push({
        node,
        parent,
        importWh: told('imports') ?? unlimitedWh,
        exportWh: told('exports') ?? unlimitedWh,
        feeTicks: told('fee') ?? 0,
      });
      prices.set(node, Number(price));
    } else if (at) {
      orders.push({
        node: at,
        order: { sells: side === 'sell', tick: Number(tick), wh: Number(wh) },
        fillWh: Number(fill),
      });
    } else throw new Error(`Neither a node nor an order: ${row}`);
  }
  const made = networkOf(lines);
  if (!made.ok) throw new Error(`${made.refusal.at}: ${made.refusal.why}`);
  const { network, indexOf } = made.value;
  const priceTicks = Array.from({ length: network.count }, () => 0);
  for (const [node, tick] of prices) priceTicks[indexOf.get(node)!] = tick;
  return {
    network,
    indexOf,
    priceTicks,
    book: nodalBook(orders.map(({ node, order }) => ({ ...order, node: indexOf.get(node)! }))),
    fillsWh: orders.map(({ fillWh }) => fillWh),
  };
}
