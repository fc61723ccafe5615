import { hours, instant, type Instant, localMidnight, minutes } from '@kwartier/units';
import { LocalDay, longestDay } from './local-day.js';
import { Random } from './random.js';
import { exportRegister, importRegister, RegisterHistory } from './register-history.js';

const timeZone = 'Europe/Berlin';
const from = localMidnight(2026, 3, 28, timeZone);
const quartersAfter = (start: Instant, count: number): Instant => instant(start + minutes(15 * count));

/** Two points over three days, the clock change among them, with the watts that were metered. */
function metered() {
  const random = Random.for('history');
  const history = new RegisterHistory(from, [1_000, 0, 0, 50]);
  const watts: [number[], number[]] = [[], []];
  const days: LocalDay[] = [];
  for (let i = 0; i < 3; i++) {
    const day = new LocalDay(history.knownUntil, timeZone);
    days.push(day);
    history.openDay(day);
    for (const row of [0, 1] as const) {
      const netW = new Float64Array(longestDay);
      for (let minute = 0; minute < day.minutes; minute++) netW[minute] = random.whole(-40, 70);
      history.meter(row, netW);
      watts[row].push(...netW.subarray(0, day.minutes));
    }
  }
  return { history, watts, days };
}

describe('RegisterHistory', () => {
  it('shows at every quarter what adding up minute by minute from the start shows', () => {
    const { history, watts } = metered();
    const starts = [
      [1_000, 0],
      [0, 50],
    ] as const;
    for (const row of [0, 1] as const)
      for (let quarter = 0; quarter <= 96 + 92 + 96; quarter++) {
        const until = watts[row].slice(0, 15 * quarter);
        const imported = until.reduce((sum, w) => sum + Math.max(0, w), 0);
        const exported = until.reduce((sum, w) => sum + Math.max(0, -w), 0);
        const at = quartersAfter(from, quarter);
        expect(history.registerWh(row, importRegister, at)).toBe(starts[row][0] + Math.floor(imported / 60));
        expect(history.registerWh(row, exportRegister, at)).toBe(starts[row][1] + Math.floor(exported / 60));
      }
  });

  it('carries what is less than a Wh into the next day', () => {
    const history = new RegisterHistory(from, [0, 0]);
    const oneMinute = new Float64Array(longestDay);
    oneMinute[0] = 40;
    for (const expected of [0, 1, 2]) {
      const day = new LocalDay(history.knownUntil, timeZone);
      history.openDay(day);
      history.meter(0, oneMinute);
      expect(history.registerWh(0, importRegister, day.endsAt)).toBe(expected);
    }
  });

  it('forgets whole days, and says so when asked', () => {
    const { history, days } = metered();
    const before = history.registerWh(1, importRegister, days[1]!.endsAt);
    history.forgetBefore(days[2]!.startsAt);
    expect(history.registerWh(1, importRegister, days[1]!.endsAt)).toBe(before);
    history.forgetBefore(quartersAfter(days[2]!.startsAt, 1));
    expect(() => history.registerWh(1, importRegister, days[1]!.endsAt)).toThrow('forgotten');
    expect(history.registerWh(1, importRegister, quartersAfter(days[2]!.startsAt, 1))).toBeGreaterThan(before - 1);
    history.forgetBefore(instant(days[2]!.endsAt + hours(500)));
    expect(history.registerWh(1, importRegister, days[2]!.endsAt)).toBeGreaterThan(before);
  });

  it.each<[string, Instant]>([
    ['before its start', quartersAfter(from, -1)],
    ['not yet metered', quartersAfter(from, 96 + 92 + 96 + 1)],
  ])('answers nothing for an instant %s', (_, at) => {
    expect(() => metered().history.registerWh(0, importRegister, at)).toThrow('metered');
  });

  it('meters days in their order', () => {
    const { history, days } = metered();
    expect(() => history.openDay(days[1]!)).toThrow('one after another');
  });
});
