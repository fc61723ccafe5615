import {
  instant,
  type Instant,
  type Interval,
  type IntervalMinutes,
  invariant,
  minutes,
  shareOut,
  type Wh,
  wh,
} from '@kwartier/units';
import type { RegisterTotals } from './readings-message.js';

/** Worst last: a figure is as good as the worst that went into it. */
export const qualities = ['MEASURED', 'ESTIMATED'] as const;
export type Quality = (typeof qualities)[number];

export interface Energy {
  readonly importWh: Wh;
  readonly exportWh: Wh;
}

/** What a point took and gave in one interval. Import and export are never netted. */
export interface IntervalValue extends Energy {
  readonly startsAt: Instant;
  readonly quality: Quality;
}

/** One more revision of a value; earlier ones stand for ever. */
export interface Revision extends IntervalValue {
  readonly pointId: string;
  readonly revision: number;
}

/**
 * The values between two real registers. One interval apart they are measured; across a gap they are estimated in the
 * proportion of `expected` (evenly where nothing is expected) and sum to the difference to the Wh (P5).
 */
export function valuesBetween(
  before: RegisterTotals,
  after: RegisterTotals,
  length: IntervalMinutes,
  expected: (startsAt: Instant) => Energy | undefined,
): IntervalValue[] {
  const importWh = after.importWh - before.importWh;
  const exportWh = after.exportWh - before.exportWh;
  invariant(importWh >= 0n && exportWh >= 0n, 'accepted registers never go back');
  const starts = startsBetween(before, after, length);
  const quality: Quality = starts.length === 1 ? 'MEASURED' : 'ESTIMATED';
  const profile = starts.map(expected);
  const imports = shareOut(importWh, weights(profile.map((energy) => energy?.importWh)));
  const exports = shareOut(exportWh, weights(profile.map((energy) => energy?.exportWh)));
  return starts.map((startsAt, i) => ({ startsAt, quality, importWh: wh(imports[i]!), exportWh: wh(exports[i]!) }));
}

/** The intervals that two registers enclose. */
export function startsBetween(before: RegisterTotals, after: RegisterTotals, length: IntervalMinutes): Instant[] {
  const starts: Instant[] = [];
  for (let at = before.endsAt as number; at < after.endsAt; at += minutes(length)) starts.push(instant(at));
  return starts;
}

function weights(expected: readonly (Wh | undefined)[]): bigint[] {
  const usable = expected.every((one) => one !== undefined) && expected.some((one) => one > 0n);
  return expected.map((one) => (usable ? one! : 1n));
}

/** What a point does in an interval of which nothing is known yet: the mean of the same quarter on earlier days. */
export function provisional(startsAt: Instant, earlierDays: readonly Energy[]): IntervalValue {
  const mean = (all: readonly Wh[]): Wh =>
    all.length === 0 ? wh(0n) : wh(all.reduce((sum, one) => sum + one, 0n) / BigInt(all.length));
  return {
    startsAt,
    quality: 'ESTIMATED',
    importWh: mean(earlierDays.map(({ importWh }) => importWh)),
    exportWh: mean(earlierDays.map(({ exportWh }) => exportWh)),
  };
}

export interface Term {
  readonly register: 'IMPORT' | 'EXPORT';
  readonly overPointId: string;
  readonly overRegister: 'IMPORT' | 'EXPORT';
  readonly factor: number;
}

/** A virtual point's value, or undefined while a part is missing. A register never runs backwards: below zero it stands. */
export function virtualValue(
  { startsAt }: Pick<Interval, 'startsAt'>,
  terms: readonly Term[],
  valueOf: (pointId: string) => IntervalValue | undefined,
): IntervalValue | undefined {
  const sums = { IMPORT: 0n, EXPORT: 0n };
  let quality: Quality = 'MEASURED';
  for (const { register, overPointId, overRegister, factor } of terms) {
    const value = valueOf(overPointId);
    if (!value) return undefined;
    sums[register] += BigInt(factor) * (overRegister === 'IMPORT' ? value.importWh : value.exportWh);
    if (qualities.indexOf(value.quality) > qualities.indexOf(quality)) quality = value.quality;
  }
  const atLeastZero = (sum: bigint) => wh(sum > 0n ? sum : 0n);
  return { startsAt, quality, importWh: atLeastZero(sums.IMPORT), exportWh: atLeastZero(sums.EXPORT) };
}

export const sameValue = (a: IntervalValue, b: IntervalValue): boolean =>
  a.importWh === b.importWh && a.exportWh === b.exportWh && a.quality === b.quality;
