import {
  type LoadCurve,
  dishwasher,
  heatPumpDryer,
  type Programme,
  ventedDryer,
  washingMachine,
} from './appliances.js';
import type { LocalDay } from './local-day.js';
import { Habit, isUpAndHome, type Presence, type Rhythm } from './presence.js';
import { Random, type StreamName } from './random.js';
import type { HomePlan } from './street-plan.js';
import type { Sun } from './sun.js';
import { usualAnnualKwh } from './usual-annual-kwh.js';

/** Lamps go on while the sun is lower than this (sine of about four degrees). */
const dusk = 0.07;

/** What the people of one home switch on. Every appliance is an event with its own power, so that the sum is spiky. */
export class Household {
  readonly habit: Habit;
  private readonly persons: number;
  /** How much more than others like them these people use. */
  private readonly intensity: number;
  private readonly standbyW: number;
  private readonly coolers: readonly {
    readonly watts: number;
    readonly onMinutes: number;
    readonly offMinutes: number;
  }[];
  /** 0 where somebody else's pump warms the flat. */
  private readonly heatingPumpW: number;
  private readonly lampW: number;
  private readonly screenW: number;
  private readonly kettleW: number;
  private readonly hobW: number;
  private readonly hasDishwasher: boolean;
  private readonly dryer: Programme | undefined;
  /** 0 where the boiler or the district heats the water. */
  private readonly waterHeaterW: number;

  constructor(plan: HomePlan, name: StreamName) {
    const random = Random.for(...name, 'household');
    this.habit = new Habit(drawRhythm(plan.persons, random), name);
    this.persons = plan.persons;
    const usage = plan.annualLoadKwh / usualAnnualKwh(plan.persons);
    // Whoever uses so much more than others heats water with it, in showers of 18 kW; the rest of the house is then
    // less above the others than the bill says.
    const heatsWater = usage > 1.4;
    this.waterHeaterW = heatsWater ? random.pick([18_000, 21_000]) : 0;
    this.intensity = heatsWater ? usage - 0.2 : usage;
    this.standbyW = (random.between(16, 44) + 8 * plan.persons) * this.intensity;
    // The thrifty have the better refrigerator, pump and lamps too.
    const thrift = Math.min(1, this.intensity);
    this.coolers = Array.from({ length: random.chance(0.4) ? 2 : 1 }, () => ({
      watts: random.between(65, 125) * thrift,
      onMinutes: random.between(9, 17),
      offMinutes: random.between(22, 42),
    }));
    this.heatingPumpW = random.chance(0.25 * plan.persons) ? random.between(20, 70) * thrift : 0;
    this.lampW = random.between(10, 32) * thrift;
    this.screenW = random.between(70, 170);
    this.kettleW = random.between(1700, 2300);
    this.hobW = random.between(1400, 2200);
    this.hasDishwasher = random.chance(0.4 + 0.15 * plan.persons);
    this.dryer = random.chance(0.15 + 0.1 * plan.persons)
      ? random.pick([heatPumpDryer, heatPumpDryer, ventedDryer])
      : undefined;
  }

  liveThrough(day: LocalDay, presence: Presence, sun: Sun, random: Random, load: LoadCurve): void {
    load.startDay(day, this.standbyW);
    this.cool(day, random, load);
    this.heat(day, load);
    if (presence.isTravelling) return;
    this.light(presence, sun, random, load);
    this.watchAndWork(day, presence, random, load);
    this.drinkAndSnack(presence, random, load);
    this.cook(day, presence, random, load);
    this.wash(day, presence, random, load);
    this.shower(presence, random, load);
  }

  private cool(day: LocalDay, random: Random, load: LoadCurve): void {
    for (const { watts, onMinutes, offMinutes } of this.coolers) {
      // Warm kitchens make compressors run longer.
      const on = onMinutes * (1 + 0.2 * day.summer);
      for (let at = -random.between(0, on + offMinutes); at < day.minutes;) {
        const runs = on * random.between(0.85, 1.15);
        if (at >= 0) load.add(at, runs, watts);
        at += runs + offMinutes * random.between(0.85, 1.15);
      }
    }
  }

  /** The boiler burns gas; its pump and fan run by day outside of summer. */
  private heat(day: LocalDay, load: LoadCurve): void {
    if (day.summer > 0.35) return;
    const [from, until] = [day.at(6 * 60), day.at(22.5 * 60)];
    load.add(from, until - from, this.heatingPumpW);
  }

  private light(presence: Presence, sun: Sun, random: Random, load: LoadCurve): void {
    for (let at = presence.wakesAt; at < presence.sleepsAt;) {
      const stays = Math.ceil(random.between(6, 28));
      const lamps = random.whole(1, 2 + this.persons);
      if (sun.up[at]! < dusk && isUpAndHome(presence, at)) load.add(at, stays, lamps * this.lampW);
      at += stays;
    }
  }

