import type { BookColumns } from '../book/columns.js';

/** Whether some member traded on both sides. The book is in order, so a member's orders stand together. */
export function memberOnBothSides({ count, member, limit }: BookColumns, fillsWh: Int32Array): boolean {
  if (eachOnce(member, count)) return false;
  let [memberBefore, sides] = [-1, 0];
  for (let i = 0; i < count; i++) {
    if (member[i] !== memberBefore) sides = 0;
    memberBefore = member[i]!;
    if (fillsWh[i]! > 0) sides |= 1 + (limit[i]! & 1);
    if (sides === 3) return true;
  }
  return false;
}

function eachOnce(member: Int32Array, count: number): boolean {
  let rises = -1;
  for (let i = 1; i < count; i++) rises &= member[i - 1]! - member[i]!;
  return rises < 0;
}

/** The orders that got something, by their place in the book. */
export interface TradedOrders {
  readonly buys: Int32Array;
  readonly sells: Int32Array;
}

/** Without a branch: whether an order trades, and on which side, is more than a processor can guess. */
export function tradedOrders({ count, limit }: BookColumns, fillsWh: Int32Array): TradedOrders {
  const buys = new Int32Array(count + 1);
  const sells = new Int32Array(count + 1);
  let [bought, sold] = [0, 0];
  for (let i = 0; i < count; i++) {
    const filled = -fillsWh[i]! >>> 31;
    const sell = limit[i]! & 1;
    buys[bought] = i;
    sells[sold] = i;
    bought += filled & ~sell;
    sold += filled & sell;
  }
  return { buys: buys.subarray(0, bought), sells: sells.subarray(0, sold) };
}
