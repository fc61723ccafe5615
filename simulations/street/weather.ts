import { type LocalDay, longestDay } from './local-day.js';
import { Random } from './random.js';

export type DayKind = 'CLEAR' | 'BROKEN' | 'OVERCAST';

/** The clouds over one street on one day: `clearness` is the share of a clear sky's light that comes through, per minute. */
export interface Weather {
  readonly kind: DayKind;
  readonly clearness: Float64Array;
}

/** A sky is a row of clouds and gaps; kinds of day differ in how many, how thick and how long. */
interface Clouds {
  readonly cover: readonly [number, number];
  readonly cloud: readonly [number, number];
  readonly gap: readonly [number, number];
  readonly meanMinutes: number;
}
const clouds: Record<DayKind, Clouds> = {
  CLEAR: { cover: [0, 0.1], cloud: [0.5, 0.8], gap: [0.96, 1.01], meanMinutes: 9 },
  // Edges of clouds reflect: gaps between them are brighter than a clear sky.
  BROKEN: { cover: [0.3, 0.75], cloud: [0.18, 0.55], gap: [0.93, 1.1], meanMinutes: 5 },
  OVERCAST: { cover: [0.85, 1], cloud: [0.1, 0.4], gap: [0.4, 0.7], meanMinutes: 14 },
};

export function weatherOn(day: LocalDay, seed: number): Weather {
  const kind = kindOn(day, seed);
  const { cover, cloud, gap, meanMinutes } = clouds[kind];
  const random = Random.for(seed, 'clouds', day.number);
  const covered = random.between(...cover);
  const thin = random.between(0.8, 1.15);
  const clearness = new Float64Array(longestDay);
  let now = random.between(...gap);
  let drawn = now;
  let minutesLeft = 0;
  for (let minute = 0; minute < day.minutes; minute++) {
    if (minutesLeft <= 0) {
      drawn = random.chance(covered) ? thin * random.between(...cloud) : random.between(...gap);
      minutesLeft = random.lasting(meanMinutes);
    }
    minutesLeft--;
    // A cloud's edge takes about two minutes to cross the street.
    now += (drawn - now) * 0.45;
    clearness[minute] = now;
  }
  return { kind, clearness };
}

/**
 * Weather lasts for days and belongs to the date: it is noise between knots three days apart, so that any day can be
 * asked for without those before it.
 */
function kindOn(day: LocalDay, seed: number): DayKind {
  const knot = Math.floor(day.number / 3);
  const along = day.number / 3 - knot;
  const pressureAt = (k: number) => Random.for(seed, 'pressure', k).normal(0, 1);
  const lasting = pressureAt(knot) * (1 - along) + pressureAt(knot + 1) * along;
  const fair = lasting + Random.for(seed, 'weather', day.number).normal(0, 0.5) + 0.35 * day.summer;
  if (fair > 0.55) return 'CLEAR';
  return fair < -0.25 ? 'OVERCAST' : 'BROKEN';
}
