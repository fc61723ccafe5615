import { sumWh } from '../book/book.js';
import { invariant } from '../invariant.js';
import type { Level } from './levels.js';

export interface Equilibrium {
  readonly lowTick: number;
  readonly highTick: number;
  readonly volumeWh: bigint;
  readonly lastAskTick: number;
  readonly lastBidTick: number;
}

/**
 * The prices at which nobody wants to trade more or less. With W(x) the energy of all orders, bids and asks alike,
 * limited at x, and B that of all bids: from min{p : W(<=p) >= B} to max{p : W(<p) <= B}. Below the first, the bids
 * above p want more than the asks up to p offer; above the second, the asks below p offer more than the bids from p want.
 * Both are limits of orders when anything trades; undefined when nothing does.
 */
export function equilibriumOf(levels: readonly Level[]): Equilibrium | undefined {
  const allBidsWh = sumWh(levels.map((level) => level.bidsWh));
  const reached = runningSums(levels.map((level) => level.bidsWh + level.asksWh));
  const low = levels[reached.findIndex((upToWh) => upToWh >= allBidsWh)];
  const high = levels[reached.findIndex((upToWh) => upToWh > allBidsWh)];
  if (!low || !high) return undefined;

  const offeredWh = sumWh(levels.filter((level) => level.tick <= low.tick).map((level) => level.asksWh));
  const wantedWh = sumWh(levels.filter((level) => level.tick >= low.tick).map((level) => level.bidsWh));
  const volumeWh = offeredWh < wantedWh ? offeredWh : wantedWh;
  if (volumeWh === 0n) return undefined;
  return {
    lowTick: low.tick,
    highTick: high.tick,
    volumeWh,
    lastAskTick: completes(volumeWh, levels, (level) => level.asksWh),
    lastBidTick: completes(volumeWh, levels.toReversed(), (level) => level.bidsWh),
  };
}

function runningSums(amounts: readonly bigint[]): bigint[] {
  let sum = 0n;
  return amounts.map((amount) => (sum += amount));
}

/** The level at which a side, taken from its best limit on, has given the whole volume. */
function completes(volumeWh: bigint, bestFirst: readonly Level[], energyWh: (level: Level) => bigint): number {
  const reached = runningSums(bestFirst.map(energyWh));
  const last = bestFirst[reached.findIndex((upToWh) => upToWh >= volumeWh)];
  invariant(last, 'no side trades more than it brought');
  return last.tick;
}
