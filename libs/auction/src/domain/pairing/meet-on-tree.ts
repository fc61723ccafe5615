import type { LargestOwner } from './largest-owner.js';
import { OwnerQueues } from './owner-queues.js';
import type { PairList } from './pair-list.js';
import type { TradedOrders } from './traded-orders.js';

export interface Meeting {
  readonly traded: TradedOrders;
  /** What of each order's fill is not paired yet; counted down. */
  readonly leftWh: Int32Array;
  readonly pairs: PairList;
  /** Orders of one owner are never paired here. */
  readonly owner: Int32Array;
  readonly parent: Int32Array;
  /** Undefined when all stand at the root. */
  readonly node: Int32Array | undefined;
}

/**
 * Pairs what meets at each node, the farthest from the root first; what is left goes on to the parent. With `largest` it stops
 * as soon as one owner has half of all that is left, and answers who: from then on every pair must have that owner in it, or
 * the owner would be left alone with itself at the end.
 */
export function meetOnTree(meeting: Meeting, largest?: LargestOwner): number | undefined {
  const { traded, leftWh, owner, parent, node } = meeting;
  const queues = new OwnerQueues(2 * parent.length, owner);
  const nodeOf = (order: number): number => node?.[order] ?? 0;
  for (const buy of traded.buys) if (leftWh[buy]! > 0) queues.append(2 * nodeOf(buy), buy);
  for (const sell of traded.sells) if (leftWh[sell]! > 0) queues.append(2 * nodeOf(sell) + 1, sell);
  for (let v = parent.length - 1; v >= 0; v--) {
    const half = meetAtNode(meeting, queues, v, largest);
    if (half !== undefined) return half;
    if (v === 0) break;
    queues.move(2 * v, 2 * parent[v]!);
    queues.move(2 * v + 1, 2 * parent[v]! + 1);
  }
  return undefined;
}

function meetAtNode(
  { leftWh, pairs, owner }: Meeting,
  queues: OwnerQueues,
  v: number,
  largest: LargestOwner | undefined,
): number | undefined {
  const [buys, sells] = [2 * v, 2 * v + 1];
  for (;;) {
    let buy = queues.first(buys);
    let sell = queues.first(sells);
    if (buy < 0 || sell < 0) return undefined;
    if (largest && largest.excessWh() >= 0) return largest.largest();
    if (owner[buy] === owner[sell]) {
      const another = queues.firstOfAnother(sells);
      if (another >= 0) sell = another;
      else buy = queues.firstOfAnother(buys);
      if (buy < 0) return undefined;
    }

    let wh = Math.min(leftWh[buy]!, leftWh[sell]!);
    if (largest) wh -= takenTooMuch(largest, owner[buy]!, owner[sell]!, wh);
    pairs.add(buy, sell, wh);
    leftWh[buy]! -= wh;
    leftWh[sell]! -= wh;
    if (leftWh[buy] === 0) queues.drop(buys, buy);
    if (leftWh[sell] === 0) queues.drop(sells, sell);
  }
}

/** Takes the pair from what its owners have left, but no more than leaves a third owner with half of the rest; answers what it gave back. */
function takenTooMuch(largest: LargestOwner, buyer: number, seller: number, wh: number): number {
  largest.take(buyer, wh);
  largest.take(seller, wh);
  const excess = largest.excessWh();
  if (excess <= 0) return 0;
  largest.take(buyer, -excess);
  largest.take(seller, -excess);
  return excess;
}
