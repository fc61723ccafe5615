import type { LoadCurve } from './appliances.js';
import type { LocalDay } from './local-day.js';
import type { Random } from './random.js';
import type { HomePlan } from './street-plan.js';

/** With which the powers below were chosen. */
const usualAnnualKwh = 33_500;

/** Ovens from three to seven, then the shop; on Mondays all is dark but the cold store. */
export class Bakery {
  private readonly scale: number;

  constructor(plan: HomePlan) {
    this.scale = plan.annualLoadKwh / usualAnnualKwh;
  }

  bake(day: LocalDay, random: Random, load: LoadCurve): void {
    load.startDay(day, 350 * this.scale);
    for (let at = -random.between(0, 25); at < day.minutes; at += random.between(22, 30))
      if (at >= 0) load.add(at, random.between(9, 13), 900 * this.scale);
    if (day.isMonday) return;

    const lit = day.at(3 * 60 + random.between(0, 8));
    const out = day.at(7 * 60 - random.between(0, 8));
    const deckOven = { from: lit, minutes: out - lit, watts: 13_000 * this.scale, heatUpMinutes: 35, duty: 0.62 };
    load.hold(deckOven, random);
    const rackOven = {
      from: lit + 25,
      minutes: out - lit - 25,
      watts: 11_000 * this.scale,
      heatUpMinutes: 25,
      duty: 0.55,
    };
    load.hold(rackOven, random);
    for (let batch = random.whole(5, 8); batch > 0; batch--)
      load.add(random.between(lit - 15, out - 60), random.between(8, 14), 2_200 * this.scale);

    const shopCloses = day.at((day.isSunday ? 12 : 17.5) * 60);
    load.add(day.at(5.8 * 60), shopCloses - day.at(5.8 * 60), 1_500 * this.scale);
    for (let coffee = random.whole(50, 90); coffee > 0; coffee--)
      load.add(random.between(day.at(6 * 60), shopCloses), random.between(1, 2.5), 2_600 * this.scale);
    if (day.isSunday) return;
    const secondBake = { from: day.at(11 * 60), minutes: 110, watts: 6_500 * this.scale, heatUpMinutes: 12, duty: 0.4 };
    load.hold(secondBake, random);
  }
}
