import { localMidnight } from '@kwartier/units';
import { LocalDay } from './local-day.js';
import { type Weather, weatherOn } from './weather.js';

const timeZone = 'Europe/Berlin';
const year = (): LocalDay[] => {
  const days = [new LocalDay(localMidnight(2026, 1, 1, timeZone), timeZone)];
  while (days.length < 365) days.push(new LocalDay(days.at(-1)!.endsAt, timeZone));
  return days;
};
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
/** How much the light changes from one minute to the next, over midday. */
const restlessness = ({ clearness }: Weather): number =>
  mean(Array.from({ length: 240 }, (_, i) => Math.abs(clearness[600 + i]! - clearness[601 + i]!)));

describe('weatherOn', () => {
  const days = year();
  const weather = days.map((day) => weatherOn(day, 5));
  const ofKind = (kind: Weather['kind']) => weather.filter((one) => one.kind === kind);

  it('has days of each kind, none of them rare', () => {
    for (const kind of ['CLEAR', 'BROKEN', 'OVERCAST'] as const) expect(ofKind(kind).length).toBeGreaterThan(50);
  });

  it('lasts: a day is like the one before more often than chance would have it', () => {
    const repeats = weather.filter((one, i) => one.kind === weather[i - 1]?.kind).length / 364;
    const byChance = ['CLEAR', 'BROKEN', 'OVERCAST'].reduce(
      (sum, kind) => sum + (weather.filter((one) => one.kind === kind).length / 365) ** 2,
      0,
    );
    expect(repeats).toBeGreaterThan(byChance + 0.1);
  });

  it('is bright on clear days, dim on overcast ones, and restless in between', () => {
    const brightness = (kind: Weather['kind']) =>
      mean(ofKind(kind).map(({ clearness }) => mean(Array.from(clearness.subarray(480, 960)))));
    expect(brightness('CLEAR')).toBeGreaterThan(0.9);
    expect(brightness('OVERCAST')).toBeLessThan(0.4);
    expect(mean(ofKind('BROKEN').map(restlessness))).toBeGreaterThan(3 * mean(ofKind('CLEAR').map(restlessness)));
  });

  it('belongs to the date: a day asked for alone is the day met on the way', () => {
    expect(weatherOn(new LocalDay(days[200]!.startsAt, timeZone), 5)).toEqual(weather[200]);
    expect(weatherOn(days[200]!, 6).clearness).not.toEqual(weather[200]!.clearness);
  });
});
