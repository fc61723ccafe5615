import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { build } from './build.mjs';
import { main } from './main.mjs';
import { prepare } from './prepare.mjs';
import { root } from './root.mjs';

const application = join(root, 'dist/apps/standalone/src/main.js');

// `npm start`: everything in this one process. The words after `npm start --` are read by the application itself.
await main(async () => {
  await prepare();
  await build();
  if (!existsSync(application)) throw new Error('This checkout has no apps/standalone/src/main.ts to start.');
});
process.setSourceMapsEnabled(true);
await import(pathToFileURL(application).href);
