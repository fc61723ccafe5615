import { Battery } from './battery.js';
import { Random } from './random.js';

const plan = { capacityWh: 5_000, powerW: 2_500 };
const run = (battery: Battery, spareW: number, count: number): number[] =>
  Array.from({ length: count }, () => battery.balance(spareW));
const wh = (watts: readonly number[]): number => watts.reduce((sum, w) => sum + w, 0) / 60;

describe('Battery', () => {
  it('fills from what is spare, and no further', () => {
    const drawn = run(new Battery(plan), 4_000, 600);
    expect(Math.max(...drawn)).toBe(2_500);
    // Half of 5 kWh was missing; charging loses 5 %, and what the electronics use is topped up.
    expect(wh(drawn)).toBeGreaterThan(2_500 / 0.95);
    expect(wh(drawn)).toBeLessThan(2_500 / 0.95 + 200);
    expect(drawn.at(-1)).toBeLessThan(20);
  });

  it('gives what is missing until it is empty', () => {
    const given = run(new Battery(plan), -4_000, 600);
    expect(Math.min(...given)).toBe(-2_500);
    expect(wh(given)).toBeLessThan(-2_200);
    expect(wh(given)).toBeGreaterThan(-2_500 * 0.95);
    expect(given.at(-1)).toBe(-0);
  });

  it('follows a change within a few minutes, so that some of it leaks past', () => {
    const battery = new Battery(plan);
    run(battery, -300, 10);
    const [first, second, third, fourth] = run(battery, -2_000, 4) as [number, number, number, number];
    expect(first).toBeGreaterThan(-1_800);
    expect([second, third, fourth]).toEqual([second, third, fourth].sort((a, b) => b - a));
    expect(fourth).toBeLessThan(-1_990);
  });

  it.each([1, 2, 3, 4, 5])('gives less than it got, whatever happens (seed %i)', (seed) => {
    const random = Random.for(seed, 'battery');
    const battery = new Battery(plan);
    let balanceWh = plan.capacityWh / 2;
    let [leastWh, mostW] = [balanceWh, 0];
    for (let i = 0; i < 20_000; i++) {
      const watts = battery.balance(random.between(-6_000, 6_000));
      balanceWh += watts / 60;
      leastWh = Math.min(leastWh, balanceWh);
      mostW = Math.max(mostW, Math.abs(watts));
    }
    expect(mostW).toBe(plan.powerW);
    expect(leastWh).toBeGreaterThan(0);
  });
});
