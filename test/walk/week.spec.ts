import { enrolStreet, type MeterDoor, openMqttDoor, SimulatedMeters } from '@kwartier/house';
import { ReadingsIntake } from '@kwartier/metering/module';
import { MarketClock } from '@kwartier/platform';
import { community, SimulatedStreet, type StreetPlan } from '@kwartier/simulations';
import {
  days,
  formatInstant,
  hours,
  instant,
  type Instant,
  type IntervalMinutes,
  later,
  minutes,
} from '@kwartier/units';
import { audit } from '../support/audit.js';
import { type Evidence, gatherEvidence, type Said } from '../support/evidence.js';
import { TestHouse } from '../support/house.js';
import { forecastWrongly } from '../support/wrong-forecasts.js';

// A week of June in two places, each another zone of one house; the metered one joins for the weekend. KWARTIER_LONG=1 takes
// quarters of an hour, twenty homes and the whole week for both; then it runs for minutes.
const long = process.env['KWARTIER_LONG'] === '1';
const seed = 7;
const intervalMinutes: IntervalMinutes = long ? 15 : 60;
const homes = long ? 20 : 6;
const historyFrom = at('2026-06-07T22:00:00Z'); // midnight in Berlin
const from = later(historyFrom, days(7));
const to = later(from, days(7));
/** For two days agents are told nonsense. */
const isMisled = (startsAt: Instant): boolean => startsAt >= later(from, days(3)) && startsAt < later(from, days(5));

interface Place {
  readonly mode: 'FORWARD' | 'METERED';
  readonly plan: StreetPlan;
  readonly from: Instant;
  readonly door: 'MQTT' | 'INTAKE';
}
const places: readonly Place[] = [
  { mode: 'FORWARD', plan: place(homes), from, door: 'MQTT' },
  { mode: 'METERED', plan: place(homes + 1), from: long ? from : later(from, days(5)), door: 'INTAKE' },
];

describe(`a week of two places, seed ${seed}, in intervals of ${intervalMinutes} minutes`, () => {
  let house: TestHouse;
  const meters: SimulatedMeters[] = [];
  const evidence = new Map<string, Evidence>();

  beforeAll(async () => {
    // Forward markets open an hour ahead: their first gate closes before the week begins.
    house = await TestHouse.open(formatInstant(later(from, -hours(1))));
    forecastWrongly(house, isMisled);
    await moveIn('FORWARD');
    await liveThroughTheWeek();
    for (const one of places) {
      const [first, last] = [formatInstant(one.from), formatInstant(to)];
      evidence.set(one.mode, await gatherEvidence(house, one.plan.zone.id, first, last));
    }
  }, 1_800_000);
  afterAll(async () => {
    for (const one of meters) await one.stop();
    await house.close();
  });

  it.each(places)('$mode: every balance and every line is what the meters say', ({ mode, from: movedIn }) => {
    const { intervals: settled, lines } = evidence.get(mode)!;
    const intervals = (to - movedIn) / minutes(intervalMinutes);
    expect(settled.length).toBe(intervals);
    for (const [pointId, said] of lines) expect([pointId, said.length]).toEqual([pointId, intervals]);
    expect(audit(evidence.get(mode)!)).toEqual([]);
  });

  it.each(places)('$mode: the week was worth auditing', ({ mode }) => {
    const { lines, intervals: settled } = evidence.get(mode)!;
    const all = [...lines.values()].flat();
    expect(all.filter((line) => line['boughtWh'] !== '0').length).toBeGreaterThan(all.length / 20);
    expect(settled.filter(({ run }) => run > 1).length).toBeGreaterThan(5);
  });

  it('finds whatever is changed in the evidence', () => {
    const right = evidence.get('FORWARD')!;
    const traded = right.intervals.find(({ resultBytes }) => resultBytes[0] !== 0)!;
    const faults: Record<string, (copy: Evidence) => Partial<Evidence>> = {
      'a line that says one nano-credit less': ({ lines }) => ({ lines: withFirstLine(lines, 'savedNano') }),
      'a line with one Wh more from neighbours': ({ lines }) => ({ lines: withFirstLine(lines, 'boughtWh') }),
      'other rules than those committed': ({ intervals: all }) => ({
        intervals: all.map((one) => (one === traded ? { ...one, rulesBytes: raisedFee(one.rulesBytes) } : one)),
      }),
      'another result': ({ intervals: all }) => ({
        intervals: all.map((one) => (one === traded ? { ...one, resultBytes: raised(one.resultBytes, 0) } : one)),
      }),
      'another book': ({ intervals: all }) => ({
        intervals: all.map((one) => (one === traded ? { ...one, bookBytes: raised(one.bookBytes, 1) } : one)),
      }),
      'an entry that was moved': ({ entries }) => ({
        entries: entries.map((one, i) => (i === 0 ? { ...one, amount: one.amount + 1n } : one)),
      }),
      'a balance that was helped': ({ accounts }) => ({
        accounts: accounts.map((one, i) => (i === 0 ? { ...one, balance: one.balance + 1n } : one)),
      }),
      'a register that nobody signed': ({ registers }) => ({
        registers: registers.map((one, i) => (i === 5 ? { ...one, importWh: one.importWh + 1n } : one)),
      }),
      'a message whose signature is another': ({ messages }) => ({
        messages: messages.map((one, i) => (i === 0 ? { ...one, signature: messages[1]!.signature } : one)),
      }),
      'a value that is no difference of registers': ({ values }) => ({
        values: values.map((one, i) => (i === 5 ? { ...one, exportWh: one.exportWh + 1n } : one)),
      }),
      'a dearer tariff': ({ tariffs }) => ({
        tariffs: tariffs.map((one) => ({ ...one, retail: one.retail + 100n })),
      }),
      'an interval cleared twice': ({ intervals: all }) => ({
        intervals: all.map((one) => (one === traded ? { ...one, clearings: 2 } : one)),
      }),
      'a home that was declared unable to pay': ({ intervals: all }) => ({
        intervals: all.map((one) => (one.run === 1 ? { ...one, voided: ['0/BUY'] } : one)),
      }),
    };
    const missed = Object.entries(faults).filter(([, plant]) => audit({ ...right, ...plant(right) }).length === 0);
    expect(missed.map(([fault]) => fault)).toEqual([]);
  });

  /** Into the register and the market, with everything said that the meters counted before. */
  async function moveIn(wanted: Place['mode']): Promise<void> {
    const { plan, mode, door, from: movedIn } = places.find((one) => one.mode === wanted)!;
    const street = new SimulatedStreet(plan, seed, historyFrom);
    await enrolStreet(house.app, street, mode, intervalMinutes);
    const open = door === 'MQTT' ? await openMqttDoor(street, house.mqttUrl) : intakeDoor(house, plan.zone.id);
    const metersOfPlace = new SimulatedMeters(street, open, { intervalMinutes, holdsBack: silences(plan, movedIn) });
    await metersOfPlace.catchUp(await house.app.get(MarketClock).now());
    await house.settleDown();
    meters.push(metersOfPlace);
  }

  /** Agents' last orders, the gates, and the ends, at which the meters speak. */
  async function liveThroughTheWeek(): Promise<void> {
    for (let now: Instant = from; now <= to; now = later(now, minutes(intervalMinutes))) {
      await house.itIs(later(now, -minutes(10)));
      await house.itIs(later(now, -minutes(5)));
      await house.app.get(MarketClock).stepTo(now);
      for (const one of meters) await one.catchUp(now);
      await house.settleDown();
      if (now === places[1]!.from) await moveIn('METERED');
    }
    await house.itIs(later(to, hours(1)));
  }
});

