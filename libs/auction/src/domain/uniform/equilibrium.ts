import { type ClearingRules, middle } from '../book/clearing.js';
import { invariant } from '../invariant.js';

/** What both sides want around the lowest equilibrium price: enough to say who trades how much. */
export interface Crossing {
  /** The lowest price at which nobody wants to trade more or less. */
  readonly lowTick: number;
  /** Bids above the low price (D+), bids at or above it (D). */
  readonly wantedAboveWh: number;
  readonly wantedWh: number;
  /** Asks below the low price (S-), asks at or below it (S). */
  readonly offeredBelowWh: number;
  readonly offeredWh: number;
}

/** The limits next to the low price, each undefined where there is none. */
export interface Neighbours {
  readonly askBelow: number | undefined;
  readonly bidAbove: number | undefined;
  /** The lowest limit of any side above. */
  readonly above: number | undefined;
}

export interface Equilibrium extends Crossing {
  readonly volumeWh: number;
  readonly highTick: number;
  readonly lastAskTick: number;
  readonly lastBidTick: number;
}

/**
 * Everything about the price that follows from the crossing; undefined where nothing trades. The neighbours are asked
 * for only where one side ends exactly at the low price, as finding them may cost a pass.
 */
export function equilibriumAt(crossing: Crossing, neighbours: () => Neighbours): Equilibrium | undefined {
  const { lowTick, wantedAboveWh, wantedWh, offeredBelowWh, offeredWh } = crossing;
  const volumeWh = Math.min(wantedWh, offeredWh);
  if (volumeWh === 0) return undefined;
  invariant(wantedWh < mostSideWh && offeredWh < mostSideWh, 'a side adds up to less than 2^53 Wh');
  const asksEndBelow = volumeWh === offeredBelowWh;
  const bidsEndAbove = volumeWh === wantedAboveWh;
  // Offered is never less than wanted above: equal means that the price may rise to the next limit without a change.
  const mayRise = offeredWh === wantedAboveWh;
  const next = asksEndBelow || bidsEndAbove || mayRise ? neighbours() : noNeighbours;
  // Named one by one: this runs for each book, and copying an object of floats costs more than clearing a small one.
  return {
    lowTick,
    wantedAboveWh,
    wantedWh,
    offeredBelowWh,
    offeredWh,
    volumeWh,
    highTick: mayRise ? known(next.above) : lowTick,
    lastAskTick: asksEndBelow ? known(next.askBelow) : lowTick,
    lastBidTick: bidsEndAbove ? known(next.bidAbove) : lowTick,
  };
}

/** Sums of a side are exact in floats below this. */
export const mostSideWh = 2 ** 53;

/** The price that the rule names, rounded down to the tick. */
export const priceOf = (
  { lowTick, highTick, lastAskTick, lastBidTick }: Equilibrium,
  { priceRule }: Pick<ClearingRules, 'priceRule'>,
): number => (priceRule === 'EQUILIBRIUM' ? middle(lowTick, highTick) : middle(lastAskTick, lastBidTick));

/** The orders that get a part only: all of one side at the low price. */
export interface Rationing {
  readonly limit: number;
  readonly amountWh: number;
  readonly totalWh: number;
}

/** At most one side is rationed at the low price, as the volume is all that the other one brings; undefined where none is. */
export function rationingOf(crossing: Crossing, volumeWh: number): Rationing | undefined {
  const { lowTick, wantedAboveWh, wantedWh, offeredBelowWh, offeredWh } = crossing;
  if (wantedWh > volumeWh) return rationing(lowTick * 2, volumeWh - wantedAboveWh, wantedWh - wantedAboveWh);
  if (offeredWh > volumeWh) return rationing(lowTick * 2 + 1, volumeWh - offeredBelowWh, offeredWh - offeredBelowWh);
  return undefined;
}

const rationing = (limit: number, amountWh: number, totalWh: number): Rationing | undefined =>
  amountWh > 0 ? { limit, amountWh, totalWh } : undefined;

const noNeighbours: Neighbours = { askBelow: undefined, bidAbove: undefined, above: undefined };

function known(limit: number | undefined): number {
  invariant(limit !== undefined, 'where something trades there are limits on both sides of the price');
  return limit;
}
