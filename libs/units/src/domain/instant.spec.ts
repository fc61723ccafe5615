import fc from 'fast-check';
import {
  alignDown,
  days,
  formatInstant,
  hours,
  type Instant,
  instant,
  intervalFrom,
  isAligned,
  later,
  localTime,
  minutes,
  parseInstant,
  periodBounds,
  periodOf,
  startOfLocalDay,
} from './instant.js';

const at = (text: string): Instant => {
  const parsed = parseInstant(text);
  if (parsed === undefined) throw new Error(`Not an instant: ${text}`);
  return parsed;
};
const anyInstant = fc
  .integer({ min: Date.parse('0001-01-01T00:00:00Z'), max: Date.parse('9999-12-31T23:59:59.999Z') })
  .map(instant);

describe('the spelling of an instant', () => {
  it('is read and written as JavaScript does', () => {
    fc.assert(
      fc.property(anyInstant, (moment) => {
        const text = new Date(moment).toISOString();
        expect(parseInstant(text)).toBe(moment);
        expect(formatInstant(moment)).toBe(text.replace('.000Z', 'Z'));
      }),
      { numRuns: 2000 },
    );
  });

  it('reads any date of the calendar and no other', () => {
    const two = (value: number): string => String(value).padStart(2, '0');
    const date = fc.tuple(fc.integer({ min: 1, max: 9999 }), fc.nat({ max: 13 }), fc.nat({ max: 32 }));
    fc.assert(
      fc.property(date, ([year, month, day]) => {
        const text = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T00:00:00Z`;
        const parsed = new Date(text);
        const exists = !Number.isNaN(parsed.getTime()) && parsed.getUTCDate() === day;
        expect(parseInstant(text)).toBe(exists ? parsed.getTime() : undefined);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['2026-06-21T12:00:00.5Z', '2026-06-21T12:00:00.500Z'],
    ['2026-06-21T12:00:00.05Z', '2026-06-21T12:00:00.050Z'],
    ['2024-02-29T23:59:59Z', '2024-02-29T23:59:59Z'],
    ['1969-12-31T23:59:59Z', '1969-12-31T23:59:59Z'],
  ])('%s is %s', (text, canonical) => {
    expect(formatInstant(at(text))).toBe(canonical);
  });

  it.each<unknown>([
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-06-00T00:00:00Z',
    '2026-06-21T24:00:00Z',
    '2026-06-21T12:60:00Z',
    '2026-06-21T12:00:60Z',
    '2026-06-21T12:00:00',
    '2026-06-21T12:00:00+02:00',
    '2026-06-21T12:00:00z',
    '2026-06-21 12:00:00Z',
    '2026-06-21T12:00Z',
    '2026-06-21T12:00:00.1234Z',
    '2026-06-21T12:00:00.Z',
    '2026-6-21T12:00:00Z',
    ' 2026-06-21T12:00:00Z',
    '2026-06-21T12:00:00Z\n',
    '',
    1_782_043_200_000,
    null,
    undefined,
  ])('is not %j', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

describe('intervals', () => {
  it('are half open and meet without a gap', () => {
    const first = intervalFrom(at('2026-06-21T12:00:00Z'), 15);
    expect(formatInstant(first.endsAt)).toBe('2026-06-21T12:15:00Z');
    expect(intervalFrom(first.endsAt, 15).startsAt).toBe(first.endsAt);
  });

  it.each([5, 15, 30, 60] as const)('of %d minutes hold every instant once, also before 1970', (length) => {
    fc.assert(
      fc.property(anyInstant, (moment) => {
        const { startsAt, endsAt } = intervalFrom(alignDown(moment, length), length);
        expect(startsAt <= moment && moment < endsAt).toBe(true);
        expect(isAligned(startsAt, length)).toBe(true);
        expect(isAligned(moment, length)).toBe(moment === startsAt);
      }),
    );
  });
});

describe('the local clock', () => {
  const zones = [
    'UTC',
    'Europe/Berlin',
    'Atlantic/Azores', // leaps at midnight
    'America/Havana', // leaps at midnight, and has 00:00 twice
    'Africa/Cairo', // leaps at midnight, and falls back at it
    'Australia/Adelaide', // half an hour beside the hour
    'Australia/Lord_Howe', // leaps by half an hour
    'Asia/Kathmandu', // a quarter beside the hour
    'America/New_York',
  ];

  const seasonsOfLeaps = [
    ['2026-03-05T00:00:00Z', '2026-04-26T00:00:00Z'],
    ['2026-10-01T00:00:00Z', '2026-11-03T00:00:00Z'],
  ] as const;

  it.each(zones)('shows what the platform shows in %s, and its days begin where the date changes', (timeZone) => {
    const calendar = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
    const shown = (moment: Instant): string => {
      const { year, month, day, minuteOfDay } = localTime(moment, timeZone);
      const two = (value: number): string => String(value).padStart(2, '0');
      return `${year}-${two(month)}-${two(day)} ${two(Math.floor(minuteOfDay / 60))}:${two(minuteOfDay % 60)}`;
    };
    const wrong: string[] = [];
    for (const [from, to] of seasonsOfLeaps) {
      let today: string | undefined;
      let begin: Instant | undefined; // unknown on the day on which the walk starts
      for (let moment = at(from); moment < at(to); moment = later(moment, minutes(15))) {
        const text = calendar.format(moment);
        const date = text.slice(0, 10);
        if (today !== undefined && today !== date) begin = moment;
        today = date;
        const start = startOfLocalDay(moment, timeZone);
        const right = shown(moment) === text && start === (begin ?? start);
        if (!right) wrong.push(formatInstant(moment));
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    ['a spring day that loses an hour', '2026-03-29T12:00:00Z', 92],
    ['an autumn day that gains one', '2026-10-25T12:00:00Z', 100],
    ['midsummer', '2026-06-21T12:00:00Z', 96],
  ])('counts the quarters of %s in Berlin', (_, noon, quarters) => {
    const start = startOfLocalDay(at(noon), 'Europe/Berlin');
    const end = startOfLocalDay(later(at(noon), days(1)), 'Europe/Berlin');
    expect((end - start) / minutes(15)).toBe(quarters);
  });

  it('knows the weekday, also before 1970', () => {
    expect(localTime(at('2026-06-21T12:00:00Z'), 'Europe/Berlin').weekday).toBe(0);
    expect(localTime(at('2026-06-21T22:00:00Z'), 'Europe/Berlin').weekday).toBe(1);
    expect(localTime(at('1969-12-31T12:00:00Z'), 'UTC').weekday).toBe(3);
  });
});

describe('a billing period', () => {
  it.each([
    ['2026-06', '2026-05-31T22:00:00Z', '2026-06-30T22:00:00Z'],
    ['2026-03', '2026-02-28T23:00:00Z', '2026-03-31T22:00:00Z'],
    ['2026-12', '2026-11-30T23:00:00Z', '2026-12-31T23:00:00Z'],
  ])('%s runs from %s to %s in Berlin', (period, from, to) => {
    expect(periodBounds(period, 'Europe/Berlin')).toEqual({ from: at(from), to: at(to) });
  });

  it('holds exactly the instants that belong to it', () => {
    const year2026 = fc.integer({ min: at('2026-01-02T00:00:00Z'), max: at('2026-12-30T00:00:00Z') }).map(instant);
    fc.assert(
      fc.property(year2026, fc.constantFrom('Europe/Berlin', 'Atlantic/Azores', 'UTC'), (moment, timeZone) => {
        const bounds = periodBounds(periodOf(moment, timeZone), timeZone);
        expect(bounds && bounds.from <= moment && moment < bounds.to).toBe(true);
        expect(periodOf(later(bounds!.to, -1), timeZone)).toBe(periodOf(moment, timeZone));
        expect(periodOf(bounds!.to, timeZone)).not.toBe(periodOf(moment, timeZone));
      }),
    );
  });

  it.each(['2026-13', '2026-00', '2026-6', '26-06', '2026-06-01', ''])('is not %j', (text) => {
    expect(periodBounds(text, 'Europe/Berlin')).toBeUndefined();
  });
});

describe('lengths of time', () => {
  it('are milliseconds', () => {
    expect([minutes(1), hours(1), days(1)]).toEqual([60_000, 3_600_000, 86_400_000]);
  });
});
