import { formatInstant, instant, localMidnight, minutes } from '@kwartier/units';
import { LocalDay } from './local-day.js';
import { sunOn } from './sun.js';

const degrees = (sine: number) => (Math.asin(sine) * 180) / Math.PI;
const berlin = { latitude: 52.52, longitude: 13.405 };
const sunOver = (place: { latitude: number; longitude: number }, month: number, day: number) => {
  const local = new LocalDay(localMidnight(2026, month, day, 'Europe/Berlin'), 'Europe/Berlin');
  return { day: local, ...sunOn(local, place.latitude, place.longitude) };
};

describe('sunOn', () => {
  it.each<[string, { latitude: number; longitude: number }, number, number, number]>([
    ['midsummer in Berlin', berlin, 6, 21, 90 - 52.52 + 23.44],
    ['midwinter in Berlin', berlin, 12, 21, 90 - 52.52 - 23.44],
    ['an equinox in Berlin', berlin, 3, 20, 90 - 52.52 - 0.1],
    ['midsummer under the tropic', { latitude: 23.44, longitude: 10 }, 6, 21, 90],
    ['midsummer at the pole', { latitude: 89.9, longitude: 0 }, 6, 21, 23.5],
  ])('stands at noon as high as geometry says: %s', (_, place, month, day, expected) => {
    const { up } = sunOver(place, month, day);
    expect(Math.abs(degrees(Math.max(...up)) - expected)).toBeLessThan(0.3);
  });

  it.each<[string, number, number, string, string]>([
    ['midsummer', 6, 21, '02:43', '19:33'],
    ['midwinter', 12, 21, '07:15', '14:54'],
  ])('rises and sets over Berlin when the almanac says: %s', (_, month, date, rises, sets) => {
    const { day, up } = sunOver(berlin, month, date);
    // The almanac means the upper edge in refracted light: then the centre is 0.83 degrees below the horizon.
    const isUp = (height: number) => degrees(height) > -0.83;
    const within = up.slice(0, day.minutes);
    const clock = (minute: number) => formatInstant(instant(day.startsAt + minutes(minute))).slice(11, 16);
    const around = (minute: number) => [-3, -2, -1, 0, 1, 2, 3].map((beside) => clock(minute + beside));
    expect(around(within.findIndex(isUp))).toContain(rises);
    expect(around(within.findLastIndex(isUp))).toContain(sets);
  });

  it('rises in the east, stands in the south, sets in the west, and is always one unit away', () => {
    const { day, east, north, up } = sunOver(berlin, 3, 20);
    const first = up.findIndex((height) => height > 0);
    const last = up.findLastIndex((height) => height > 0);
    const noon = up.indexOf(Math.max(...up));
    expect(east[first]).toBeGreaterThan(0.99);
    expect(north[noon]).toBeLessThan(-0.7);
    expect(east[last]).toBeLessThan(-0.99);
    for (let minute = 0; minute < day.minutes; minute++)
      expect(east[minute]! ** 2 + north[minute]! ** 2 + up[minute]! ** 2).toBeCloseTo(1, 9);
  });
});
