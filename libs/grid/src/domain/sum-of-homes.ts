import { type Wh, wh } from '@kwartier/units';

export interface HomeEnergy {
  readonly pointId: string;
  readonly importWh: Wh;
  readonly exportWh: Wh;
  readonly localWh: Wh;
}

export interface SumOfHomes {
  readonly homes: number;
  readonly importWh: Wh;
  readonly exportWh: Wh;
  readonly localWh: Wh;
}

/** The sum over a fixed cell of homes, or undefined where too few stand in it to hide anyone (P10). */
export function sumOfHomes(homes: readonly HomeEnergy[], leastHomes: number): SumOfHomes | undefined {
  if (homes.length < leastHomes) return undefined;
  const sum = { homes: homes.length, importWh: 0n, exportWh: 0n, localWh: 0n };
  for (const home of homes) {
    sum.importWh += home.importWh;
    sum.exportWh += home.exportWh;
    sum.localWh += home.localWh;
  }
  return { homes: sum.homes, importWh: wh(sum.importWh), exportWh: wh(sum.exportWh), localWh: wh(sum.localWh) };
}
