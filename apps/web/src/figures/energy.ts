import { decimal } from './decimal.js';

const kilo = (value: bigint): string =>
  new Intl.NumberFormat('en-GB', { maximumFractionDigits: value < 10_000n && value > -10_000n ? 2 : 1 }).format(
    decimal(value, 3),
  );

/** `0.41 kWh`; from 10 kWh on one digit is enough, and what would read 0 kWh is told in Wh. */
export const formatKwh = (energyWh: bigint): string =>
  energyWh !== 0n && energyWh < 10n && energyWh > -10n ? `${energyWh} Wh` : `${kilo(energyWh)} kWh`;

export const formatKw = (powerW: bigint): string => `${kilo(powerW)} kW`;

/** The average power over an interval, rounded down to the watt. */
export const averageW = (energyWh: bigint, intervalMinutes: number): bigint =>
  (energyWh * 60n) / BigInt(intervalMinutes);

/** Whole percent, rounded half up; 0 of nothing. */
export const percentOf = (part: bigint, whole: bigint): number =>
  whole <= 0n ? 0 : Number((part * 200n + whole) / (whole * 2n));

export const sum = (values: Iterable<bigint>): bigint => {
  let total = 0n;
  for (const value of values) total += value;
  return total;
};
