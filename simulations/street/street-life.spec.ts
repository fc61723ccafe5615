import { days, type Instant, instant, localMidnight, localTime, minutes } from '@kwartier/units';
import { community } from './community.js';
import { SimulatedStreet } from './simulated-street.js';
import { sonnenweg } from './sonnenweg.js';
import type { HomePlan } from './street-plan.js';

interface Quarter {
  readonly importWh: number;
  readonly exportWh: number;
  readonly hour: number;
  readonly weekday: number;
}

const midnight = (year: number, month: number, day: number): Instant =>
  localMidnight(year, month, day, 'Europe/Berlin');

/** All quarters of some homes over some weeks, with what the wall clock showed. */
function watch(street: SimulatedStreet, homes: readonly HomePlan[], weeks: number): Quarter[][] {
  const { timeZone } = street.plan.zone;
  const starts = Array.from({ length: weeks * 7 * 96 }, (_, i) => instant(street.from + minutes(15 * i)));
  const clock = starts.map((at) => localTime(at, timeZone));
  return homes.map(({ pointId }) =>
    starts.map((at, i) => {
      const { importWh, exportWh } = street.energy(pointId, at);
      const { minuteOfDay, weekday } = clock[i]!;
      return { importWh: Number(importWh), exportWh: Number(exportWh), hour: minuteOfDay / 60, weekday };
    }),
  );
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))]!;
const imports = (quarters: readonly Quarter[], when: (quarter: Quarter) => boolean = () => true): number[] =>
  quarters.filter(when).map(({ importWh }) => importWh);
const deviation = (values: readonly number[]): number => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
};

const isWeekend = ({ weekday }: Quarter): boolean => weekday === 0 || weekday === 6;
const between =
  (from: number, to: number) =>
  ({ hour }: Quarter): boolean =>
    hour >= from && hour < to;

describe('homes', () => {
  const plan = community(120, 11);
  const street = new SimulatedStreet(plan, 11, midnight(2026, 9, 7));
  const plain = plan.homes.filter(({ kind, pv, ev }) => kind === 'HOME' && !pv && !ev);
  const roofs = plan.homes.filter(({ kind, pv, battery, ev }) => kind === 'HOME' && pv && !battery && !ev);
  const behindBatteries = plan.homes.filter(({ battery, ev }) => battery && !ev);
  const lives = watch(street, plain, 4);

  it('are quiet most of the time and loud now and then', () => {
    const spikes = lives.map((life) => quantile(imports(life), 0.99) / Math.max(1, quantile(imports(life), 0.5)));
    const quiet = lives.map((life) => mean(imports(life).map((wh) => (wh < 25 ? 1 : 0))));
    expect(quantile(spikes, 0.1)).toBeGreaterThan(6);
    expect(quantile(quiet, 0.5)).toBeGreaterThan(0.2);
    expect(quantile(quiet, 0.9)).toBeGreaterThan(0.45);
  });

  it('differ: in size, in restlessness, and in when they are awake', () => {
    const sizes = lives.map((life) => mean(imports(life)));
    const variation = lives.map((life) => deviation(imports(life)) / mean(imports(life)));
    const byDay = lives.map((life) => mean(imports(life, between(9, 15))) / mean(imports(life)));
    expect(deviation(sizes) / mean(sizes)).toBeGreaterThan(0.3);
    expect(quantile(variation, 0.05)).toBeGreaterThan(0.8);
    expect(quantile(variation, 0.95) / quantile(variation, 0.05)).toBeGreaterThan(1.4);
    expect(quantile(byDay, 0.9) / quantile(byDay, 0.1)).toBeGreaterThan(1.6);
  });

  it('do not move in step: what two of them do beyond the hour of the day is their own', () => {
    const [first, second] = [imports(lives[0]!), imports(lives[1]!)];
    const [a, b] = [mean(first), mean(second)];
    const together = mean(first.map((wh, i) => (wh - a) * (second[i]! - b))) / (deviation(first) * deviation(second));
    expect(Math.abs(together)).toBeLessThan(0.5);
  });

  it('have an evening peak together, and sleep at night', () => {
    const all = lives.flat();
    const evening = mean(imports(all, between(18, 21)));
    expect(evening).toBeGreaterThan(1.5 * mean(imports(all)));
    expect(mean(imports(all, between(1, 5)))).toBeLessThan(0.6 * mean(imports(all)));
  });

  it('go on journeys: some days are nearly empty', () => {
    const daily = lives.flatMap((life) =>
      Array.from({ length: 28 }, (_, day) => mean(imports(life.slice(96 * day, 96 * day + 96)))),
    );
    const usual = quantile(daily, 0.5);
    const empty = daily.filter((wh) => wh < usual / 3).length / daily.length;
    expect(empty).toBeGreaterThan(0.01);
    expect(empty).toBeLessThan(0.3);
  });

  it('with roofs import and export within one quarter at times, and export nothing at night', () => {
    const sunny = watch(street, roofs, 2).flat();
    const both = sunny.filter(({ importWh, exportWh }) => importWh > 0 && exportWh > 0).length / sunny.length;
    expect(both).toBeGreaterThan(0.02);
    expect(both).toBeLessThan(0.3);
    expect(sunny.filter(between(21, 24)).every(({ exportWh }) => exportWh === 0)).toBe(true);
    expect(sunny.filter(between(0, 5)).every(({ exportWh }) => exportWh === 0)).toBe(true);
  });

  it('with batteries import less in the evening than those with a roof alone', () => {
    const share = (homes: readonly HomePlan[]) => {
      const evenings = watch(street, homes, 2).map((life) => mean(imports(life, between(18, 22))));
      return mean(evenings.map((wh, i) => wh / homes[i]!.annualLoadKwh));
    };
    expect(share(behindBatteries)).toBeLessThan(0.6 * share(roofs));
  });
});

