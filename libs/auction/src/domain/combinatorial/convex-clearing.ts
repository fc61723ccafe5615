import { deferInto } from './deferral-flow.js';
import { cheapestTick, dearestTick, surplusAt, wantedAt } from './offer.js';
import type { Position } from './position.js';

/** The best clearing of a position, before any price is chosen. */
export interface ConvexClearing {
  /** What the fixed orders and the deferrals take out of each interval's curve, less what they bring. */
  readonly demandWh: Float64Array;
  /** Of each deferral, the Wh in each interval of its window. */
  readonly deferredWh: readonly Float64Array[];
  /** The lowest and the highest price at which each interval's curve gives exactly that. */
  readonly lowTick: Int32Array;
  readonly highTick: Int32Array;
}

/** Undefined where some interval cannot give what is fixed, or take it. */
export function clearConvex(position: Position): ConvexClearing | undefined {
  const { model, fixedBuyWh, fixedSellWh } = position;
  const demandWh = fixedBuyWh.map((wh, t) => wh - fixedSellWh[t]!);
  const deferredWh = deferInto(position, demandWh);
  if (!deferredWh) return undefined;
  const lowTick = model.plainLowTick.slice();
  const highTick = model.plainHighTick.slice();
  for (const t of model.touched) {
    const wh = demandWh[t]!;
    if (wh < surplusAt(position, t, 0) || wh > surplusAt(position, t, model.topTick + 1)) return undefined;
    lowTick[t] = Math.max(0, cheapestTick(position, t, wh));
    highTick[t] = dearestTick(position, t, wh);
  }
  return { demandWh, deferredWh, lowTick, highTick };
}

/** What the bids of the curve buy: as much as its asks and the demand from outside leave to them at the equilibrium. */
export function boughtWh(position: Position, { demandWh, lowTick }: ConvexClearing, t: number): number {
  const p = lowTick[t]!;
  const offeredWh = surplusAt(position, t, p + 1) + wantedAt(position, t, p + 1);
  return Math.min(wantedAt(position, t, p), offeredWh - demandWh[t]!);
}
