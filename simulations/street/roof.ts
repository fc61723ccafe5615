import { max, min, sqrt } from './fast-math.js';
import type { LocalDay } from './local-day.js';
import type { Random } from './random.js';
import type { Sky } from './sky.js';
import type { SolarPlan } from './street-plan.js';

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
/** What light ground and lawns throw back. */
const albedo = 0.2;

/** Solar modules with their inverter, and the one chimney or tree that stands in their way. */
export class Roof {
  private readonly east: number;
  private readonly north: number;
  private readonly up: number;
  private readonly wattsPerIrradiance: number;
  private readonly inverterW: number;
  private readonly lagMinutes: number;
  private readonly obstacle: {
    readonly east: number;
    readonly north: number;
    readonly halfWidth: number;
    readonly height: number;
    readonly letsThrough: number;
  };

  constructor(plan: SolarPlan, random: Random) {
    const [tilt, azimuth] = [radians(plan.tiltDeg), radians(plan.azimuthDeg)];
    this.east = Math.sin(tilt) * Math.sin(azimuth);
    this.north = Math.sin(tilt) * Math.cos(azimuth);
    this.up = Math.cos(tilt);
    // Heat, cables, dust and ageing together.
    this.wattsPerIrradiance = plan.kwp * random.between(0.76, 0.85);
    this.inverterW = plan.inverterW;
    this.lagMinutes = random.whole(0, 4);
    const direction = radians(random.between(80, 280));
    this.obstacle = {
      east: Math.sin(direction),
      north: Math.cos(direction),
      halfWidth: Math.cos(radians(random.between(5, 18))),
      height: Math.sin(radians(random.between(5, 22))),
      letsThrough: random.between(0.2, 0.7),
    };
  }

  /** The inverter's output in each minute, in W. Clouds reach each house a little later than the first of the street. */
  generate(day: LocalDay, sky: Sky, solarW: Float64Array): void {
    const { sun } = sky;
    for (let minute = 0; minute < day.minutes; minute++) {
      const up = sun.up[minute]!;
      const seen = max(0, minute - this.lagMinutes);
      const diffuse = sky.diffuse[seen]!;
      if (up <= 0 || diffuse === 0) {
        solarW[minute] = 0;
        continue;
      }
      const [east, north] = [sun.east[minute]!, sun.north[minute]!];
      const beam = sky.beam[seen]! * (this.isShaded(east, north, up) ? this.obstacle.letsThrough : 1);
      const facing = max(0, east * this.east + north * this.north + up * this.up);
      const ground = albedo * (diffuse + beam * up);
      const irradiance = beam * facing + (diffuse * (1 + this.up) + ground * (1 - this.up)) / 2;
      solarW[minute] = min(this.inverterW, irradiance * this.wattsPerIrradiance);
    }
  }

  private isShaded(east: number, north: number, up: number): boolean {
    const { obstacle } = this;
    if (up > obstacle.height) return false;
    const level = sqrt(1 - up * up);
    return east * obstacle.east + north * obstacle.north > obstacle.halfWidth * level;
  }
}