describe('a year', () => {
  it('adds up to about what the plan says, winter above summer', () => {
    const plan = community(40, 5);
    const plain = plan.homes.filter(({ kind, pv, ev }) => kind === 'HOME' && !pv && !ev);
    const street = new SimulatedStreet(plan, 5, midnight(2026, 1, 1));
    const used = (pointId: string, from: Instant, to: Instant) =>
      Number(street.registersAt(pointId, to).importWh - street.registersAt(pointId, from).importWh) / 1000;
    const ratios = plain.map(
      ({ pointId, annualLoadKwh }) => used(pointId, midnight(2026, 1, 1), midnight(2027, 1, 1)) / annualLoadKwh,
    );
    expect(mean(ratios)).toBeGreaterThan(0.85);
    expect(mean(ratios)).toBeLessThan(1.15);
    expect(Math.min(...ratios)).toBeGreaterThan(0.5);
    expect(Math.max(...ratios)).toBeLessThan(2);
    const season = (month: number) =>
      plain.reduce(
        (sum, { pointId }) =>
          sum + used(pointId, midnight(2026, month, 1), instant(midnight(2026, month, 1) + days(28))),
        0,
      );
    expect(season(1)).toBeGreaterThan(1.1 * season(7));
  });
});

describe('the other buildings', () => {
  // Three weeks without a public holiday, and too dark for a roof to hide what is used.
  const plan = sonnenweg(7);
  const street = new SimulatedStreet(plan, 7, midnight(2026, 11, 2));
  const lifeOf = (kind: HomePlan['kind']) => {
    const home = plan.homes.find((one) => one.kind === kind)!;
    return watch(new SimulatedStreet({ ...plan, homes: [{ ...home, pv: undefined }] }, 7, street.from), [home], 3)[0]!;
  };

  it('a school teaches on weekdays and is empty otherwise', () => {
    const life = lifeOf('SCHOOL');
    const lessons = mean(imports(life, (q) => !isWeekend(q) && between(8, 15)(q)));
    const weekend = imports(life, isWeekend);
    expect(lessons).toBeGreaterThan(8 * mean(weekend));
    expect(Math.max(...weekend)).toBeLessThan(0.3 * lessons);
    expect(mean(imports(life, (q) => !isWeekend(q) && between(17, 24)(q)))).toBeLessThan(0.2 * lessons);
  });

  it('a bakery bakes from three to seven, but not on Mondays', () => {
    const life = lifeOf('BAKERY');
    const ovens = mean(imports(life, (q) => q.weekday !== 1 && between(3, 7)(q)));
    expect(ovens).toBeGreaterThan(4 * mean(imports(life, (q) => !between(3, 7)(q))));
    expect(mean(imports(life, (q) => q.weekday === 1 && between(3, 7)(q)))).toBeLessThan(0.1 * ovens);
    expect(mean(imports(life, between(0, 2.5)))).toBeLessThan(0.1 * ovens);
  });

  it('a car charges in the evening of some days, with all that its charger has', () => {
    for (const home of plan.homes.filter(({ ev }) => ev)) {
      const life = watch(street, [home], 3)[0]!;
      const without = new SimulatedStreet({ ...plan, homes: [{ ...home, ev: undefined }] }, 7, street.from);
      const empty = watch(without, [home], 3)[0]!;
      const charged = life.map((quarter, i) => quarter.importWh - empty[i]!.importWh);
      expect(Math.max(...charged)).toBeGreaterThan(0.95 * (home.ev!.chargerW / 4));
      expect(Math.max(...charged)).toBeLessThanOrEqual(home.ev!.chargerW / 4 + 1);
      const evening = charged.filter((_, i) => between(16.5, 24)(life[i]!));
      expect(evening.reduce((sum, wh) => sum + wh, 0)).toBeGreaterThan(0.8 * charged.reduce((sum, wh) => sum + wh, 0));
      const chargingDays = Array.from(
        { length: 21 },
        (_, day) => Math.max(...charged.slice(96 * day, 96 * day + 96)) > 500,
      );
      expect(chargingDays.filter(Boolean).length).toBeGreaterThan(2);
      expect(chargingDays.filter(Boolean).length).toBeLessThan(21);
    }
  });
});
