import {
  type Instant,
  instant,
  invariant,
  isAligned,
  lessWh,
  minutes,
  startOfLocalDay,
  type Wh,
  wh,
} from '@kwartier/units';
import { LoadCurve } from './appliances.js';
import { round } from './fast-math.js';
import { LocalDay, longestDay } from './local-day.js';
import { Random } from './random.js';
import { exportRegister, importRegister, RegisterHistory } from './register-history.js';
import { SimulatedHome, type Workbench } from './simulated-home.js';
import { skyOn } from './sky.js';
import type { HomePlan, StreetPlan } from './street-plan.js';

/** What a meter shows: totals since it was mounted. */
export interface Registers {
  readonly importWh: Wh;
  readonly exportWh: Wh;
}

/** Cables and transformer, of what flows through. */
const lostShare = 0.015;

/**
 * A street that lives as far as it is asked about: whole local days, minute by minute, each once. Same plan, seed and
 * `from`, same registers, in whatever order they are read.
 */
export class SimulatedStreet {
  private readonly homes: readonly SimulatedHome[];
  private readonly rows: ReadonlyMap<string, number>;
  private readonly history: RegisterHistory;
  private readonly streetW = new Float64Array(longestDay);
  private readonly bench: Workbench = {
    load: new LoadCurve(),
    solarW: new Float64Array(longestDay),
    netW: new Float64Array(longestDay),
  };

  constructor(
    readonly plan: StreetPlan,
    readonly seed: number,
    readonly from: Instant,
  ) {
    invariant(startOfLocalDay(from, plan.zone.timeZone) === from, 'a street starts at a local midnight');
    this.homes = plan.homes.map((home) => new SimulatedHome(home, seed));
    const points = [...plan.homes.map(({ pointId }) => pointId), plan.transformer.pointId];
    this.rows = new Map(points.map((pointId, row) => [pointId, row]));
    invariant(this.rows.size === points.length, 'a point is on a street once');
    const homesStartWh = plan.homes.flatMap((home) => startWh(home, seed));
    this.history = new RegisterHistory(from, [...homesStartWh, 0, 0]);
  }

  startRegisters(pointId: string): Registers {
    return this.registersAt(pointId, this.from);
  }

  /** The registers of a home or of the transformer at the end of a quarter of an hour. */
  registersAt(pointId: string, at: Instant): Registers {
    const row = this.rows.get(pointId);
    invariant(row !== undefined, 'a point that is asked for is on the street');
    invariant(at >= this.from && isAligned(at, 15), 'registers are read at ends of quarters, from the start on');
    while (this.history.knownUntil < at) this.runNextDay();
    return {
      importWh: wh(BigInt(this.history.registerWh(row, importRegister, at))),
      exportWh: wh(BigInt(this.history.registerWh(row, exportRegister, at))),
    };
  }

  /** What flowed in the quarter of an hour that starts at `startsAt`: the difference of its registers. */
  energy(pointId: string, startsAt: Instant): Registers {
    const after = this.registersAt(pointId, instant(startsAt + minutes(15)));
    const before = this.registersAt(pointId, startsAt);
    return {
      importWh: lessWh(after.importWh, before.importWh),
      exportWh: lessWh(after.exportWh, before.exportWh),
    };
  }

  /** Frees memory; registers of days that ended before `at` cannot be asked for again. */
  forgetBefore(at: Instant): void {
    this.history.forgetBefore(at);
  }

  private runNextDay(): void {
    const { zone } = this.plan;
    const day = new LocalDay(this.history.knownUntil, zone.timeZone);
    const sky = skyOn(day, zone, this.seed);
    const { netW } = this.bench;
    this.history.openDay(day);
    this.streetW.fill(0);
    for (const [row, home] of this.homes.entries()) {
      home.run(day, sky, this.bench);
      this.history.meter(row, netW);
      for (let minute = 0; minute < day.minutes; minute++) this.streetW[minute]! += netW[minute]!;
    }
    this.history.meter(this.homes.length, this.streetW.map(throughTransformer));
  }
}

/** Losses are paid by whoever sends: more flows in than the homes take, less flows out than they give. */
const throughTransformer = (streetW: number): number => round(streetW + lostShare * (streetW > 0 ? streetW : -streetW));

/** Meters were mounted some years ago, all of them with zero. */
function startWh(home: HomePlan, seed: number): [importWh: number, exportWh: number] {
  const years = Random.for(seed, home.pointId, 'meter').between(0.5, 8);
  const exportedKwhAYear = 600 * (home.pv?.kwp ?? 0);
  return [Math.floor(years * home.annualLoadKwh * 1000), Math.floor(years * exportedKwhAYear * 1000)];
}
