import type { LoadCurve } from './appliances.js';
import { Bakery } from './bakery.js';
import { Battery } from './battery.js';
import { Car } from './car.js';
import { max, min, round } from './fast-math.js';
import { Household } from './household.js';
import { type LocalDay, longestDay } from './local-day.js';
import { Random, type StreamName } from './random.js';
import { Roof } from './roof.js';
import { School } from './school.js';
import type { Sky } from './sky.js';
import type { HomePlan } from './street-plan.js';

/** What a building needs only while its day is computed; all buildings of a street use the same. */
export interface Workbench {
  readonly load: LoadCurve;
  readonly solarW: Float64Array;
  /** The result: whole W in each minute, from the street above zero, to the street below. */
  readonly netW: Float64Array;
}

/** One connection with all that is behind it. Days must be run in their order, for batteries and cars remember. */
export class SimulatedHome {
  private readonly name: StreamName;
  private readonly use: Household | School | Bakery;
  private readonly roof: Roof | undefined;
  private readonly battery: Battery | undefined;
  private readonly car: Car | undefined;

  constructor(
    private readonly plan: HomePlan,
    seed: number,
  ) {
    this.name = [seed, plan.pointId];
    this.use = useOf(plan, this.name);
    this.roof = plan.pv && new Roof(plan.pv, Random.for(...this.name, 'roof'));
    this.battery = plan.battery && new Battery(plan.battery);
    this.car = plan.ev && new Car(plan.ev, Random.for(...this.name, 'car'));
  }

  run(day: LocalDay, sky: Sky, { load, solarW, netW }: Workbench): void {
    this.live(day, sky, load);
    if (this.roof) this.roof.generate(day, sky, solarW);
    else solarW.fill(0, 0, longestDay);

    const { fuseW } = this.plan;
    for (let minute = 0; minute < day.minutes; minute++) {
      const usedW = min(fuseW, load.watts[minute]!);
      const spareW = solarW[minute]! - usedW;
      const carW = this.car ? this.car.charge(minute, fuseW - usedW) : 0;
      // A car takes from the roof before the battery does, and never empties it.
      const toBalanceW = spareW > 0 ? max(0, spareW - carW) : spareW;
      const batteryW = this.battery ? this.battery.balance(toBalanceW) : 0;
      netW[minute] = withinFuse(carW + batteryW - spareW, fuseW);
    }
  }

  private live(day: LocalDay, sky: Sky, load: LoadCurve): void {
    const random = Random.for(...this.name, 'day', day.number);
    if (this.use instanceof School) return this.use.teach(day, sky.sun, random, load);
    if (this.use instanceof Bakery) return this.use.bake(day, random, load);
    const presence = this.use.habit.presenceOn(day);
    this.use.liveThrough(day, presence, sky.sun, random, load);
    this.car?.startDay(day, presence, Random.for(...this.name, 'drive', day.number));
  }
}

function useOf(plan: HomePlan, name: StreamName): Household | School | Bakery {
  switch (plan.kind) {
    case 'HOME':
      return new Household(plan, name);
    case 'SCHOOL':
      return new School(plan);
    case 'BAKERY':
      return new Bakery(plan);
  }
}

const withinFuse = (watts: number, fuseW: number): number => max(-fuseW, min(fuseW, round(watts)));
