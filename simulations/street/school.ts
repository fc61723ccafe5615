import type { LoadCurve } from './appliances.js';
import type { LocalDay } from './local-day.js';
import type { Random } from './random.js';
import type { HomePlan } from './street-plan.js';
import type { Sun } from './sun.js';

/** With which the powers below were chosen. */
const usualAnnualKwh = 32_500;

/** Lessons from half past seven to four; at weekends and on holidays servers, emergency lamps and the canteen's freezers. */
export class School {
  private readonly scale: number;

  constructor(plan: HomePlan) {
    this.scale = plan.annualLoadKwh / usualAnnualKwh;
  }

  teach(day: LocalDay, sun: Sun, random: Random, load: LoadCurve): void {
    load.startDay(day, 850 * this.scale);
    for (let at = -random.between(0, 30); at < day.minutes; at += random.between(30, 40))
      if (at >= 0) load.add(at, random.between(11, 15), 500 * this.scale);
    if (!day.isWorkday) return;

    const opens = day.at(7.5 * 60 - random.between(0, 12));
    const closes = day.at(16 * 60 - random.between(0, 12));
    const roomsUsed = random.between(0.8, 1);
    // Ventilation and corridors for the whole day; rooms lesson by lesson, lit according to what the sky leaves to lamps.
    load.add(opens, closes - opens, 5_200 * this.scale);
    for (let at = opens; at < closes; at += 45) {
      const lamps = sun.up[at + 20]! > 0.45 ? 0.55 : 1;
      const thinning = at > day.at(13.5 * 60) ? 0.55 : 1;
      load.add(
        at,
        Math.min(41, closes - at),
        8_500 * this.scale * roomsUsed * lamps * thinning * random.between(0.85, 1.15),
      );
    }
    const canteen = { from: day.at(10.6 * 60), minutes: 130, watts: 9_000 * this.scale };
    load.hold({ ...canteen, heatUpMinutes: 20, duty: 0.45 }, random);
  }
}
