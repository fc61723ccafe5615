import type { BookColumns } from '../book/columns.js';

/** The orders that got something, by their place in the book. */
export interface TradedOrders {
  readonly buys: Int32Array;
  readonly sells: Int32Array;
  /** Whether some member stands on both sides. */
  readonly memberOnBothSides: boolean;
}

/** Without a branch: whether an order trades, and on which side, is more than a processor can guess. */
export function tradedOrders({ count, member, limit }: BookColumns, fillsWh: Int32Array): TradedOrders {
  const buys = new Int32Array(count + 1);
  const sells = new Int32Array(count + 1);
  let [bought, sold] = [0, 0];
  let [memberBefore, sides, both] = [-1, 0, 0];
  for (let i = 0; i < count; i++) {
    const filled = -fillsWh[i]! >>> 31;
    const sell = limit[i]! & 1;
    buys[bought] = i;
    sells[sold] = i;
    bought += filled & ~sell;
    sold += filled & sell;
    const sameMember = -isZero(member[i]! - memberBefore);
    sides = (sides & sameMember) | (filled << sell);
    both |= sides & (sides >> 1);
    memberBefore = member[i]!;
  }
  return { buys: buys.subarray(0, bought), sells: sells.subarray(0, sold), memberOnBothSides: both === 1 };
}

/** 1 for 0, 0 for any larger number of 31 bits. */
const isZero = (value: number): number => (value - 1) >>> 31;
