import type { Network, NodalBook } from '@kwartier/auction';
import { numbersFrom, ticks } from './books.js';

export interface Feeder {
  readonly book: NodalBook;
  readonly network: Network;
}

/** A random tree on which many lines are full, every line with a fee; the orders stand at random nodes. */
export function randomFeeder(orders: number, nodes: number, seed: number): Feeder {
  const next = numbersFrom(seed);
  const below = (end: number): number => Math.floor(next() * end);
  const lineWh = Math.max(1, Math.floor((orders / nodes) * 1500));
  const network = {
    count: nodes,
    parent: Int32Array.from({ length: nodes }, (_, v) => (v === 0 ? -1 : below(v))),
    importWh: Int32Array.from({ length: nodes }, () => lineWh + below(10 * lineWh)),
    exportWh: Int32Array.from({ length: nodes }, () => lineWh + below(10 * lineWh)),
    feeTicks: new Int32Array(nodes).fill(20),
  };
  const book = {
    count: orders,
    member: Int32Array.from({ length: orders }, (_, i) => i),
    limit: Uint16Array.from({ length: orders }, () => below(2 * ticks)),
    wh: Int32Array.from({ length: orders }, () => 1 + below(5000)),
    node: Int32Array.from({ length: orders }, () => below(nodes)),
  };
  return { book, network };
}

/** The same clearing as a linear program, in the words of HiGHS. */
export function linearProgram({ book, network }: Feeder): string {
  const worth: string[] = [];
  const bounds: string[] = [];
  const balance = Array.from({ length: network.count }, (): string[] => []);
  for (let i = 0; i < book.count; i += 1) {
    const isSell = (book.limit[i]! & 1) === 1;
    worth.push(`${isSell ? '-' : '+'} ${book.limit[i]! >>> 1} f${i}`);
    bounds.push(`0 <= f${i} <= ${book.wh[i]}`);
    balance[book.node[i]!]!.push(`${isSell ? '+' : '-'} f${i}`);
  }
  for (let v = 1; v < network.count; v += 1) {
    worth.push(`- ${network.feeTicks[v]} u${v} - ${network.feeTicks[v]} d${v}`);
    bounds.push(`0 <= u${v} <= ${network.exportWh[v]}`, `0 <= d${v} <= ${network.importWh[v]}`);
    balance[v]!.push(`- u${v} + d${v}`);
    balance[network.parent[v]!]!.push(`+ u${v} - d${v}`);
  }
  const rows = balance.flatMap((terms, v) => (terms.length > 0 ? [` b${v}: ${terms.join(' ')} = 0`] : []));
  return `Maximize\n obj: ${worth.join('\n ')}\nSubject To\n${rows.join('\n')}\nBounds\n ${bounds.join('\n ')}\nEnd`;
}
