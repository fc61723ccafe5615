import { localMidnight } from '@kwartier/units';
import { LocalDay } from './local-day.js';

const berlin = (year: number, month: number, day: number) =>
  new LocalDay(localMidnight(year, month, day, 'Europe/Berlin'), 'Europe/Berlin');

describe('LocalDay', () => {
  it.each<[string, LocalDay, number, boolean]>([
    ['a Wednesday', berlin(2026, 6, 17), 96, true],
    ['a Saturday', berlin(2026, 6, 20), 96, false],
    ['Christmas on a Friday', berlin(2026, 12, 25), 96, false],
    ['clocks go forward', berlin(2026, 3, 29), 92, false],
    ['clocks go back', berlin(2026, 10, 25), 100, false],
    ['a leap day', berlin(2028, 2, 29), 96, true],
  ])('%s', (_, day, quarters, isWorkday) => {
    expect(day.quarters).toBe(quarters);
    expect(day.isWorkday).toBe(isWorkday);
  });

  it('follows on without a gap through a whole year', () => {
    let day = berlin(2026, 1, 1);
    for (let i = 0; i < 365; i++) {
      const next = new LocalDay(day.endsAt, 'Europe/Berlin');
      expect(day.dayOfYear).toBe(i);
      expect(next.number).toBe(day.number + 1);
      day = next;
    }
    expect([day.year, day.dayOfYear]).toEqual([2027, 0]);
  });

  it.each<[string, LocalDay, number, number]>([
    ['six in the morning', berlin(2026, 6, 17), 360, 360],
    ['midnight that ends the day', berlin(2026, 6, 17), 1440, 1440],
    ['before a clock goes forward', berlin(2026, 3, 29), 119, 119],
    ['an hour that does not exist', berlin(2026, 3, 29), 150, 120],
    ['after a clock went forward', berlin(2026, 3, 29), 360, 300],
    ['an hour that comes twice, the first time', berlin(2026, 10, 25), 150, 150],
    ['after a clock went back', berlin(2026, 10, 25), 360, 420],
    ['yesterday', berlin(2026, 6, 17), -5, 0],
    ['tomorrow', berlin(2026, 10, 25), 1500, 1500],
  ])('%s', (_, day, wallMinute, minute) => {
    expect(day.at(wallMinute)).toBe(minute);
  });
});
