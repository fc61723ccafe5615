import {
  hours,
  type Instant,
  instant,
  later,
  localMidnight,
  localTime,
  minutes,
  startOfLocalDay,
} from '@kwartier/units';

/** The most minutes that a day can have: when clocks go back, 25 hours. */
export const longestDay = 25 * 60;
const wallMinutes = 24 * 60;

/**
 * One local day as a row of minutes. People live by the wall clock and meters count minutes; on the two days on which
 * these differ, only this class knows.
 */
export class LocalDay {
  readonly endsAt: Instant;
  readonly minutes: number;
  /** Days since 1970; names the day's streams of chance. */
  readonly number: number;
  readonly year: number;
  /** 0 on New Year's Day. */
  readonly dayOfYear: number;
  readonly isSunday: boolean;
  readonly isMonday: boolean;
  /** Monday to Friday, unless it is a holiday. */
  readonly isWorkday: boolean;
  private readonly minuteAtWall = new Int16Array(wallMinutes + 1);

  constructor(
    readonly startsAt: Instant,
    timeZone: string,
  ) {
    // No day is longer than 25 hours and no night shorter than that hour.
    this.endsAt = startOfLocalDay(later(startsAt, hours(26)), timeZone);
    this.minutes = (this.endsAt - startsAt) / minutes(1);
    const noon = localTime(later(startsAt, hours(12)), timeZone);
    this.number = Math.floor((startsAt + hours(12)) / hours(24));
    this.year = noon.year;
    this.dayOfYear = Math.round((startsAt - localMidnight(noon.year, 1, 1, timeZone)) / hours(24));
    this.isSunday = noon.weekday === 0;
    this.isMonday = noon.weekday === 1;
    this.isWorkday = noon.weekday >= 1 && noon.weekday <= 5 && !publicHolidays.has(`${noon.month}-${noon.day}`);
    this.readWallClock(timeZone);
  }

  get quarters(): number {
    return this.minutes / 15;
  }

  /** The minute of this day at which the wall clock first shows `wallMinute` or more; held within the day. */
  at(wallMinute: number): number {
    const within = Math.min(wallMinutes, Math.max(0, Math.floor(wallMinute)));
    return this.minuteAtWall[within]!;
  }

  /** 1 at midsummer, -1 at midwinter: the season of a northern place. */
  get summer(): number {
    return Math.cos((2 * Math.PI * (this.dayOfYear - 172)) / 365.25);
  }

  private readWallClock(timeZone: string): void {
    let reached = 0;
    for (let quarter = 0; quarter < this.quarters; quarter++) {
      const shown = localTime(instant(this.startsAt + minutes(15 * quarter)), timeZone).minuteOfDay;
      while (reached < shown + 15) {
        this.minuteAtWall[reached] = 15 * quarter + Math.max(0, reached - shown);
        reached++;
      }
    }
    this.minuteAtWall[wallMinutes] = this.minutes;
  }
}

/** Those of fixed date in all of Germany. */
const publicHolidays = new Set(['1-1', '5-1', '10-3', '12-25', '12-26']);
