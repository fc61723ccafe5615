import { mkdirSync, writeFileSync } from 'node:fs';

export interface Measure {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
}

/** What must never be lost again, by the metric's name. */
export type Floors = Readonly<Record<string, { readonly atMost?: number; readonly atLeast?: number }>>;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Writes `.bench/<name>.json` and says whether all floors hold; a floor without a measure is broken. */
export function report(name: string, measures: readonly Measure[], floors: Floors): boolean {
  const rows = measures.map(({ metric, value, unit }) => {
    const { atMost, atLeast } = floors[metric] ?? {};
    const met = value <= (atMost ?? Infinity) && value >= (atLeast ?? -Infinity);
    return { metric, value, unit, target: atMost ?? atLeast ?? null, met };
  });
  mkdirSync('.bench', { recursive: true });
  writeFileSync(`.bench/${name}.json`, `${JSON.stringify(rows, undefined, 2)}\n`);
  const own = Object.keys(floors).filter((metric) => metric.startsWith(`${name}: `));
  const missed = [
    ...own.filter((metric) => !rows.some((row) => row.metric === metric)),
    ...rows.filter(({ met }) => !met).map(({ metric }) => metric),
  ];
  for (const metric of missed) console.error(`Broken floor: ${metric}`);
  return missed.length === 0;
}
