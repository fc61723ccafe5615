import { ByteWriter, hex, hours, type Instant, instant, localMidnight, minutes, sha256 } from '@kwartier/units';
import { Random } from './random.js';
import { SimulatedStreet } from './simulated-street.js';
import { sonnenweg } from './sonnenweg.js';

const midnight = (month: number, day: number): Instant => localMidnight(2026, month, day, 'Europe/Berlin');
const quarter = (from: Instant, count: number): Instant => instant(from + minutes(15 * count));
const streetFrom = (from: Instant, seed = 7) => new SimulatedStreet(sonnenweg(seed), seed, from);
const pointsOf = ({ plan }: SimulatedStreet) => [...plan.homes, plan.transformer].map(({ pointId }) => pointId);

interface Energy {
  readonly importWh: number;
  readonly exportWh: number;
}
const energies = (street: SimulatedStreet, pointId: string, quarters: number, from = street.from): Energy[] =>
  Array.from({ length: quarters }, (_, i) => {
    const { importWh, exportWh } = street.energy(pointId, quarter(from, i));
    return { importWh: Number(importWh), exportWh: Number(exportWh) };
  });

function digest(street: SimulatedStreet, quarters: number): string {
  const bytes = new ByteWriter();
  for (const pointId of pointsOf(street))
    for (let i = 0; i <= quarters; i++) {
      const { importWh, exportWh } = street.registersAt(pointId, quarter(street.from, i));
      bytes.varint(importWh).varint(exportWh);
    }
  return hex(sha256(bytes.take()));
}

