import { days, type Instant, later, localTime, minutes } from '@kwartier/units';

/** The quantiles that every forecast gives. */
export const quantiles = [0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95] as const;
export const medianIndex = 3;

/** How many days back we look; enough for 28 days of one class, workdays or weekends. */
export const mostDaysBack = 42;
const mostSameClass = 28;

/**
 * The fallback ladder's levels that this model serves: 3 the blend, 4 empirical quantiles alone, 6 whatever days there
 * are, 7 nothing known. Levels 0-2 and 5 belong to models to come.
 */
export type Level = 3 | 4 | 6 | 7;

export interface QuantileForecast {
  readonly level: Level;
  /** Whole Wh, rising, one per quantile. */
  readonly wh: readonly number[];
}

/** The same quarter of an hour on the wall clock, `back` local days earlier. */
export function sameQuarter(startsAt: Instant, back: number, timeZone: string): Instant {
  const candidate = later(startsAt, -days(back));
  const shift = localTime(startsAt, timeZone).minuteOfDay - localTime(candidate, timeZone).minuteOfDay;
  const around = shift > 720 ? shift - 1440 : shift < -720 ? shift + 1440 : shift;
  return later(candidate, minutes(around));
}

export const isWeekend = (at: Instant, timeZone: string): boolean => {
  const { weekday } = localTime(at, timeZone);
  return weekday === 0 || weekday === 6;
};

/**
 * Forecasts one register of one point from the same quarter on earlier days: `history[d - 1]` is `d` days back, undefined
 * where nothing was metered or nothing may be known yet. The median is a fixed blend of five naive forecasts, the spread
 * is what the days of the same class showed. Every later model must beat this.
 */
export function blend(history: readonly (number | undefined)[], sameClass: readonly boolean[]): QuantileForecast {
  const known = history.filter((value) => value !== undefined);
  if (known.length === 0) return { level: 7, wh: quantiles.map(() => 0) };
  const classed = history.filter((value, i): value is number => value !== undefined && sameClass[i] === true);
  const sample = (classed.length >= 3 ? classed : known).slice(0, mostSameClass).sort((a, b) => a - b);
  const spread = quantiles.map((quantile) => empirical(sample, quantile));
  if (known.length < 14) return { level: known.length < 7 ? 6 : 4, wh: whole(spread) };
  const median = middle(history);
  return {
    level: 3,
    wh: whole(
      spread.map((value, i) =>
        i < medianIndex ? Math.min(value, median) : i > medianIndex ? Math.max(value, median) : median,
      ),
    ),
  };
}

/** .15 yesterday + .1 a week ago + .3 mean of 7 days + .2 median of 28 + .2 mean of 4 same weekdays; not tuned. */
function middle(history: readonly (number | undefined)[]): number {
  const at = (...back: number[]) => back.map((day) => history[day - 1]).filter((value) => value !== undefined);
  const upTo = (most: number) => at(...Array.from({ length: most }, (_, i) => i + 1));
  const parts: [number, number | undefined][] = [
    [0.15, mean(at(1))],
    [0.1, mean(at(7))],
    [0.3, mean(upTo(7))],
    [0.2, medianOf(upTo(28))],
    [0.2, mean(at(7, 14, 21, 28))],
  ];
  const there = parts.filter((part): part is [number, number] => part[1] !== undefined);
  const weight = there.reduce((sum, [share]) => sum + share, 0);
  // The whole blend weighs .95: loads are skewed, and their median lies below their mean.
  return (there.reduce((sum, [share, value]) => sum + share * value, 0) * 0.95) / weight;
}

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;

const medianOf = (values: readonly number[]): number | undefined =>
  values.length === 0
    ? undefined
    : empirical(
        [...values].sort((a, b) => a - b),
        0.5,
      );

/** The quantile of a sorted sample, between its order statistics. */
function empirical(sorted: readonly number[], quantile: number): number {
  const place = Math.max(0, Math.min(sorted.length - 1, quantile * (sorted.length + 1) - 1));
  const low = Math.floor(place);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (place - low);
}

const whole = (values: readonly number[]): number[] => values.map((value) => Math.max(0, Math.round(value)));
