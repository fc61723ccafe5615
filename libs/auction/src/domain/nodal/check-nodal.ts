import { mostOrders, mostTicks } from '../book/book.js';
import { checkedTieStart } from '../book/checked-rules.js';
import { isColumn } from '../book/columns.js';
import { type Checked, refused } from '../refusal.js';
import { networkRefusal, type Network } from './network.js';
import type { NodalBook, NodalRules } from './nodal-clearing.js';

/** What is wrong with a book, its network or the rules, or undefined. Nothing is cleared that does not pass here. */
export function nodalRefusal(book: NodalBook, network: Network, rules: NodalRules): Checked<never> | undefined {
  return frameRefusal(book, network, rules) ?? ordersRefusal(book, network.count);
}

/** The part of it that is not about any single order. */
export function frameRefusal(
  { count, limit, wh, node }: NodalBook,
  network: Network,
  rules: NodalRules,
): Checked<never> | undefined {
  const started = checkedTieStart(rules.tieStart);
  if (!started.ok) return started;
  const refusal = networkRefusal(network);
  if (refusal) return refusal;
  if (!(Number.isInteger(count) && count >= 0 && count <= mostOrders)) {
    return refused('TOO_MANY', 'count', `at most ${mostOrders} orders`);
  }
  if (!isColumn(limit, 'Uint16Array') || !isColumn(wh, 'Int32Array') || !isColumn(node, 'Int32Array')) {
    return refused('MALFORMED', 'book', 'wh and node as Int32Array, limit as Uint16Array');
  }
  if (Math.min(limit.length, wh.length, node.length) < count) {
    return refused('MALFORMED', 'book', 'a number for every order in every column');
  }
  return undefined;
}

function ordersRefusal({ count, limit, wh, node }: NodalBook, nodes: number): Checked<never> | undefined {
  let totalWh = 0;
  for (let i = 0; i < count; i += 1) {
    if (wh[i]! <= 0) return refused('OUT_OF_RANGE', i, 'an energy from 1 Wh on');
    if (limit[i]! >= 2 * mostTicks) return refused('OUT_OF_RANGE', i, `a limit below tick ${mostTicks}`);
    if (node[i]! < 0 || node[i]! >= nodes) return refused('UNKNOWN_NODE', i, `a node from 0 to ${nodes - 1}`);
    totalWh += wh[i]!;
  }
  return totalWh > Number.MAX_SAFE_INTEGER ? refused('OUT_OF_RANGE', 'wh', 'less than 2^53 Wh in all') : undefined;
}
