import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Told } from './auction/tell.js';
import { type Bounds, type Floors, holds, type Measure, report } from './report.js';

// The matching engine against what its users could pick instead. Every part runs in a process of its own, where nothing has spoiled the
// compiler's guesses; what is compared is measured in turn in one process, in CPU time, after the answers agree.

const measures: Measure[] = [];
const part = (name: string, ...words: (string | number)[]): Told[] => {
  const file = fileURLToPath(new URL(`./auction/${name}.js`, import.meta.url));
  const { stdout, status } = spawnSync(process.execPath, ['--max-old-space-size=6144', file, ...words.map(String)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`The part ${name} ${words.join(' ')} failed.`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Told);
};

const heading = (text: string): void => console.log(`\n${text}`);
const line = (what: string, value: string, note = ''): void =>
  console.log(`  ${what.padEnd(54)} ${value.padStart(14)}  ${note}`);

function measured(metric: string, value: number, unit: string, target?: Bounds): void {
  measures.push({ metric: `auction: ${metric}`, value, unit, ...(target && { target }) });
  const aim = target && (target.atMost !== undefined ? `at most ${target.atMost}` : `at least ${target.atLeast}`);
  const verdict = target && (holds(value, target) ? 'met' : 'NOT MET');
  line(metric, `${value.toPrecision(4)}${unit}`, target ? `${verdict}: ${aim}` : '');
}
const ratio = (metric: string, ours: number, theirs: number, atLeast?: number): void =>
  measured(metric, theirs / ours, '×', atLeast === undefined ? undefined : { atLeast });

for (const [orders, targets] of [
  [10_000, {}],
  [100_000, { objects: 300 }],
  [1_000_000, { objects: 600, readPass: 2.2, ms: 1.2 }],
] as const) {
  heading(`${size(orders)} orders: price and every fill`);
  for (const { part: name, times } of part('select', orders, 'sorts')) {
    const { select, readPass, typed, objects } = times as Record<'select' | 'readPass' | 'typed' | 'objects', number>;
    const aims: { objects?: number; readPass?: number; ms?: number } = name === 'select' ? targets : {};
    const what = `${name} at ${size(orders)}`;
    measured(`${what}: milliseconds`, select, ' ms', aims.ms === undefined ? undefined : { atMost: aims.ms });
    ratio(`${what}: times faster than sorting objects`, select, objects, aims.objects);
    ratio(`${what}: times faster than sorting a typed array`, select, typed);
    measured(
      `${what}: read passes`,
      select / readPass,
      '×',
      aims.readPass === undefined ? undefined : { atMost: aims.readPass },
    );
  }
}

heading('10 million orders');
for (const { part: name, times } of part('select', 10_000_000)) {
  measured(`${name} at 1e7: milliseconds`, times['select']!, ' ms', name === 'select' ? { atMost: 17 } : undefined);
  measured(`${name} at 1e7: read passes`, times['select']! / times['readPass']!, '×');
}

heading('A live book of a million orders');
for (const { times } of part('live', 1_000_000)) {
  measured('live at 1e6: gate price, microseconds', times['price']! * 1000, ' µs', { atMost: 1 });
  measured('live at 1e6: nanoseconds to add or cancel', (times['turnover']! * 1e6) / 2, ' ns');
  ratio('live at 1e6: times faster at the gate than clearing the book', times['price']!, times['clear']!);
}

for (const [orders, target] of [
  [10_000, 400],
  [100_000, 200],
] as const) {
  heading(`${size(orders)} orders in, trades out`);
  for (const { times } of part('trades', orders)) {
    const ours = times['ours']!;
    measured(`trades at ${size(orders)}: nanoseconds per order`, (ours * 1e6) / orders, ' ns');
    ratio(`trades at ${size(orders)}: times faster than nodejs-order-book`, ours, times['nodejsOrderBook']!, target);
    ratio(`trades at ${size(orders)}: times faster than hft-limit-order-book`, ours, times['hftLimitOrderBook']!);
    for (const [way, name] of [
      ['oneByOne', 'one by one'],
      ['oneByOneShuffled', 'one by one, members in no order'],
    ] as const) {
      measured(`trades at ${size(orders)} ${name}: nanoseconds per order`, (times[way]! * 1e6) / orders, ' ns');
      ratio(
        `trades at ${size(orders)} ${name}: times faster than nodejs-order-book`,
        times[way]!,
        times['nodejsOrderBook']!,
      );
    }
  }
}

heading('A feeder tree');
for (const { times } of part('tree', 10_000, 1000, 'highs')) {
  const { solve, verify, highs } = times as Record<'solve' | 'verify' | 'highs', number>;
  measured('tree at 1e4 on 1e3 nodes: milliseconds', solve, ' ms');
  ratio('tree at 1e4 on 1e3 nodes: times faster than HiGHS', solve, highs, 500);
  measured('tree at 1e4 on 1e3 nodes: verifying per solving', verify / solve, '×', { atMost: 0.05 });
}
for (const { times } of part('tree', 1_000_000, 100_000)) {
  measured('tree at 1e6 on 1e5 nodes: seconds', times['solve']! / 1000, ' s', { atMost: 0.15 });
  measured('tree at 1e6 on 1e5 nodes: verifying per solving', times['verify']! / times['solve']!, '×', {
    atMost: 0.05,
  });
}

heading('A day of 96 books of 1,000 orders');
for (const { times } of part('day')) measured('day of 96 × 1,000: milliseconds', times['day']!, ' ms', { atMost: 0.3 });

heading('Canonical bytes of 100,000 orders');
for (const { times, size: orders } of part('bytes', 100_000)) {
  measured('bytes: per order', times['length']! / orders, ' B', { atMost: 6 });
  measured('bytes: nanoseconds to write an order', (times['write']! * 1e6) / orders, ' ns');
  measured('bytes: nanoseconds to read an order', (times['read']! * 1e6) / orders, ' ns');
  measured('bytes: read passes to read', times['read']! / times['readPass']!, '×');
}

const floors = JSON.parse(readFileSync('simulations/floors.json', 'utf8')) as Floors;
const missed = measures.filter(({ value, target }) => target && !holds(value, target));
console.log(
  `\n${measures.length} figures, ${missed.length} of them beside their target; .bench/auction.json has them all.`,
);
process.exitCode = report('auction', measures, floors) ? 0 : 1;

function size(orders: number): string {
  return `1e${Math.log10(orders)}`;
}
