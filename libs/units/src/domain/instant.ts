/** A point in time: whole milliseconds since 1970 in UTC. */
export type Instant = number & { readonly unit: 'ms since 1970' };

export const instant = (milliseconds: number): Instant => milliseconds as Instant;
export const minutes = (count: number): number => count * 60_000;
export const hours = (count: number): number => count * 3_600_000;
export const days = (count: number): number => count * 86_400_000;
export const later = (start: Instant, milliseconds: number): Instant => (start + milliseconds) as Instant;

const spelling = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;

/** RFC 3339 with `Z` only; undefined for anything else, also for days that do not exist. */
export function parseInstant(text: unknown): Instant | undefined {
  if (typeof text !== 'string' || !spelling.test(text)) return undefined;
  const [date, time] = text.split('T') as [string, string];
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const [hour, minute, second] = time.slice(0, -1).split(':').map(Number) as [number, number, number];
  const midnight = utcDay(year, month, day);
  if (midnight === undefined || hour > 23 || minute > 59 || second >= 60) return undefined;
  return instant(midnight + hours(hour) + minutes(minute) + Math.round(second * 1000));
}

/** `2026-06-21T12:00:00Z`; milliseconds only where there are any. */
export function formatInstant(at: Instant): string {
  const dayNumber = Math.floor(at / days(1));
  const { year, month, day } = civil(dayNumber);
  const rest = at - days(dayNumber);
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = [rest / hours(1), (rest % hours(1)) / minutes(1), (rest % minutes(1)) / 1000].map((part) =>
    two(Math.floor(part)),
  );
  const millis = rest % 1000 ? `.${String(rest % 1000).padStart(3, '0')}` : '';
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${clock.join(':')}${millis}Z`;
}

/** A quarter of an hour by default: half open, `[startsAt, endsAt)`. */
export interface Interval {
  readonly startsAt: Instant;
  readonly endsAt: Instant;
}

export type IntervalMinutes = 5 | 15 | 30 | 60;

/** Intervals are aligned to the UTC clock, so each belongs to exactly one local hour in every zone of whole quarter-hours. */
export const isAligned = (at: Instant, length: IntervalMinutes): boolean => at % minutes(length) === 0;
export const alignDown = (at: Instant, length: IntervalMinutes): Instant =>
  instant(Math.floor(at / minutes(length)) * minutes(length));
export const intervalFrom = (startsAt: Instant, length: IntervalMinutes): Interval => ({
  startsAt,
  endsAt: later(startsAt, minutes(length)),
});

export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly minuteOfDay: number;
  /** 0 = Sunday. */
  readonly weekday: number;
}

const offsets = new Map<string, number>();
const clocks = new Map<string, Intl.DateTimeFormat>();

/** What the wall clock shows. A local day has 92, 96 or 100 quarters. */
export function localTime(at: Instant, timeZone: string): LocalTime {
  const shifted = at + offset(at, timeZone);
  const dayNumber = Math.floor(shifted / days(1));
  return {
    ...civil(dayNumber),
    minuteOfDay: Math.floor((shifted - days(dayNumber)) / minutes(1)),
    weekday: (((dayNumber + 4) % 7) + 7) % 7,
  };
}

/** The instant at which the local day or month begins. Where clocks leap at midnight it is not 00:00, or 00:00 comes twice. */
export function localMidnight(year: number, month: number, day: number, timeZone: string): Instant {
  const wall = utcFromCivil(year, month, day);
  const offsetsAround = [offset(instant(wall - days(1)), timeZone), offset(instant(wall + days(1)), timeZone)];
  const [early, late] = [wall - Math.max(...offsetsAround), wall - Math.min(...offsetsAround)];
  return instant(localTime(instant(early), timeZone).day === day ? early : late);
}

export const startOfLocalDay = (at: Instant, timeZone: string): Instant => {
  const { year, month, day } = localTime(at, timeZone);
  return localMidnight(year, month, day, timeZone);
};

/** The billing period that an instant falls into: a local calendar month, such as `2026-06`. */
export const periodOf = (at: Instant, timeZone: string): string => {
  const { year, month } = localTime(at, timeZone);
  return `${year}-${String(month).padStart(2, '0')}`;
};

/** The local calendar month `2026-06` as a half-open stretch of time, or undefined if the text is no month. */
export function periodBounds(period: string, timeZone: string): { from: Instant; to: Instant } | undefined {
  const found = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(period);
  if (!found) return undefined;
  const [year, month] = [Number(found[1]), Number(found[2])];
  const next = month === 12 ? { year: year + 1, month: 1 } : { year, month: month + 1 };
  return { from: localMidnight(year, month, 1, timeZone), to: localMidnight(next.year, next.month, 1, timeZone) };
}

/** Offsets change on the hour or, as in Adelaide, half past in UTC, so one look-up in half an hour serves everybody. */
function offset(at: Instant, timeZone: string): number {
  const halfHour = Math.floor(at / minutes(30));
  const key = `${timeZone} ${halfHour}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const found = lookUpOffset(halfHour * minutes(30), timeZone);
  if (offsets.size > 20_000) offsets.clear();
  offsets.set(key, found);
  return found;
}

function lookUpOffset(at: number, timeZone: string): number {
  let clock = clocks.get(timeZone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    clocks.set(timeZone, clock);
  }
  const part: Record<string, number> = {};
  for (const { type, value } of clock.formatToParts(at)) part[type] = Number(value);
  const wall =
    utcFromCivil(part['year']!, part['month']!, part['day']!) + hours(part['hour']!) + minutes(part['minute']!);
  return wall - at;
}

function utcDay(year: number, month: number, day: number): number | undefined {
  const at = utcFromCivil(year, month, day);
  const back = civil(at / days(1));
  return back.year === year && back.month === month && back.day === day ? at : undefined;
}

/** Days are counted in the proleptic Gregorian calendar, in years that begin in March, so that leap days come last. */
function utcFromCivil(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return days(era * 146_097 + dayOfEra - 719_468);
}

function civil(dayNumber: number): { year: number; month: number; day: number } {
  const shifted = dayNumber + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}
