import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { build } from './build.mjs';
import { main } from './main.mjs';
import { prepare } from './prepare.mjs';
import { root } from './root.mjs';

// `npm run --silent clear -- FILE…`: standard output is the answer alone, so everything else is said on standard error.
const log = (line) => console.error(line);
await main(async () => {
  await prepare(log);
  await build({ log, web: false });
});
process.argv.splice(2, 0, 'clear');
process.setSourceMapsEnabled(true);
await import(pathToFileURL(join(root, 'dist/apps/cli/src/main.js')).href);
