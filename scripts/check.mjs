import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { runQuietly } from './child.mjs';
import { main } from './main.mjs';
import { prepare } from './prepare.mjs';
import { root } from './root.mjs';

const rooms = ['apps', 'libs', 'simulations', 'test'];
const tool = (path, ...words) => [process.execPath, join(root, 'node_modules', path), ...words];

const steps = [
  ['types', tool('typescript/bin/tsc', '--noEmit')],
  ['types of the web app', tool('typescript/bin/tsc', '--noEmit', '-p', 'apps/web'), 'apps/web/tsconfig.json'],
  ['lint', tool('oxlint/bin/oxlint', '--type-aware', ...rooms)],
  ['format', tool('prettier/bin/prettier.cjs', '--check', '.')],
  ['imports', tool('dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.cjs', ...rooms)],
  ['tests', [process.execPath, join(root, 'scripts/test.mjs')]],
];

// `npm run check`: everything a change must pass, one line each; what fails is shown in full.
await main(async () => {
  await prepare();
  const failed = [];
  for (const [name, [command, ...words], onlyWith] of steps) {
    if (onlyWith && !existsSync(join(root, onlyWith))) continue;
    const started = performance.now();
    const { ok, output } = await runQuietly(command, words, { cwd: root });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if (!ok) {
      failed.push(name);
      console.log(output.trimEnd());
    }
    console.log(`${ok ? '✔' : '✘'} ${name.padEnd(22)} ${seconds.padStart(6)} s`);
  }
  if (failed.length > 0) throw new Error(`Failed: ${failed.join(', ')}`);
});
