import { mkdirSync, writeFileSync } from 'node:fs';

export interface Measure {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  /** What it ought to be: missed, it is said and not held against the run. A floor is. */
  readonly target?: Bounds;
}

export interface Bounds {
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** What must never be lost again, by the metric's name. */
export type Floors = Readonly<Record<string, Bounds>>;

export const holds = (value: number, { atMost = Infinity, atLeast = -Infinity }: Bounds): boolean =>
  value <= atMost && value >= atLeast;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Writes `.bench/<name>.json` and says whether all floors hold; a floor without a measure is broken. */
export function report(name: string, measures: readonly Measure[], floors: Floors): boolean {
  const rows = measures.map(({ metric, value, unit, target }) => {
    const aim = target ?? floors[metric] ?? {};
    return { metric, value, unit, target: aim.atMost ?? aim.atLeast ?? null, met: holds(value, aim) };
  });
  mkdirSync('.bench', { recursive: true });
  writeFileSync(`.bench/${name}.json`, `${JSON.stringify(rows, undefined, 2)}\n`);
  const missed = Object.keys(floors)
    .filter((metric) => metric.startsWith(`${name}: `))
    .filter((metric) => !measures.some((one) => one.metric === metric && holds(one.value, floors[metric]!)));
  for (const metric of missed) console.error(`Broken floor: ${metric}`);
  return missed.length === 0;
}
