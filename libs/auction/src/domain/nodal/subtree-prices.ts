/** From the cheapest ask to the dearest bid: outside nobody trades, so no node's price need lie there. */
export interface PriceRange {
  readonly lowest: number;
  readonly highest: number;
}

/** What the way up leaves of every subtree for the way down, by step. */
export interface SubtreePrices {
  /** The prices at which the subtree, taken alone, leaves its line idle. */
  readonly restLow: Int32Array;
  readonly restHigh: Int32Array;
  /** The middle of the prices at which it exports, or imports, just what its line carries; the end of the range where it never does. */
  readonly fullExport: Int32Array;
  readonly fullImport: Int32Array;
}
