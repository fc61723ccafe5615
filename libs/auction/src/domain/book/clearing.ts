/**
 * Where in the possible range the one price lies; the fills are the same under both.
 * `EQUILIBRIUM`: the middle of the prices at which nobody wants to trade more or less.
 * `SHARED_MARGIN`: the middle between the last matched ask and the last matched bid, so that both sides gain
 * even when most limits are tariffs and the equilibrium sits at one of them.
 */
export type PriceRule = 'EQUILIBRIUM' | 'SHARED_MARGIN';

export interface ClearingRules {
  readonly priceRule: PriceRule;
  /** A whole number, not negative. The entries of a split are counted from this number modulo their count. */
  readonly tieStart: number;
}

/** What an auction publishes. */
export interface Outcome {
  /** Undefined where nothing traded: then there is no price. */
  readonly priceTick: number | undefined;
  readonly volumeWh: bigint;
  /** In book order. */
  readonly fillsWh: readonly bigint[];
}

/** An outcome and what explains its price; all four ticks are undefined where nothing traded. */
export interface Clearing extends Outcome {
  /** The lowest and the highest price at which nobody wants to trade more or less. */
  readonly lowTick: number | undefined;
  readonly highTick: number | undefined;
  readonly lastAskTick: number | undefined;
  readonly lastBidTick: number | undefined;
}

/** Rounds down to the tick, towards the buyers. */
export const middle = (low: number, high: number): number => low + Math.floor((high - low) / 2);
