import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { run } from './child.mjs';
import { alone } from './lock.mjs';
import { root } from './root.mjs';

const oldestNode = [20, 19];

/** Everything that `npm start` and `npm test` need before a line of ours can run. */
export async function prepare(log = console.log) {
  checkNode();
  await ensureInstalled({ root, log });
}

export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  const isOldEnough = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  if (isOldEnough) return;
  console.error(`Kwartier needs Node.js ${oldestNode.join('.')} or newer (24 recommended); this is ${version}.`);
  process.exit(1);
}

/** Runs `npm ci` unless node_modules holds exactly what package-lock.json asks for. */
export async function ensureInstalled({ root, log, install = npmCi }) {
  if (whatIsMissing(root) === undefined) return;
  await alone(
    join(root, '.kwartier', 'install.lock'),
    async () => {
      const missing = whatIsMissing(root); // another process may just have installed it
      if (missing === undefined) return;
      const packages = wantedPackages(root);
      log(`Installing ${packages.length} packages with npm ci: ${missing}. Takes about a minute.`);
      // npm writes this list last. Removed first, it cannot vouch for an install that is killed half way.
      rmSync(join(root, 'node_modules', '.package-lock.json'), { force: true });
      const progress = setInterval(() => {
        const there = packages.filter(([path]) => isInPlace(root, path)).length;
        log(`  ${there} of ${packages.length} packages in place`);
      }, 5000);
      try {
        await install(root);
      } finally {
        clearInterval(progress);
      }
    },
    log,
  );
}

/** Why an install is needed, in a few words; undefined when it is not. Optional packages are another platform's. */
export function whatIsMissing(root) {
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return 'node_modules is missing or incomplete';
  const differing = wantedPackages(root).filter(([path, { version, integrity }]) => {
    const found = installed[path];
    return found?.version !== version || found?.integrity !== integrity || !isInPlace(root, path);
  });
  if (differing.length === 0) return undefined;
  const [first] = differing[0];
  const others = differing.length > 1 ? ` and ${differing.length - 1} others` : '';
  return `${first}${others} differ from package-lock.json`;
}

// npm makes all folders first and fills them later.
const isInPlace = (root, path) => existsSync(join(root, path, 'package.json'));

function wantedPackages(root) {
  const packages = readPackages(join(root, 'package-lock.json'));
  if (packages === undefined) throw new Error(`There is no readable package-lock.json in ${root}.`);
  return Object.entries(packages).filter(([path, entry]) => path !== '' && !entry.optional);
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

async function npmCi(root) {
  const words = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  // Under `npm start` the very npm that runs us; called directly, the one on the PATH.
  const npm = process.env.npm_execpath;
  // Its words are for people: standard output belongs to the command that waits for it.
  const options = { cwd: root, stdio: ['inherit', 2, 2] };
  const code = npm?.endsWith('.js')
    ? await run(process.execPath, [npm, ...words], options)
    : await run('npm', words, options);
  if (code !== 0) throw new Error(`npm ci failed (code ${code}): see its words above, then start again.`);
}
