/** The last of those of a rationed margin who got an odd Wh: whoever stands before it got one too. */
export interface SplitThreshold {
  /** What the share of this order left over, in parts of the margin's energy. */
  readonly remainder: number;
  /** Its place in the margin, counted round from the start that the rules name. */
  readonly place: number;
}

/**
 * What proves a clearing in a few numbers. The sums are taken at the low price: as many Wh are offered up to it as are
 * wanted above it, and fewer are offered below it than are wanted from it on, so no price moves more and none below is one at
 * which nobody wants to trade more or less. Where nothing traded all sums are 0 and all ticks undefined.
 */
export interface UniformCertificate {
  readonly priceTick: number | undefined;
  readonly volumeWh: number;
  /** Bids above the low price (D+), bids at or above it (D). */
  readonly wantedAboveWh: number;
  readonly wantedWh: number;
  /** Asks below the low price (S-), asks at or below it (S). */
  readonly offeredBelowWh: number;
  readonly offeredWh: number;
  readonly lowTick: number | undefined;
  readonly highTick: number | undefined;
  readonly lastAskTick: number | undefined;
  readonly lastBidTick: number | undefined;
  /** Undefined where the side's last limit is not rationed, or its shares leave nothing over. */
  readonly buyThreshold: SplitThreshold | undefined;
  readonly sellThreshold: SplitThreshold | undefined;
}
