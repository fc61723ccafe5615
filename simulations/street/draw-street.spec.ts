import { community } from './community.js';
import { deviceSeed } from './device-seed.js';
import { sonnenweg } from './sonnenweg.js';
import type { HomePlan, StreetPlan } from './street-plan.js';

const seeds = [1, 2, 3, 7, 42];
const count = (plan: StreetPlan, has: (home: HomePlan) => unknown): number => plan.homes.filter(has).length;

describe.each(seeds)('sonnenweg(%i)', (seed) => {
  const plan = sonnenweg(seed);

  it('has what was promised of it', () => {
    expect({
      homes: plan.homes.length,
      schools: count(plan, ({ kind }) => kind === 'SCHOOL'),
      bakeries: count(plan, ({ kind }) => kind === 'BAKERY'),
      solar: count(plan, ({ pv }) => pv),
      batteries: count(plan, ({ battery }) => battery),
      cars: count(plan, ({ ev }) => ev),
      perFeeder: plan.feeders.map(({ id }) => count(plan, ({ feederId }) => feederId === id)),
    }).toEqual({ homes: 20, schools: 1, bakeries: 1, solar: 8, batteries: 3, cars: 2, perFeeder: [10, 10] });
  });

  it('names everything as the contract does, and nothing twice', () => {
    const numbers = Array.from({ length: 20 }, (_, i) => String(i + 1).padStart(2, '0'));
    expect(plan.zone).toMatchObject({ id: 'sonnenweg', timeZone: 'Europe/Berlin' });
    expect(plan.transformer).toMatchObject({ pointId: 'sonnenweg-trafo', deviceId: 'meter-sonnenweg-trafo' });
    expect(plan.homes.map(({ pointId }) => pointId)).toEqual(numbers.map((number) => `sonnenweg-${number}`));
    expect(plan.homes.map(({ deviceId }) => deviceId)).toEqual(numbers.map((number) => `meter-sonnenweg-${number}`));
    expect(plan.homes.map(({ participantId }) => participantId)).toEqual(numbers.map((number) => `haus-${number}`));
    expect(new Set(plan.homes.map(({ name }) => name)).size).toBe(20);
  });

  it('puts batteries behind roofs, and each home with a supplier that exists', () => {
    const known = plan.suppliers.map(({ id }) => id);
    expect(plan.homes.filter(({ battery, pv }) => battery && !pv)).toEqual([]);
    expect(plan.homes.filter(({ supplierId }) => !known.includes(supplierId))).toEqual([]);
  });

  it('wishes on the price grid, and sells only what has a roof', () => {
    const limits = plan.homes.flatMap((home) => [home.buyLimitMicroPerKwh ?? 0n, home.sellLimitMicroPerKwh ?? 0n]);
    expect(limits.some((limit) => limit > 0n)).toBe(true);
    expect(limits.filter((limit) => limit % 100n !== 0n)).toEqual([]);
    expect(plan.homes.filter(({ sellLimitMicroPerKwh, pv }) => sellLimitMicroPerKwh && !pv)).toEqual([]);
  });
});

describe('a plan', () => {
  it('is the same for the same seed and another for another', () => {
    expect(sonnenweg(7)).toEqual(sonnenweg(7));
    expect(sonnenweg(7)).not.toEqual(sonnenweg(8));
  });

  it.each([1, 20, 999, 1_000, 10_000])('has any size: %i', (homes) => {
    const plan = community(homes, 1);
    expect(plan.zone.id).toBe(`gemeinde-${homes}`);
    expect(new Set(plan.homes.map(({ pointId }) => pointId)).size).toBe(homes);
    const perFeeder = new Map(plan.feeders.map(({ id }) => [id, 0]));
    for (const { feederId } of plan.homes) perFeeder.set(feederId, perFeeder.get(feederId)! + 1);
    expect(Math.max(...perFeeder.values())).toBeLessThan(75);
    expect(Math.min(...perFeeder.values())).toBeGreaterThan(homes < 50 ? 0 : 40);
  });

  it.each(['WORKDAYS', 'WEEKEND'] as const)('has tariffs that cover every minute of %s once', (weekdays) => {
    const wrong: number[] = [];
    for (const { tariff } of sonnenweg(1).suppliers)
      for (let minute = 0; minute < 1440; minute++) {
        const valid = tariff.rates.filter(
          (rate) => rate.fromMinute <= minute && minute < rate.toMinute && [weekdays, 'ALL'].includes(rate.weekdays),
        );
        if (valid.length !== 1 || valid[0]!.retailMicroPerKwh <= valid[0]!.feedInMicroPerKwh) wrong.push(minute);
      }
    expect(wrong).toEqual([]);
  });

  it('has one supplier with one price and one with several', () => {
    const prices = sonnenweg(1).suppliers.map(
      ({ tariff }) => new Set(tariff.rates.map((rate) => rate.retailMicroPerKwh)).size,
    );
    expect(prices).toEqual([1, 2]);
  });
});

describe('deviceSeed', () => {
  it('is 32 bytes of its own for each device of each street', () => {
    const all = seeds.flatMap((seed) => sonnenweg(seed).homes.map(({ deviceId }) => deviceSeed(seed, deviceId)));
    expect(all.every((bytes) => bytes.length === 32)).toBe(true);
    expect(new Set(all.map((bytes) => bytes.join())).size).toBe(100);
    expect(deviceSeed(1, 'meter-sonnenweg-01')).toEqual(deviceSeed(1, 'meter-sonnenweg-01'));
  });
});
