import { type LocalDay, longestDay } from './local-day.js';
import type { ZonePlan } from './street-plan.js';
import { type Sun, sunOn } from './sun.js';
import { type DayKind, weatherOn } from './weather.js';

/** The light over one street on one day, per minute, in W per square metre. */
export interface Sky {
  readonly kind: DayKind;
  readonly sun: Sun;
  /** On a plane that faces the sun. */
  readonly beam: Float64Array;
  /** From the rest of the sky, on level ground. */
  readonly diffuse: Float64Array;
}

const aboveTheAir = 1361;

export function skyOn(day: LocalDay, zone: ZonePlan, seed: number): Sky {
  const sun = sunOn(day, zone.latitude, zone.longitude);
  const { kind, clearness } = weatherOn(day, seed);
  const beam = new Float64Array(longestDay);
  const diffuse = new Float64Array(longestDay);
  for (let minute = 0; minute < day.minutes; minute++) {
    const up = sun.up[minute]!;
    if (up <= 0.01) continue;
    const global = clearSky(up) * clearness[minute]!;
    const scattered = global * diffuseShare(global / (aboveTheAir * up));
    diffuse[minute] = scattered;
    // Near the horizon a level plane says little about the beam; no beam exceeds that of a clear noon.
    beam[minute] = Math.min(1000, (global - scattered) / up);
  }
  return { kind, sun, beam, diffuse };
}

/** Haurwitz: global irradiance on level ground under a clear sky, from the sine of the sun's height. */
const clearSky = (up: number): number => 1098 * up * Math.exp(-0.059 / up);

/** Erbs: the dimmer the sky for this height of the sun, the more of its light comes from all sides. */
function diffuseShare(brightness: number): number {
  if (brightness <= 0.22) return 1 - 0.09 * brightness;
  if (brightness > 0.8) return 0.165;
  const k = brightness;
  return 0.9511 + k * (-0.1604 + k * (4.388 + k * (-16.638 + k * 12.336)));
}
