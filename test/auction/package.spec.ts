import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// The matching engine leaves the house: packed, unpacked where nothing else of ours is, and used with plain Node.js.

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kwartier-package-'));
  run(process.execPath, ['scripts/pack-auction.mjs', join(folder, 'packed')], process.cwd());
  const home = join(folder, 'node_modules/@kwartier/auction');
  mkdirSync(home, { recursive: true });
  const [tarball] = readdirSync(join(folder, 'packed')).filter((name) => name.endsWith('.tgz'));
  run('tar', ['-xzf', join(folder, 'packed', tarball!), '--strip-components=1', '-C', home], folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(command: string, words: string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, words, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}\n${stdout}${stderr}`);
  return stdout;
}

function program(name: string, code: string): string {
  writeFileSync(join(folder, name), code);
  return run(process.execPath, [name], folder);
}

it('depends on nothing and holds no tests', () => {
  const home = join(folder, 'node_modules/@kwartier/auction');
  const { name, dependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  expect([name, dependencies]).toEqual(['@kwartier/auction', undefined]);
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' });
  expect(files.filter((file) => file.includes('.spec.'))).toEqual([]);
  for (const file of [
    'README.md',
    'docs/formats.md',
    'test/golden/auction/unit-average.json',
    'LICENSE',
    'dist/index.js',
    'dist/index.d.ts',
    'dist/auction.module.d.ts',
  ]) {
    expect([file, existsSync(join(home, file))]).toEqual([file, true]);
  }
});

it('has pages whose links lead somewhere', () => {
  const home = join(folder, 'node_modules/@kwartier/auction');
  const pages = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'));
  const links = pages.flatMap((page) =>
    [...readFileSync(join(home, page), 'utf8').matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)].map(([, to]) =>
      join(page, '..', to!),
    ),
  );
  expect(links.length).toBeGreaterThanOrEqual(5);
  expect(links.filter((link) => link.startsWith('..') || !existsSync(join(home, link)))).toEqual([]);
});

it('does what its page shows first', () => {
  const page = readFileSync('libs/auction/README.md', 'utf8');
  const [, example] = /```ts\n([^`]*)```/.exec(page)!;
  const said = program(
    'page.mjs',
    `${example!.replace(' as const', '')}
     const { kind, fillWh } = explainOrder(book, clearing, rules, 2);
     console.log(clearing.priceTick, [...clearing.fillsWh].join(' '), verifyUniform(book, clearing, rules), kind, fillWh);`,
  );
  expect(said).toBe('1850 700 500 200 undefined SHARED 200\n');
});

it('clears books on threads', () => {
  const said = program(
    'threads.mjs',
    `import { encodeBook } from '@kwartier/auction';
     import { ClearingPool } from '@kwartier/auction/module';
     const book = encodeBook([
       { member: 0, side: 'BUY', tick: 2800, energyWh: 800n },
       { member: 1, side: 'SELL', tick: 600, energyWh: 790n },
     ]);
     const pool = new ClearingPool({ threads: 2 });
     const cleared = await pool.clear({ book, tickCount: 8192, rules: { priceRule: 'SHARED_MARGIN', tieStart: 0 } });
     console.log(cleared.value.clearing.priceTick, cleared.value.clearing.volumeWh);`,
  );
  expect(said).toBe('1700 790\n');
});

it('tells TypeScript what it is', () => {
  writeFileSync(
    join(folder, 'typed.ts'),
    `import { type Clearing, referenceClear } from '@kwartier/auction';
     import { ClearingPool } from '@kwartier/auction/module';
     const clearing: Clearing = referenceClear([], { priceRule: 'EQUILIBRIUM', tieStart: 0 });
     new ClearingPool({ threads: 1, worker: { href: 'file:///somewhere.js' } });
     // @ts-expect-error: a price is a number
     const price: string = clearing.priceTick;
     export { price };`,
  );
  const compiler = join(process.cwd(), 'node_modules/typescript/bin/tsc');
  // Neither a browser nor Node.js is known to whoever has only the language.
  const compilerOptions = {
    noEmit: true,
    strict: true,
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2023'],
    types: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['typed.ts'] }));
  expect(run(process.execPath, [compiler], folder)).toBe('');
});
