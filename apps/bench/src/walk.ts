import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { BenchHouse, type Cycle, rooms } from './bench-house.js';
import { type Measure, median, report } from './report.js';

// What an interval of a community costs, and whether a home costs more in a large community than in a small one.
// Everything is real: PostgreSQL that waits for the disk, signatures, the intake, the catch-up loop.

/** Where two sizes are compared they have the same history, so that nothing but the number of homes differs. */
const sizes = [
  { homes: 20, door: 'MQTT', historyDays: 8, measured: 9 },
  { homes: 1_000, door: 'INTAKE', historyDays: 1, measured: 7 },
  { homes: 10_000, door: 'INTAKE', historyDays: 1, measured: 3 },
] as const;
type Size = (typeof sizes)[number];
const warmUp = 2;
const seed = 7;

const wanted = process.argv.slice(2).map(Number);
const measures: Measure[] = [];
const cpuPerHome = new Map<number, number>();
for (const size of sizes.filter(({ homes }) => wanted.length === 0 || wanted.includes(homes))) await measure(size);
const [small, large] = [cpuPerHome.get(1_000), cpuPerHome.get(10_000)];
if (small !== undefined && large !== undefined) {
  measures.push({
    metric: 'walk: a home in 10,000 costs so many times a home in 1,000',
    value: large / small,
    unit: '',
  });
  console.log(`\nA home in 10,000 costs ${(large / small).toFixed(2)} times what it costs in 1,000.`);
}
const floors = JSON.parse(readFileSync('simulations/floors.json', 'utf8'));
const holds = report('walk', measures, wanted.length === 0 ? floors : {});
process.exitCode = holds ? 0 : 1;

async function measure(size: Size): Promise<void> {
  const begun = performance.now();
  await BenchHouse.with({ ...size, seed }, async (house) => {
    const setUpSeconds = (performance.now() - begun) / 1000;
    for (let i = 0; i < warmUp; i++) await house.cycle();
    const cycles: Cycle[] = [];
    for (let i = 0; i < size.measured; i++) cycles.push(await house.cycle());
    tell(size, cycles, house.memory(), setUpSeconds);
  });
}

function tell(
  { homes, door, historyDays }: Size,
  cycles: readonly Cycle[],
  memory: Memory,
  setUpSeconds: number,
): void {
  const of = (pick: (cycle: Cycle) => number): number => median(cycles.map(pick));
  const table = new Map<string, number>(rooms.map((room) => [room, of((cycle) => cycle.room[room])]));
  table.set(
    'first reading to lines',
    of(({ readingToLines }) => readingToLines),
  );
  table.set(
    'processor, Node',
    of(({ nodeCpu }) => nodeCpu),
  );
  table.set(
    'processor, PostgreSQL',
    of(({ postgresCpu }) => postgresCpu),
  );
  const cpu = of(({ nodeCpu, postgresCpu }) => nodeCpu + postgresCpu);
  table.set('processor, both', cpu);
  cpuPerHome.set(homes, cpu / homes);

  const way = door === 'MQTT' ? 'over MQTT' : 'in process';
  console.log(
    `\n${homes} homes, seed ${seed}: readings ${way}, ${historyDays} days of history, median of ${cycles.length} intervals`,
  );
  for (const [what, seconds] of table) {
    const perHome = (seconds / homes) * 1e6;
    console.log(
      `  ${what.padEnd(24)} ${seconds.toFixed(3).padStart(8)} s ${perHome.toFixed(0).padStart(8)} µs per home`,
    );
    measures.push({ metric: `walk: ${homes} homes: ${what}`, value: seconds, unit: 's' });
  }
  console.log(
    `  memory: Node ${memory.nodeMb} MB, PostgreSQL ${memory.postgresMb} MB; set up in ${setUpSeconds.toFixed(0)} s`,
  );
  measures.push({ metric: `walk: ${homes} homes: memory of Node`, value: memory.nodeMb, unit: 'MB' });
  measures.push({ metric: `walk: ${homes} homes: memory of PostgreSQL`, value: memory.postgresMb, unit: 'MB' });
}

type Memory = ReturnType<BenchHouse['memory']>;
