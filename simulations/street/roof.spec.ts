import { localMidnight } from '@kwartier/units';
import { LocalDay, longestDay } from './local-day.js';
import { Random } from './random.js';
import { Roof } from './roof.js';
import { type Sky, skyOn } from './sky.js';
import type { SolarPlan } from './street-plan.js';
import { sonnenweg } from './sonnenweg.js';

const { zone } = sonnenweg(1);
const south: SolarPlan = { kwp: 10, tiltDeg: 35, azimuthDeg: 180, inverterW: 10_000 };

function* daysFrom(year: number, month: number, count: number, step = 1): Generator<LocalDay> {
  let day = new LocalDay(localMidnight(year, month, 1, zone.timeZone), zone.timeZone);
  for (let i = 0; i < count * step; i++) {
    if (i % step === 0) yield day;
    day = new LocalDay(day.endsAt, zone.timeZone);
  }
}

function generated(plan: SolarPlan, day: LocalDay, sky: Sky): Float64Array {
  const solarW = new Float64Array(longestDay);
  new Roof(plan, Random.for('roof')).generate(day, sky, solarW);
  return solarW.subarray(0, day.minutes);
}
const kwhPerKwp = (plan: SolarPlan, day: LocalDay, sky: Sky): number =>
  generated(plan, day, sky).reduce((sum, watts) => sum + watts, 0) / 60_000 / plan.kwp;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('Roof', () => {
  it('is dark when the sun is down, and never below zero or above its inverter', () => {
    const small = { ...south, inverterW: 7_000 };
    for (const day of daysFrom(2026, 6, 30)) {
      const sky = skyOn(day, zone, 3);
      const watts = generated(small, day, sky);
      expect(watts.filter((_, minute) => sky.sun.up[minute]! <= 0).every((dark) => dark === 0)).toBe(true);
      expect(Math.min(...watts)).toBe(0);
      expect(Math.max(...watts)).toBeLessThanOrEqual(7_000);
      expect(Math.max(...generated(south, day, sky)) > 7_000).toBe(Math.max(...watts) === 7_000);
    }
  });

  it('yields 4 to 7 kWh per kWp on a clear day in June', () => {
    const clear = [...daysFrom(2026, 6, 30)]
      .map((day) => ({ day, sky: skyOn(day, zone, 1) }))
      .filter(({ sky }) => sky.kind === 'CLEAR');
    expect(clear.length).toBeGreaterThan(4);
    for (const { day, sky } of clear) {
      const perKwp = kwhPerKwp(south, day, sky);
      expect(perKwp).toBeGreaterThan(4);
      expect(perKwp).toBeLessThan(7);
    }
  });

  it.each([1, 2, 3, 4, 5])('yields 0.3 to 2 kWh per kWp on an average day in December (seed %i)', (seed) => {
    const perKwp = mean([...daysFrom(2026, 12, 31)].map((day) => kwhPerKwp(south, day, skyOn(day, zone, seed))));
    expect(perKwp).toBeGreaterThan(0.3);
    expect(perKwp).toBeLessThan(2);
  });

  it.each([1, 2, 3, 4, 5])('yields 850 to 1150 kWh per kWp in a year (seed %i)', (seed) => {
    const sampled = [...daysFrom(2026, 1, 182, 2)].map((day) => kwhPerKwp(south, day, skyOn(day, zone, seed)));
    expect(365 * mean(sampled)).toBeGreaterThan(850);
    expect(365 * mean(sampled)).toBeLessThan(1150);
  });

  it('has its peak in the morning when it looks east, and in the afternoon when it looks west', () => {
    const clear = [...daysFrom(2026, 6, 30)].find((day) => skyOn(day, zone, 1).kind === 'CLEAR')!;
    const sky = skyOn(clear, zone, 1);
    const centre = (plan: SolarPlan) => {
      const watts = generated(plan, clear, sky);
      return watts.reduce((sum, w, minute) => sum + w * minute, 0) / watts.reduce((sum, w) => sum + w, 0);
    };
    const noon = centre(south);
    expect(centre({ ...south, azimuthDeg: 90 })).toBeLessThan(noon - 60);
    expect(centre({ ...south, azimuthDeg: 270 })).toBeGreaterThan(noon + 60);
  });
});
