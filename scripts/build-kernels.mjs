import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { run } from './child.mjs';
import { main } from './main.mjs';
import { root } from './root.mjs';

export const kernelsFile = join(root, 'libs/auction/src/domain/kernels/kernels.wasm.ts');

/** Compiles libs/auction/assembly to the text of the module that carries it. The same source gives the same bytes. */
export async function kernelsModule() {
  return moduleOf({ kernelsWasm: await compiled('uniform'), treeWasm: await compiled('tree') });
}

async function compiled(source) {
  const folder = mkdtempSync(join(tmpdir(), 'kwartier-kernels-'));
  try {
    const output = join(folder, 'kernels.wasm');
    const code = await run(process.execPath, [
      join(root, 'node_modules/assemblyscript/bin/asc.js'),
      join(root, `libs/auction/assembly/${source}.ts`),
      ...['--outFile', output, '-O3', '--runtime', 'stub', '--enable', 'simd'],
      ...['--importMemory', '--initialMemory', '1', '--noAssert'],
    ]);
    if (code !== 0) throw new Error('The kernels do not compile: see above.');
    return readFileSync(output).toString('base64');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const moduleOf = (
  modules,
) => `// Made by \`npm run build:kernels\` from libs/auction/assembly. A test compiles it again and compares.
${Object.entries(modules)
  .map(([name, base64]) => constantOf(name, base64))
  .join('\n')}`;

const constantOf = (name, base64) => `// prettier-ignore
export const ${name} =
${base64
  .match(/.{1,110}/g)
  .map((line) => `  '${line}'`)
  .join(' +\n')};
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    const module = await kernelsModule();
    if (process.argv.includes('--print')) process.stdout.write(module);
    else writeFileSync(kernelsFile, module);
  });
}