function at(time: string): Instant {
  return instant(Date.parse(time));
}

/** A small place whose suppliers are its own, so that several places fit into one house. */
function place(size: number): StreetPlan {
  const plan = community(size, seed);
  const suppliers = plan.suppliers.map(({ tariff, ...supplier }) => ({
    ...supplier,
    tariff: { ...tariff, id: `${plan.zone.id}-${tariff.id}` },
  }));
  return { ...plan, suppliers };
}

/** One meter is silent for a day, another for some hours of every night: both send everything afterwards. */
function silences({ homes: all }: StreetPlan, movedIn: Instant) {
  return (pointId: string, _sentUntil: Instant, until: Instant): boolean => {
    const passed = until - movedIn;
    if (pointId === all[1]!.pointId) return passed > hours(10) && passed < hours(35);
    return pointId === all[3]!.pointId && passed % days(1) > 0 && passed % days(1) < hours(4);
  };
}

function intakeDoor(house: TestHouse, zoneId: string): MeterDoor {
  const intake = house.app.get(ReadingsIntake, { strict: false });
  return {
    send: async (pointId, payload) => {
      const { readings } = await intake.take(zoneId, pointId, Buffer.from(payload));
      expect(readings?.filter(({ outcome }) => outcome !== 'ACCEPTED')).toEqual([]);
    },
    close: async () => undefined,
  };
}

function withFirstLine(lines: Evidence['lines'], name: string): Evidence['lines'] {
  const [pointId, [first, ...rest]] = [...lines][0]! as [string, [Said, ...Said[]]];
  return new Map([...lines, [pointId, [{ ...first, [name]: String(BigInt(first[name]!) + 1n) }, ...rest]]]);
}

const raised = (bytes: Uint8Array, place: number): Uint8Array =>
  bytes.map((byte, i) => (i === place ? byte ^ 2 : byte));

/** The buyer's fee stands behind name, grid and price rule; its lowest bits are in its first byte. */
const raisedFee = (bytes: Uint8Array): Uint8Array => raised(bytes, 'kwartier/rules/1\n'.length + 5);
