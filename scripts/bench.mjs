import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

import { build } from './build.mjs';
import { run } from './child.mjs';
import { main } from './main.mjs';
import { prepare } from './prepare.mjs';
import { root } from './root.mjs';

// `npm run bench:<name>`: runs one benchmark of apps/bench; it prints a table and writes .bench/<name>.json.
await main(async () => {
  await prepare();
  await build();
  const folder = join(root, 'dist/apps/bench/src');
  const [name = '', ...words] = process.argv.slice(2);
  const program = join(folder, `${basename(name)}.js`);
  if (name === '' || !existsSync(program)) {
    const known = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.js')) : [];
    throw new Error(
      `Which benchmark? There are: ${known.map((file) => basename(file, '.js')).join(', ') || 'none yet'}`,
    );
  }
  process.exitCode = await run(process.execPath, ['--enable-source-maps', program, ...words], { cwd: root });
});
