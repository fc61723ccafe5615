import { firstWhere } from './interval-curve.js';
import { partInFull } from './model.js';
import type { Position } from './position.js';

/** The asks under p less the bids from p on, the choices that may be filled in part among them. */
export function surplusAt({ model, partialWh }: Position, t: number, p: number): number {
  let wh = model.curves[t]!.surplusWh[p]!;
  for (const i of model.lotsAt[t]!) {
    const { sign, tick } = partInFull(model.choices[i]!)!;
    if (sign > 0 ? tick >= p : tick < p) wh -= sign * partialWh[i]!;
  }
  return wh;
}

/** The bids limited at p or above. */
export function wantedAt({ model, partialWh }: Position, t: number, p: number): number {
  let wh = model.curves[t]!.wantedWh[p]!;
  for (const i of model.lotsAt[t]!) {
    const { sign, tick } = partInFull(model.choices[i]!)!;
    if (sign > 0 && tick >= p) wh += partialWh[i]!;
  }
  return wh;
}

/** The lowest price at which the curve offers `wh`; -1 where it does at any, the top where it never does. */
export const cheapestTick = (position: Position, t: number, wh: number): number =>
  firstWhere(-1, position.model.topTick, (p) => surplusAt(position, t, p + 1) >= wh);

/** The highest price up to which the curve offers no more than `wh`. */
export const dearestTick = (position: Position, t: number, wh: number): number =>
  firstWhere(1, position.model.topTick + 1, (p) => surplusAt(position, t, p) > wh) - 1;