  private watchAndWork(day: LocalDay, presence: Presence, random: Random, load: LoadCurve): void {
    const evening = Math.max(presence.returnsAt, day.at(60 * random.between(18.5, 20.5)));
    if (random.chance(0.85))
      load.add(evening, Math.max(0, presence.sleepsAt - random.between(0, 40) - evening), this.screenW);
    if (this.habit.rhythm === 'HOME_OFFICE' && day.isWorkday)
      load.add(day.at(60 * random.between(7.8, 9)), random.between(430, 540), random.between(60, 120));
    for (let i = random.times(1.1 * this.persons * this.intensity); i > 0; i--)
      this.sometime(presence, random, (at) => load.add(at, random.between(30, 210), random.between(40, 240)));
  }

  private drinkAndSnack(presence: Presence, random: Random, load: LoadCurve): void {
    if (isUpAndHome(presence, presence.wakesAt))
      load.add(presence.wakesAt + random.between(5, 25), random.between(2, 4.5), this.kettleW);
    for (let i = random.times((0.4 + 0.8 * this.persons) * this.intensity); i > 0; i--)
      this.sometime(presence, random, (at) => load.add(at, random.between(1.5, 4.5), this.kettleW));
    for (let i = random.times(0.55 * this.persons * this.intensity); i > 0; i--)
      this.sometime(presence, random, (at) => load.add(at, random.between(2, 9), random.between(800, 1400)));
    if (random.chance(0.3 * this.intensity))
      this.sometime(presence, random, (at) => load.add(at, random.between(8, 35), random.between(900, 1900)));
  }

  private cook(day: LocalDay, presence: Presence, random: Random, load: LoadCurve): void {
    const lunch = day.isWorkday && this.habit.rhythm === 'WORKERS' ? 0.1 : 0.6;
    const dinner = Math.min(0.95, 0.68 * Math.sqrt(this.intensity));
    if (random.chance(lunch)) this.prepareMeal(day.at(60 * random.normal(12.4, 0.5)), presence, random, load);
    if (random.chance(dinner)) this.prepareMeal(day.at(60 * random.normal(18.7, 0.5)), presence, random, load);
  }

  private prepareMeal(from: number, presence: Presence, random: Random, load: LoadCurve): void {
    if (!isUpAndHome(presence, from)) return;
    const plates = random.chance(0.2 + 0.1 * this.persons) ? 2 : 1;
    for (let plate = 0; plate < plates; plate++) {
      const minutes = random.between(12, 30) + 3 * this.persons;
      const duty = random.between(0.25, 0.6);
      load.hold({ from: from + 4 * plate, minutes, watts: this.hobW, heatUpMinutes: 5, duty }, random);
    }
    if (random.chance(0.12 + 0.05 * this.persons))
      load.hold({ from, minutes: random.between(30, 65), watts: 2600, heatUpMinutes: 9, duty: 0.35 }, random);
  }

  private wash(day: LocalDay, presence: Presence, random: Random, load: LoadCurve): void {
    if (this.hasDishwasher && random.chance(Math.min(0.9, (0.2 + 0.14 * this.persons) * this.intensity)))
      load.run(
        dishwasher,
        random.chance(0.75) ? day.at(60 * random.normal(20, 0.8)) : day.at(60 * random.normal(13.6, 0.6)),
      );
    // Saturday and Sunday are for the laundry of those who work.
    const loads = (0.06 + 0.18 * this.persons) * (day.isWorkday ? 0.75 : 1.6) * Math.sqrt(this.intensity);
    for (let i = random.times(loads); i > 0; i--)
      this.sometime(presence, random, (at) => {
        load.run(washingMachine, at, random.between(0.75, 1.1));
        if (this.dryer && random.chance(0.75)) load.run(this.dryer, at + random.between(85, 150));
      });
  }

  private shower(presence: Presence, random: Random, load: LoadCurve): void {
    if (this.waterHeaterW === 0) return;
    for (let person = 0; person < this.persons; person++) {
      const at = random.chance(0.7)
        ? presence.wakesAt + random.between(3, 45)
        : presence.sleepsAt - random.between(20, 90);
      if (random.chance(0.55) && isUpAndHome(presence, Math.floor(at)))
        load.add(at, random.between(2.5, 6), this.waterHeaterW);
    }
  }

  /** Most things are done when somebody happens to be at home; a few are not done because nobody is. */
  private sometime(presence: Presence, random: Random, happens: (at: number) => void): void {
    for (let tries = 0; tries < 3; tries++) {
      const at = random.whole(presence.wakesAt, presence.sleepsAt - 1);
      if (isUpAndHome(presence, at)) return happens(at);
    }
  }
}

function drawRhythm(persons: number, random: Random): Rhythm {
  if (persons >= 3) return random.pick(['FAMILY', 'FAMILY', 'FAMILY', 'HOME_OFFICE', 'WORKERS']);
  return random.pick(['WORKERS', 'WORKERS', 'WORKERS', 'RETIRED', 'RETIRED', 'HOME_OFFICE']);
}
