import { floor, max, min } from './fast-math.js';
import { type LocalDay, longestDay } from './local-day.js';
import type { Random } from './random.js';

/** Parts of a programme: how many minutes at how many W. */
export type Programme = readonly (readonly [minutes: number, watts: number])[];

export const dishwasher: Programme = [
  [5, 60],
  [17, 2000],
  [32, 80],
  [12, 1950],
  [20, 25],
];
export const washingMachine: Programme = [
  [4, 100],
  [15, 2050],
  [45, 170],
  [8, 480],
  [4, 90],
];
export const heatPumpDryer: Programme = [
  [95, 620],
  [8, 120],
];
export const ventedDryer: Programme = [
  [58, 2350],
  [8, 200],
];

export interface Thermostat {
  readonly from: number;
  readonly minutes: number;
  readonly watts: number;
  readonly heatUpMinutes: number;
  /** The share of the time, once hot, in which it is on. */
  readonly duty: number;
}

/** What a building draws in each minute of a day, in W: appliances are laid upon one another. */
export class LoadCurve {
  readonly watts = new Float64Array(longestDay);
  private minutes = 0;

  startDay(day: LocalDay, standbyW: number): void {
    this.minutes = day.minutes;
    this.watts.fill(standbyW, 0, day.minutes);
  }

  /** A last part of a minute counts for its share; what would reach beyond midnight is left out. */
  add(from: number, minutes: number, watts: number): void {
    const start = max(0, floor(from));
    const whole = floor(minutes);
    const end = min(start + whole, this.minutes);
    for (let minute = start; minute < end; minute++) this.watts[minute]! += watts;
    if (start + whole < this.minutes) this.watts[start + whole]! += watts * (minutes - whole);
  }

  /** Nobody starts a programme that ends after midnight. */
  run(programme: Programme, from: number, scale = 1): void {
    const length = programme.reduce((sum, [minutes]) => sum + minutes, 0);
    let at = max(0, min(from, this.minutes - length));
    for (const [minutes, watts] of programme) {
      this.add(at, minutes, watts * scale);
      at += minutes;
    }
  }

  /** A thermostat heats up first, then goes on and off. */
  hold({ from, minutes, watts, heatUpMinutes, duty }: Thermostat, random: Random): void {
    const until = from + minutes;
    this.add(from, min(heatUpMinutes, minutes), watts);
    for (let at = from + heatUpMinutes; at < until;) {
      const cycle = random.whole(3, 7);
      this.add(at, min(cycle * duty, until - at), watts);
      at += cycle;
    }
  }
}
