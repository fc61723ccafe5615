import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const script = pathToFileURL(join(process.cwd(), 'scripts/build.mjs')).href;

// Three rooms, a process that uses them by their doors, and a test that must not be built.
const house = {
  'libs/units/src/index.ts': `export const wh: bigint = 1n;`,
  'libs/market/src/index.ts': `import { wh } from '@kwartier/units';\nexport const volumeWh = wh * 2n;`,
  'libs/market/src/market.module.ts': `export class MarketModule {}`,
  'libs/market/src/index.spec.ts': `throw new Error('a test is no part of the product');`,
  'simulations/index.ts': `export { volumeWh } from '@kwartier/market';`,
  'apps/walk/src/main.ts': `
    import { MarketModule } from '@kwartier/market/module';
    const { volumeWh } = await import('@kwartier/simulations');
    import '@kwartier/units';
    console.log(MarketModule.name, String(volumeWh));
  `,
};

describe('the build', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kwartier-build-'));
    symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
    cpSync('jest.config.js', join(root, 'jest.config.js'));
    write('package.json', '{ "type": "module" }');
    for (const [file, code] of Object.entries(house)) write(file, code);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const write = (file: string, code: string): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), code);
  };
  const build = (): Promise<Outcome> =>
    node([
      '--input-type=module',
      '-e',
      `import { build } from '${script}'; await build({ root: process.argv[1] });`,
      root,
    ]);

  it('makes a product that finds its rooms', async () => {
    expect((await build()).said).toMatch(/^Compiled 5 files/);
    const walk = await node(['--enable-source-maps', join(root, 'dist/apps/walk/src/main.js')]);
    expect(walk).toEqual({ code: 0, said: 'MarketModule 2\n' });
    expect(existsSync(join(root, 'dist/libs/market/src/index.spec.js'))).toBe(false);
  });

  it('lets a stack trace point to the source', async () => {
    write('apps/walk/src/main.ts', `type Gone = string;\n\nthrow new Error('here');`);
    await build();
    const { said } = await node(['--enable-source-maps', join(root, 'dist/apps/walk/src/main.js')]);
    expect(said).toContain(`${join('apps', 'walk', 'src', 'main.ts')}:3:7`);
    expect(said).not.toContain(join('dist', 'apps'));
  });

  it('compiles only what changed', async () => {
    await build();
    expect((await build()).said).toBe('');
    const untouched = statSync(join(root, 'dist/libs/units/src/index.js')).mtimeMs;
    write('libs/market/src/index.ts', `export const volumeWh = 7n;`);
    expect((await build()).said).toMatch(/^Compiled 1 files/);
    expect(statSync(join(root, 'dist/libs/units/src/index.js')).mtimeMs).toBe(untouched);
    expect((await node([join(root, 'dist/apps/walk/src/main.js')])).said).toBe('MarketModule 7\n');
  });

  it('compiles again what somebody deleted, and all when the options change', async () => {
    await build();
    rmSync(join(root, 'dist/libs/units/src/index.js'));
    expect((await build()).said).toMatch(/^Compiled 1 files/);
    const config = readFileSync(join(root, 'jest.config.js'), 'utf8');
    write('jest.config.js', config.replace(/target: '\w+'/, `target: 'es2022'`));
    expect((await build()).said).toMatch(/^Compiled 5 files/);
  });

  it('leaves nothing of a source that is gone', async () => {
    await build();
    rmSync(join(root, 'libs/market/src/market.module.ts'));
    const { code, said } = await build();
    expect(existsSync(join(root, 'dist/libs/market/src/market.module.js'))).toBe(false);
    expect(existsSync(join(root, 'dist/libs/market/src/market.module.js.map'))).toBe(false);
    expect(code).toBe(0);
    expect(said).toBe('');
  });

  it('names the file and the line it cannot compile, and does not count it as built', async () => {
    write('libs/units/src/index.ts', `export const wh: bigint = ;`);
    const first = await build();
    expect(first.code).toBe(1);
    expect(first.said).toContain('libs/units/src/index.ts');
    expect((await build()).code).toBe(1);
    write('libs/units/src/index.ts', house['libs/units/src/index.ts']);
    expect((await build()).code).toBe(0);
  });

  it('refuses the door of a room that does not exist', async () => {
    write('apps/walk/src/main.ts', `import '@kwartier/nowhere';`);
    expect((await build()).said).toContain('@kwartier/nowhere is not a door of any room');
  });

  it('is whole when two builds run at once', async () => {
    const outcomes = await Promise.all([build(), build(), build()]);
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(outcomes.filter(({ said }) => said.includes('Compiled'))).toHaveLength(1);
    expect((await node([join(root, 'dist/apps/walk/src/main.js')])).said).toBe('MarketModule 2\n');
  });
});

interface Outcome {
  readonly code: number | null;
  readonly said: string;
}

function node(words: string[]): Promise<Outcome> {
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  }
  return new Promise((done) => child.once('close', (code) => done({ code, said })));
}