describe('SimulatedStreet', () => {
  const from = midnight(6, 19);

  it('gives the same bytes for the same seed, and others for another', () => {
    const first = digest(streetFrom(from), 288);
    expect(digest(streetFrom(from), 288)).toBe(first);
    expect(digest(streetFrom(from, 8), 288)).not.toBe(first);
    expect(digest(new SimulatedStreet(sonnenweg(7), 8, from), 288)).not.toBe(first);
  });

  it('answers equally in any order of asking', () => {
    const forwards = streetFrom(from);
    const anyhow = streetFrom(from);
    const questions = pointsOf(forwards).flatMap((pointId) =>
      Array.from({ length: 97 }, (_, i) => ({ pointId, at: quarter(from, 3 * i) })),
    );
    const answers = new Map(questions.map((asked) => [asked, forwards.registersAt(asked.pointId, asked.at)]));
    const mixed = Random.for('order').shuffled(questions);
    expect(mixed.map(({ pointId, at }) => anyhow.registersAt(pointId, at))).toEqual(
      mixed.map((asked) => answers.get(asked)),
    );
  });

  it('starts at what its meters showed before, and never counts backwards', () => {
    const street = streetFrom(from);
    const backwards = pointsOf(street).flatMap((pointId) =>
      energies(street, pointId, 200).filter(({ importWh, exportWh }) => importWh < 0 || exportWh < 0),
    );
    expect(backwards).toEqual([]);
    const { pointId } = street.plan.homes.find(({ pv }) => pv)!;
    expect(street.startRegisters(pointId).importWh).toBeGreaterThan(0n);
    expect(street.startRegisters(pointId).exportWh).toBeGreaterThan(0n);
  });

  it('leaves a neighbour as it was when a home is added', () => {
    const plan = sonnenweg(7);
    const without = new SimulatedStreet({ ...plan, homes: plan.homes.slice(0, -1) }, 7, from);
    const whole = new SimulatedStreet(plan, 7, from);
    for (const { pointId } of plan.homes.slice(0, -1))
      expect(without.registersAt(pointId, quarter(from, 150))).toEqual(whole.registersAt(pointId, quarter(from, 150)));
  });

  it.each<[string, Instant, Instant, number]>([
    ['clocks go forward', midnight(3, 29), midnight(3, 30), 92],
    ['clocks go back', midnight(10, 25), midnight(10, 26), 100],
  ])('lives through the day on which %s', (_, start, next, quarters) => {
    const street = streetFrom(start);
    expect(quarter(start, quarters)).toBe(next);
    // Whoever starts on the day after meets the same weather and the same people.
    const { pointId } = street.plan.homes.find(
      ({ pv, ev, battery, kind }) => kind === 'HOME' && !pv && !ev && !battery,
    )!;
    const fresh = streetFrom(next);
    const [old, young] = [energies(street, pointId, 96, next), energies(fresh, pointId, 96)];
    // The one has carried less than a Wh over midnight.
    expect(Math.max(...old.map(({ importWh }, i) => Math.abs(importWh - young[i]!.importWh)))).toBeLessThanOrEqual(1);
  });

  it('meters at its transformer what its homes take and give, and the losses on the way', () => {
    const street = streetFrom(from);
    const { transformer, homes } = street.plan;
    const flows = energies(street, transformer.pointId, 288);
    const taken = homes.map(({ pointId }) => energies(street, pointId, 288));
    flows.forEach(({ importWh, exportWh }, i) => {
      const net = taken.reduce((sum, home) => sum + home[i]!.importWh - home[i]!.exportWh, 0);
      const lost = importWh - exportWh - net;
      // Each register shows whole Wh: together they may be a few dozen beside what flowed.
      expect(Math.abs(lost - 0.015 * (importWh + exportWh))).toBeLessThan(2 * homes.length);
    });
    expect(flows.some(({ exportWh }) => exportWh > 1_000)).toBe(true);
    expect(flows.some(({ importWh }) => importWh > 1_000)).toBe(true);

    // Over three days what the registers do not show yet counts for nothing: the losses stand alone.
    const total = (quarters: readonly Energy[], of: (energy: Energy) => number) =>
      quarters.reduce((sum, energy) => sum + of(energy), 0);
    const net = ({ importWh, exportWh }: Energy) => importWh - exportWh;
    const lost = total(flows, net) - taken.reduce((sum, home) => sum + total(home, net), 0);
    const through = total(flows, ({ importWh, exportWh }) => importWh + exportWh);
    expect(lost / through).toBeCloseTo(0.015, 3);
  });

  it.each([1, 7, 42])('never carries more than its fuses and its transformer do (seed %i)', (seed) => {
    const street = streetFrom(midnight(12, 1), seed);
    const { homes, transformer } = street.plan;
    for (const { pointId, mostW } of [
      ...homes.map(({ pointId, fuseW }) => ({ pointId, mostW: fuseW })),
      { pointId: transformer.pointId, mostW: transformer.ratedW },
    ]) {
      const watts = energies(street, pointId, 14 * 96).map(({ importWh, exportWh }) => 4 * (importWh + exportWh));
      // Two registers of whole Wh make up to 8 W of difference in a quarter of an hour.
      expect(Math.max(...watts)).toBeLessThanOrEqual(mostW + 8);
    }
  });

  it('lets even a home with far too many appliances draw no more than its fuse', () => {
    const plan = sonnenweg(7);
    const greedy = plan.homes.map((home) => ({ ...home, annualLoadKwh: 20 * home.annualLoadKwh, fuseW: 3_000 }));
    const street = new SimulatedStreet({ ...plan, homes: greedy }, 7, from);
    const through = greedy.flatMap(({ pointId }) => energies(street, pointId, 96).map((e) => e.importWh + e.exportWh));
    expect(Math.max(...through)).toBeLessThanOrEqual(752);
    expect(through.filter((energyWh) => energyWh >= 749).length).toBeGreaterThan(50);
  });

  it('forgets days on request and keeps what came after', () => {
    const street = streetFrom(from);
    const { pointId } = street.plan.homes[0]!;
    const kept = street.registersAt(pointId, quarter(from, 200));
    street.forgetBefore(quarter(from, 192));
    expect(street.registersAt(pointId, quarter(from, 200))).toEqual(kept);
    expect(() => street.registersAt(pointId, quarter(from, 50))).toThrow('forgotten');
  });

  it.each<[string, () => unknown, string]>([
    ['a start in the middle of a day', () => streetFrom(instant(from + hours(3))), 'local midnight'],
    ['a point of another street', () => streetFrom(from).registersAt('elsewhere-01', from), 'on the street'],
    [
      'an instant between quarters',
      () => streetFrom(from).registersAt('sonnenweg-01', instant(from + 1)),
      'ends of quarters',
    ],
    ['the time before', () => streetFrom(from).registersAt('sonnenweg-01', quarter(from, -1)), 'from the start on'],
  ])('knows nothing of %s', (_, ask, because) => {
    expect(ask).toThrow(because);
  });
});
