import type { Wh } from '@kwartier/units';

/** What the homes of a fixed cell did together in one interval. */
export interface SumOfHomes {
  readonly homes: number;
  readonly importWh: Wh;
  readonly exportWh: Wh;
  readonly localWh: Wh;
}

/** The sum, or undefined where too few homes stand in it to hide anyone (P10). Nobody chooses a cell, so none can be subtracted. */
export const shownSum = (sum: SumOfHomes, leastHomes: number): SumOfHomes | undefined =>
  sum.homes >= leastHomes ? sum : undefined;
