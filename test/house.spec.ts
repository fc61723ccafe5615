import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter(Boolean);
const sources = files.filter((file) => /^(apps|libs|simulations|test)\/.*\.tsx?$/.test(file));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

describe('the house', () => {
  it('keeps the import law: rooms import upstream, by their doors, and their domains are pure', () => {
    const { status, stdout } = spawnSync(
      process.execPath,
      [
        'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
        '--config',
        '.dependency-cruiser.cjs',
        'apps',
        'libs',
        'simulations',
        'test',
      ],
      { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
    );
    expect(stdout).toContain('no dependency violations found');
    expect(status).toBe(0);
  });

  it('names files in kebab-case; only React components are named as what they export', () => {
    const odd = sources.filter(
      (file) => !/^([a-z0-9]+(-[a-z0-9]+)*)(\.[a-z0-9-]+)*\.ts$/.test(basename(file)) && !file.startsWith('apps/web/'),
    );
    expect(odd).toEqual([]);
  });

  it('names each use-case and port after what it exports', () => {
    const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
    const strangers = sources
      .filter((file) => /^libs\/[^/]+\/src\/application\/[^/]+\.ts$/.test(file) && !file.endsWith('.spec.ts'))
      .filter((file) => {
        const words = basename(file)
          .replace(/(\.port)?\.ts$/, '')
          .split('-');
        const exported = [
          ...read(file).matchAll(/export (?:abstract |async )?(?:class|interface|type|function|const) (\w+)/g),
        ]
          .map(([, name]) => plain(name!))
          .join(' ');
        return !words.some((word) => exported.includes(word.replace(/s$/, '')));
      });
    expect(strangers).toEqual([]);
  });

  // The auction, the ledger and units count in whatever they are given.
  it('puts the unit last: no name hides what a number counts in', () => {
    const nameless = /\b(energy|volume|fill|limit|price|amount|balance|fee)s?\s*[:?]\s*(bigint|number)\b/;
    const odd = sources
      .filter(
        (file) =>
          /^libs\/[^/]+\/src\/(domain|application)\//.test(file) && !/^libs\/(auction|units|ledger)\//.test(file),
      )
      .filter((file) => nameless.test(read(file)));
    expect(odd).toEqual([]);
  });

  it('has a page about every room', () => {
    const rooms = new Set(
      sources.map((file) => /^libs\/([^/]+)\//.exec(file)?.[1]).filter((room) => room !== undefined),
    );
    expect([...rooms].filter((room) => !files.includes(`libs/${room}/README.md`))).toEqual([]);
  });

  it('carries no path of one machine and no address of a package registry', () => {
    const registry = ['registry', 'npmjs', 'org'].join('.');
    const found = files
      .filter((file) => !/\.(png|ico|svg)$/.test(file))
      .filter((file) => read(file).includes(registry) || /(^|[\s"'`(=])\/(root|home\/[a-z]+|work)\//m.test(read(file)));
    expect(found).toEqual([]);
  });

  it('skips and focuses no test', () => {
    const focus = new RegExp(`\\b(it|test|describe)\\.(${['only', 'skip', 'todo'].join('|')})\\b`);
    expect(sources.filter((file) => file.endsWith('.spec.ts') && focus.test(read(file)))).toEqual([]);
  });
});
