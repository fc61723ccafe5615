import { median } from '../report.js';

/** What is measured, and as how many of a kind one run of it counts. */
export type Contestant = () => unknown;

/** Shorter than this, the clock's own steps would be measured. */
const leastMs = 8;
const warmMs = 500;

/** Median milliseconds of CPU time of one run of each, all measured in turn in every round, so that a busy machine is unkind to all alike. */
export function interleave<Name extends string>(
  contestants: Readonly<Record<Name, Contestant>>,
  rounds = 9,
): Record<Name, number> {
  const names = Object.keys(contestants) as Name[];
  const runs = new Map(names.map((name) => [name, warm(contestants[name])]));
  const times = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) times.get(name)!.push(cpuMs(contestants[name], runs.get(name)!));
  }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name)!)])) as Record<Name, number>;
}

/** Runs until the compiler has had its say, however short a cold run is, and answers how many runs fill a measure. */
function warm(contestant: Contestant): number {
  let spentMs = 0;
  for (let runs = 1; ; runs *= 2) {
    const ms = cpuMs(contestant, runs) * runs;
    spentMs += ms;
    if (spentMs >= warmMs && ms >= leastMs) return Math.ceil((runs * leastMs) / ms);
  }
}

function cpuMs(contestant: Contestant, runs: number): number {
  const begun = process.cpuUsage();
  for (let i = 0; i < runs; i += 1) contestant();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000 / runs;
}
