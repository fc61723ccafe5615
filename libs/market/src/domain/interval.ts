import { hours, type Instant, type IntervalMinutes, later, minutes } from '@kwartier/units';

export type MarketMode = 'FORWARD' | 'METERED' | 'SHARING';

/** How an interval lives. Every step is one guarded statement; a catch-up loop, not a calendar, guarantees progress. */
export type IntervalState = 'OPEN' | 'CLOSING' | 'CLEARED' | 'METERED' | 'SETTLING' | 'SETTLED' | 'FINAL' | 'MISMATCH';

export interface MarketTimes {
  /** Books open this long before their interval. */
  readonly opensMsBefore: number;
  /** In `FORWARD` the gate closes this long before the interval. */
  readonly gateMsBefore: number;
  /** Values are waited for this long after the interval. */
  readonly graceMs: number;
}

export const usualTimes: MarketTimes = { opensMsBefore: hours(2), gateMsBefore: minutes(5), graceMs: hours(1) };

/** When the book freezes at the latest: in `METERED` one interval after the time of grace, in which what is missing is estimated. */
export const gateOf = (mode: MarketMode, startsAt: Instant, length: IntervalMinutes, times: MarketTimes): Instant =>
  mode === 'FORWARD' ? later(startsAt, -times.gateMsBefore) : later(startsAt, 2 * minutes(length) + times.graceMs);
