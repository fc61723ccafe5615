import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Prepare {
  whatIsMissing(root: string): string | undefined;
  ensureInstalled(options: {
    root: string;
    log: (line: string) => void;
    install: (root: string) => Promise<void>;
  }): Promise<void>;
}

const script = join(process.cwd(), 'scripts/prepare.mjs');

interface Package {
  version: string;
  integrity: string;
  optional?: true;
}
type Packages = Record<string, Package>;

const nest = { 'node_modules/nest': { version: '12.0.0', integrity: 'sha512-n' } };
const jest = { 'node_modules/jest': { version: '30.0.0', integrity: 'sha512-j' } };
const otherPlatform = {
  'node_modules/for-macos': { version: '1.0.0', integrity: 'sha512-m', optional: true as const },
};
const wanted: Packages = { ...nest, ...jest, ...otherPlatform };

describe('what must be installed', () => {
  let root: string;
  let prepare: Prepare;
  beforeAll(async () => {
    prepare = (await import(pathToFileURL(script).href)) as Prepare;
  });
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kwartier-prepare-'));
    write('package-lock.json', { packages: { '': { name: 'kwartier' }, ...wanted } });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const write = (path: string, content: object): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), JSON.stringify(content));
  };
  const installed = (packages: Packages): void => {
    for (const path of Object.keys(packages)) write(`${path}/package.json`, {});
    write('node_modules/.package-lock.json', { packages });
  };

  it.each<[string, Packages, string | undefined]>([
    ['everything but the packages of other platforms', { ...nest, ...jest }, undefined],
    ['packages nobody asked for on top', { ...wanted, 'node_modules/x': { version: '1', integrity: 'x' } }, undefined],
    ['one package less', { ...nest }, 'node_modules/jest differ'],
    ['another version', { ...nest, 'node_modules/jest': { version: '29.0.0', integrity: 'sha512-j' } }, 'jest differ'],
    ['other bytes', { ...nest, 'node_modules/jest': { version: '30.0.0', integrity: 'sha512-evil' } }, 'jest differ'],
    ['nothing', {}, 'node_modules/nest and 1 others differ'],
  ])('finds in a folder with %s', (_, packages, missing) => {
    installed(packages);
    expect(prepare.whatIsMissing(root) ?? 'nothing').toContain(missing ?? 'nothing');
  });

  it('misses a package whose folder somebody deleted', () => {
    installed({ ...nest, ...jest });
    rmSync(join(root, 'node_modules/jest'), { recursive: true });
    expect(prepare.whatIsMissing(root)).toContain('node_modules/jest');
  });

  it('installs once when two start at the same time', async () => {
    let installs = 0;
    const lines: string[] = [];
    const install = async (): Promise<void> => {
      installs += 1;
      await new Promise((done) => setTimeout(done, 300));
      installed({ ...nest, ...jest });
    };
    const options = { root, log: (line: string) => void lines.push(line), install };
    await Promise.all([prepare.ensureInstalled(options), prepare.ensureInstalled(options)]);
    expect(installs).toBe(1);
    expect(lines.join('\n')).toContain('Installing 2 packages with npm ci: node_modules is missing or incomplete');
    expect(readdirSync(join(root, '.kwartier'))).toEqual([]);
  });

  it('does not trust an install that was killed', async () => {
    installed({ ...nest });
    const killed = prepare.ensureInstalled({
      root,
      log: () => {},
      install: () => Promise.reject(new Error('killed')),
    });
    await expect(killed).rejects.toThrow('killed');
    expect(prepare.whatIsMissing(root)).toBe('node_modules is missing or incomplete');
    await prepare.ensureInstalled({ root, log: () => {}, install: async () => installed({ ...nest, ...jest }) });
    expect(prepare.whatIsMissing(root)).toBeUndefined();
  });

  it('takes the lock of a process that is gone', async () => {
    mkdirSync(join(root, '.kwartier'));
    writeFileSync(join(root, '.kwartier/install.lock'), '4194305 12345');
    await prepare.ensureInstalled({ root, log: () => {}, install: async () => installed({ ...nest, ...jest }) });
    expect(existsSync(join(root, '.kwartier/install.lock'))).toBe(false);
  });

  it.each([
    ['20.18.9', 1],
    ['18.20.0', 1],
    ['20.19.0', 0],
    ['24.0.0', 0],
  ])('asks Node.js %s for its age', (version, code) => {
    const program = `import { checkNode } from ${JSON.stringify(pathToFileURL(script).href)}; checkNode('${version}');`;
    const answer = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
    expect(answer.status).toBe(code);
    expect(answer.stderr.trim().split('\n').length).toBe(1);
    expect(answer.stderr.includes(`needs Node.js 20.19 or newer`)).toBe(code === 1);
  });
});
