import { describe, expect, it } from '@jest/globals';
import { formatClock, formatDay, formatSpan, hourMarks, hours, localDay, minutes } from './time.js';

const at = (text: string) => Date.parse(text);
const quarters = ({ from, to }: { from: number; to: number }) => (to - from) / minutes(15);

describe('local time', () => {
  it.each([
    ['Europe/Amsterdam', '2026-06-21T12:00:00Z', '2026-06-20T22:00:00Z', 96],
    ['Europe/Amsterdam', '2026-03-29T12:00:00Z', '2026-03-28T23:00:00Z', 92],
    ['Europe/Amsterdam', '2026-10-25T00:30:00Z', '2026-10-24T22:00:00Z', 100],
    ['Europe/Amsterdam', '2026-10-25T12:00:00Z', '2026-10-24T22:00:00Z', 100],
    // East of Greenwich the clock changes between this midnight and the same figures read as UTC.
    ['Australia/Sydney', '2026-10-04T02:00:00Z', '2026-10-03T14:00:00Z', 92],
    ['Asia/Kathmandu', '2026-06-21T12:00:00Z', '2026-06-20T18:15:00Z', 96],
    ['America/New_York', '2026-06-21T02:00:00Z', '2026-06-20T04:00:00Z', 96],
  ])('in %s the day of %s starts at %s and has %d quarters', (timeZone, instant, startsAt, count) => {
    const day = localDay(at(instant), timeZone);
    expect(day.from).toBe(at(startsAt));
    expect(quarters(day)).toBe(count);
  });

  it('a midnight belongs to the day that it starts', () => {
    const day = localDay(at('2026-06-20T22:00:00Z'), 'Europe/Amsterdam');
    expect(day.from).toBe(at('2026-06-20T22:00:00Z'));
  });

  it('marks the hours as they stand on the wall, also in a day with one hour twice', () => {
    const day = localDay(at('2026-10-25T12:00:00Z'), 'Europe/Amsterdam');
    expect(hourMarks(day, 6, 'Europe/Amsterdam').map((mark) => formatClock(mark, 'Europe/Amsterdam'))).toEqual([
      '00:00',
      '06:00',
      '12:00',
      '18:00',
    ]);
    const odd = { from: at('2026-06-21T10:05:00Z'), to: at('2026-06-21T10:05:00Z') + hours(3) };
    expect(hourMarks(odd, 1, 'Asia/Kathmandu').map((mark) => formatClock(mark, 'Asia/Kathmandu'))).toEqual([
      '16:00',
      '17:00',
      '18:00',
    ]);
  });

  it('reads like a wall clock', () => {
    expect(formatSpan(at('2026-06-21T21:45:00Z'), 15, 'Europe/Amsterdam')).toBe('23:45–00:00');
    expect(formatDay(at('2026-06-21T22:00:00Z'), 'Europe/Amsterdam')).toBe('Monday 22 June');
  });
});
