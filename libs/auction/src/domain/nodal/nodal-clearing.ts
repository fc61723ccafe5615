import type { BookColumns } from '../book/columns.js';

/** A book whose orders stand at the nodes of a feeder tree. */
export interface NodalBook extends BookColumns {
  /** Where each order stands, in book order. */
  readonly node: Int32Array;
}

/**
 * What clearing a feeder tree publishes. There is no price rule to choose: a nodal price also settles the lines, and
 * only a price at which nobody wants to trade more or less can do that, so the middle of such prices is taken and
 * `SHARED_MARGIN` has no meaning here.
 */
export interface NodalClearing {
  /** One price per node, traded there or not: never below the cheapest ask nor above the dearest bid of the book. */
  readonly priceTick: Int32Array;
  /** Up the node's own line, out of its subtree; negative when the subtree imports. 0 at the root. Exact. */
  readonly flowWh: Float64Array;
  /** In book order. */
  readonly fillsWh: Int32Array;
  /** What bids would have paid less what asks would have taken less the fees, in ticks times Wh. */
  readonly welfare: bigint;
  readonly volumeWh: number;
}

export interface NodalRules {
  /** A whole number, not negative. The entries of a split are counted from this number modulo their count. */
  readonly tieStart: number;
}
