import { enrolStreet, type MeterDoor, openMqttDoor, SimulatedMeters } from '@kwartier/house';
import { ReadingsIntake } from '@kwartier/metering/module';
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

// A week of June in two places, each another zone of one house. KWARTIER_LONG=1 takes quarters of an hour and twenty homes;
// then it runs for minutes.
const long = process.env['KWARTIER_LONG'] === '1';
const seed = 7;
const intervalMinutes: IntervalMinutes = long ? 15 : 60;
const homes = long ? 20 : 6;
const historyFrom = at('2026-06-07T22:00:00Z'); // midnight in Berlin
const from = later(historyFrom, days(7));
const to = later(from, days(7));
const intervals = days(7) / minutes(intervalMinutes);
/** For two days agents are told nonsense. */
const isMisled = (startsAt: Instant): boolean => startsAt >= later(from, days(3)) && startsAt < later(from, days(5));

const places = [
  { mode: 'FORWARD', plan: place(homes), door: 'MQTT' },
  { mode: 'METERED', plan: place(homes + 1), door: 'INTAKE' },
] as const;

describe(`a week of two places, seed ${seed}, in intervals of ${intervalMinutes} minutes`, () => {
  let house: TestHouse;
  const meters: SimulatedMeters[] = [];
  const evidence = new Map<string, Evidence>();

  beforeAll(async () => {
    // Forward markets open an hour ahead: their first gate closes before the week begins.
    house = await TestHouse.open(formatInstant(later(from, -hours(1))));
    forecastWrongly(house, isMisled);
    for (const one of places.filter(({ mode }) => mode === 'FORWARD')) meters.push(await moveIn(one));
    await house.itIs(from);
    for (const one of places.filter(({ mode }) => mode === 'METERED')) meters.push(await moveIn(one));
    await liveThroughTheWeek();
    for (const { mode, plan } of places)
      evidence.set(mode, await gatherEvidence(house, plan.zone.id, formatInstant(from), formatInstant(to)));
  }, 1_800_000);
  afterAll(async () => {
    for (const one of meters) await one.stop();
    await house.close();
  });

  it.each(places)('$mode: every balance and every line is what the meters say', ({ mode }) => {
    const { intervals: settled, lines } = evidence.get(mode)!;
    expect(settled).toHaveLength(intervals);
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

  /** Into the register and the market, with a week of readings behind it. */
  async function moveIn({ plan, mode, door }: (typeof places)[number]): Promise<SimulatedMeters> {
    const street = new SimulatedStreet(plan, seed, historyFrom);
    await enrolStreet(house.app, street, mode, intervalMinutes);
    const open = door === 'MQTT' ? await openMqttDoor(street, house.mqttUrl) : intakeDoor(house, plan.zone.id);
    const metersOfPlace = new SimulatedMeters(street, open, { intervalMinutes, holdsBack: silences(plan) });
    await metersOfPlace.catchUp(later(from, -hours(1)));
    await house.settleDown();
    return metersOfPlace;
  }

  /** Agents' last orders, the gates and the ends, at which the meters speak. */
  async function liveThroughTheWeek(): Promise<void> {
    for (let end = later(from, minutes(intervalMinutes)); end <= to; end = later(end, minutes(intervalMinutes))) {
      for (const step of [later(end, -minutes(10)), later(end, -minutes(5)), end]) await house.itIs(step);
      for (const one of meters) await one.catchUp(end);
      await house.settleDown();
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

/** One meter is silent for a day and a half, another for some hours of every night: both send everything afterwards. */
function silences({ homes: all }: StreetPlan) {
  return (pointId: string, _sentUntil: Instant, until: Instant): boolean => {
    if (pointId === all[1]!.pointId) return until > later(from, hours(34)) && until < later(from, hours(70));
    return pointId === all[3]!.pointId && (until - from) % days(1) > 0 && (until - from) % days(1) < hours(4);
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
