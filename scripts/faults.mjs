import { availableParallelism, tmpdir } from 'node:os';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { spawn } from 'node:child_process';

import { faults } from './auction-faults.mjs';
import { main } from './main.mjs';
import { prepare } from './prepare.mjs';
import { root } from './root.mjs';

const copied = ['libs/auction', 'test/golden', 'jest.config.js', 'package.json'];
const secondsToFail = 90;
/** A fault that matters is met early. */
const runs = '300';

/** A copy of the auction in which a fault may be planted: the checkout itself is never touched. */
class Plot {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'kwartier-faults-'));
    for (const path of copied) cpSync(join(root, path), join(this.folder, path), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
    // Jest wants the roots of its configuration to be there, also those that have nothing to do with the auction.
    for (const path of ['apps', 'simulations', 'test']) mkdirSync(join(this.folder, path), { recursive: true });
  }

  async tryOut({ file, text, planted, specs }) {
    const path = join(this.folder, file);
    const sound = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      sound.replace(text, () => planted),
    );
    try {
      return await runSpecs(this.folder, specs);
    } finally {
      writeFileSync(path, sound);
    }
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** How many tests failed, and the first of them; tests that never end count as failed. */
async function runSpecs(folder, specs) {
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const words = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, '-i'];
  const child = spawn(process.execPath, [...words, '--json', '--outputFile', report, '--runTestsByPath', ...specs], {
    cwd: folder,
    env: { ...process.env, NODE_ENV: 'test', KWARTIER_RUNS: process.env.KWARTIER_RUNS ?? runs },
    stdio: 'ignore',
  });
  const tooLate = setTimeout(() => child.kill('SIGKILL'), secondsToFail * 1000);
  const signal = await new Promise((ended) => child.once('close', (_, by) => ended(by)));
  clearTimeout(tooLate);
  if (signal === 'SIGKILL') return { failed: 1, first: `no end within ${secondsToFail} s` };
  if (!existsSync(report)) return { failed: 0, broken: 'Jest has left no report' };
  const { numFailedTests, numRuntimeErrorTestSuites, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  if (numRuntimeErrorTestSuites > 0) return { failed: 0, broken: testResults[0]?.message?.trim().split('\n')[0] };
  const first = testResults.flatMap((file) => file.assertionResults).find(({ status }) => status === 'failed');
  return { failed: numFailedTests, first: first?.fullName };
}

/** A fault whose text is not there, or there twice, would plant nothing or something else. */
function checkTable(chosen) {
  for (const { name, file, text, specs } of chosen) {
    const times = existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8').split(text).length - 1 : 0;
    if (times !== 1) throw new Error(`"${name}": its text is ${times} times in ${file}, expected once`);
    for (const spec of specs) if (!existsSync(join(root, spec))) throw new Error(`"${name}": there is no ${spec}`);
  }
}

/** Red without a fault would say nothing about the faults. */
async function checkSound(plot, chosen) {
  const specs = [...new Set(chosen.flatMap((fault) => fault.specs))];
  const { failed, first, broken } = await runSpecs(plot.folder, specs);
  if (failed > 0 || broken) throw new Error(`The specs fail without any fault: ${first ?? broken}`);
}

async function plantAll(chosen) {
  const plots = Array.from({ length: Math.min(2, availableParallelism()) }, () => new Plot());
  const survivors = [];
  try {
    await checkSound(plots[0], chosen);
    const waiting = [...chosen];
    const work = async (plot) => {
      for (let fault = waiting.shift(); fault; fault = waiting.shift()) {
        const { failed, first, broken } = await plot.tryOut(fault);
        if (failed === 0) survivors.push(fault.name);
        const outcome = failed > 0 ? `red    ${first}` : `${broken ? `BROKEN ${broken}` : 'GREEN  it survived'}`;
        console.log(`${fault.name.padEnd(44)} ${dirname(fault.file).split('/').at(-1).padEnd(13)} ${outcome}`);
      }
    };
    await Promise.all(plots.map(work));
  } finally {
    for (const plot of plots) plot.remove();
  }
  return survivors;
}

const help = `npm run faults:auction             plants every fault, one after the other, into a copy of the auction and demands that a test turns red
npm run faults:auction -- --short  the few that every npm test plants
npm run faults:auction -- WORD…    those whose name holds one of the words; a name may stand in quotes

Exit code 1 when a fault survives, or when the tests fail without any. KWARTIER_RUNS says how many cases a property tries (${runs}).`;

/** Each word must mean a fault: one that is mistyped would otherwise plant less than was asked for. */
function chosenBy(words) {
  const isMeant = (word, { name, short }) => (word === '--short' ? short : name.includes(word));
  const stray = words.find((word) => !faults.some((fault) => isMeant(word, fault)));
  if (stray !== undefined) {
    const names = faults.map(({ name }) => `  ${name}`).join('\n');
    throw new Error(`No fault is called "${stray}". There are these, and --short for a few of them:\n${names}`);
  }
  return faults.filter((fault) => words.length === 0 || words.some((word) => isMeant(word, fault)));
}

await main(async () => {
  const words = process.argv.slice(2);
  if (words.includes('--help')) return console.log(help);
  const chosen = chosenBy(words);
  await prepare();
  checkTable(chosen);
  const survivors = await plantAll(chosen);
  console.log(`${chosen.length} faults planted, ${chosen.length - survivors.length} caught`);
  if (survivors.length > 0) throw new Error(`Survived: ${survivors.join(', ')}`);
});
