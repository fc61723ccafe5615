import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { run } from './child.mjs';
import { alone } from './lock.mjs';
import { main } from './main.mjs';
import { prepare } from './prepare.mjs';
import { root as checkout } from './root.mjs';

const sourceFolders = ['apps', 'libs', 'simulations'];

/** Compiles what changed since the last build: the rooms and processes to dist/, the web app to dist/web unless nobody will look at it. */
export async function build({ root = checkout, log = console.log, web = true } = {}) {
  await alone(
    join(root, '.kwartier', 'build.lock'),
    async () => {
      const manifest = readManifest(root);
      await compileChanged(root, manifest, log);
      if (web) await buildWeb(root, manifest, log);
    },
    log,
  );
}

async function compileChanged(root, manifest, log) {
  const options = await compilerOptions(root);
  const compiler = hashOf(readFileSync(fileURLToPath(import.meta.url)), JSON.stringify(options), swcVersion(root));
  if (manifest.compiler !== compiler) Object.assign(manifest, { compiler, files: {} });

  const sources = new Map(
    sourceFolders
      .flatMap((folder) => filesUnder(root, folder))
      .filter(isSource)
      .map((file) => [file, readFileSync(join(root, file))]),
  );
  const changed = [...sources].filter(
    ([file, code]) => manifest.files[file] !== hashOf(code) || !existsSync(join(root, outputOf(file))),
  );
  removeOrphans(root, sources, manifest);
  if (changed.length === 0) return;

  const started = performance.now();
  const { transform } = createRequire(join(root, 'package.json'))('@swc/core');
  const failures = [];
  await Promise.all(
    changed.map(async ([file, code]) => {
      try {
        const result = await transform(code.toString(), {
          ...options,
          filename: join(root, file),
          sourceFileName: sourceFrom(file),
        });
        const output = join(root, outputOf(file));
        const compiled = resolveRooms(result.code, file, (path) => sources.has(path));
        writeWhole(`${output}.map`, result.map);
        writeWhole(output, `${compiled}\n//# sourceMappingURL=${basename(output)}.map\n`);
        manifest.files[file] = hashOf(code);
      } catch (error) {
        failures.push(`${file}: ${error.message}`);
      }
    }),
  );
  writeManifest(root, manifest);
  if (failures.length > 0) throw new Error(`Cannot compile\n${failures.join('\n')}`);
  log(`Compiled ${changed.length} files in ${seconds(started)}`);
}

/** The tests and the product are compiled alike, so the options are Jest's. */
async function compilerOptions(root) {
  const jest = (await import(pathToFileURL(join(root, 'jest.config.js')).href)).default;
  const [, options] = jest.transform['^.+\\.ts$'];
  return { ...options, module: { type: 'es6' }, sourceMaps: true, inlineSourcesContent: false, swcrc: false };
}

/** Turns the doors of the rooms into the relative paths that Node.js understands. */
export function resolveRooms(code, file, exists) {
  return code.replace(/(\bfrom\s*|\bimport\s*\(?\s*)(["'])(@kwartier\/[^"']+)\2/g, (_, lead, quote, door) => {
    const source = doorOf(door);
    if (!exists(source)) throw new Error(`${door} is not a door of any room`);
    const path = posix.relative(posix.dirname(file), source).replace(/\.ts$/, '.js');
    return `${lead}${quote}${path.startsWith('.') ? path : `./${path}`}${quote}`;
  });
}

function doorOf(door) {
  const [, room, inside] = door.split('/');
  if (door === '@kwartier/simulations') return 'simulations/index.ts';
  return inside ? `libs/${room}/src/${room}.${inside}.ts` : `libs/${room}/src/index.ts`;
}

/** Outputs whose source is gone would still be imported by those who have not noticed. */
function removeOrphans(root, sources, manifest) {
  const wanted = new Set([...sources.keys()].flatMap((file) => [outputOf(file), `${outputOf(file)}.map`]));
  for (const folder of sourceFolders) {
    for (const file of filesUnder(root, `dist/${folder}`)) if (!wanted.has(file)) rmSync(join(root, file));
  }
  for (const file of Object.keys(manifest.files)) if (!sources.has(file)) delete manifest.files[file];
}

async function buildWeb(root, manifest, log) {
  if (!existsSync(join(root, 'apps/web/index.html'))) return;
  const files = ['apps/web', 'libs']
    .flatMap((folder) => filesUnder(root, folder))
    .filter((file) => !/\bspec\.tsx?$/.test(file));
  const usesRooms = files.some(
    (file) => file.startsWith('apps/web/') && readFileSync(join(root, file), 'utf8').includes('@kwartier/'),
  );
  const inputs = files.filter((file) => usesRooms || file.startsWith('apps/web/'));
  const web = hashOf(...['package-lock.json', ...inputs].flatMap((file) => [file, readFileSync(join(root, file))]));
  const output = join(root, 'dist/web');
  if (manifest.web === web && existsSync(join(output, 'index.html'))) return;

  const started = performance.now();
  const next = join(root, 'dist/web.next');
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const code = await run(process.execPath, [vite, 'build', '--outDir', next, '--emptyOutDir', '--logLevel', 'warn'], {
    cwd: join(root, 'apps/web'),
  });
  if (code !== 0) throw new Error('The web app does not build: see above.');
  // Built aside and swapped, so that a running server never serves half an app.
  rmSync(output, { recursive: true, force: true });
  renameSync(next, output);
  manifest.web = web;
  writeManifest(root, manifest);
  log(`Built the web app in ${seconds(started)}`);
}

function filesUnder(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes(`${sep}node_modules`))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

// The assembly is another language with the same ending: `npm run build:kernels` compiles it.
const isSource = (file) =>
  /(?<!spec|\.d)\.ts$/.test(file) && !file.startsWith('apps/web/') && !file.startsWith('libs/auction/assembly/');
const outputOf = (file) => `dist/${file.replace(/\.ts$/, '.js')}`;
const sourceFrom = (file) => posix.relative(posix.dirname(outputOf(file)), file);
const swcVersion = (root) => readFileSync(join(root, 'node_modules/@swc/core/package.json'), 'utf8');
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

function hashOf(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}

const manifestFile = (root) => join(root, 'dist/.build.json');

function readManifest(root) {
  try {
    return JSON.parse(readFileSync(manifestFile(root), 'utf8'));
  } catch {
    return { files: {} };
  }
}

const writeManifest = (root, manifest) => writeWhole(manifestFile(root), JSON.stringify(manifest));

/** A reader sees the old file or the new one, never a part. */
function writeWhole(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, content);
  renameSync(`${file}.${process.pid}`, file);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    await prepare();
    await build();
  });
}
