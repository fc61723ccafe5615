import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { run, runQuietly } from './child.mjs';
import { main } from './main.mjs';
import { prepare } from './prepare.mjs';
import { root } from './root.mjs';

const source = join(root, 'libs/auction');
/** What the package's page leads to, from here and by the same path in the package. */
const alsoToRead = [
  'docs/formats.md',
  'docs/decisions/0015-the-engine.md',
  'test/golden/auction',
  'test/golden/formats',
];

// `npm run pack:auction [-- FOLDER]`: the matching engine as a package of its own, JavaScript and types, that depends on nothing.
await main(async () => {
  await prepare();
  const { version } = readJson(join(source, 'package.json'));
  if (version !== readJson(join(root, 'package.json')).version)
    throw new Error('The versions of house and package differ.');
  const packed = resolve(process.argv[2] ?? join(root, 'dist/pack'));
  const stage = join(packed, 'auction');
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  await compile(join(stage, 'dist'));
  cpSync(join(source, 'package.json'), join(stage, 'package.json'));
  cpSync(join(source, 'assembly'), join(stage, 'assembly'), { recursive: true });
  cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'));
  for (const path of alsoToRead) cpSync(join(root, path), join(stage, path), { recursive: true });
  // What lies two folders above the page here lies beside it in the package.
  const page = readFileSync(join(source, 'README.md'), 'utf8');
  writeFileSync(join(stage, 'README.md'), page.replaceAll('](../../', ']('));
  await pack(stage, packed);
  console.log(join(packed, `kwartier-auction-${version}.tgz`));
});

async function compile(outDir) {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const code = await run(process.execPath, [compiler, '-p', join(source, 'tsconfig.pack.json'), '--outDir', outDir], {
    cwd: root,
  });
  if (code !== 0) throw new Error('The package does not compile: see above.');
}

async function pack(stage, packed) {
  const words = ['pack', '--pack-destination', packed, '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const command = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
  const [program, ...lead] = command;
  const { ok, output } = await runQuietly(program, [...lead, ...words], { cwd: stage });
  if (!ok) throw new Error(`npm pack failed:\n${output}`);
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
