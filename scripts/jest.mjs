import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run } from './child.mjs';
import { root } from './root.mjs';

const nodeOptions = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];

const secondsToEnd = 30;

/** Runs Jest with its output on our terminal, and counts what it did from its own report. */
export async function runJest(words, { cwd = root } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'kwartier-jest-'));
  const report = join(folder, 'report.json');
  const tooLate = new AbortController();
  let secondsSinceReport = 0;
  const watch = setInterval(() => {
    if (existsSync(report)) secondsSinceReport += 1;
    if (secondsSinceReport === secondsToEnd) tooLate.abort();
  }, 1000);
  try {
    const code = await run(
      process.execPath,
      [...nodeOptions, join(root, 'node_modules/jest/bin/jest.js'), '--json', '--outputFile', report, ...words],
      {
        cwd,
        env: { ...process.env, NODE_ENV: 'test' },
        // Asked for a report, Jest tells people everything on standard error; one line about the report is left.
        stdio: ['ignore', 'ignore', 'inherit'],
        signal: tooLate.signal,
        killSignal: 'SIGKILL',
      },
    ).catch((error) => {
      if (!tooLate.signal.aborted) throw error;
      console.error('Jest has run all tests and does not end: one of them leaves something open.');
      return 1;
    });
    return counted(report, code);
  } finally {
    clearInterval(watch);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that cannot be loaded has no tests that could fail, and a Jest that dies leaves no report: both are failures. */
function counted(report, code) {
  const result = read(report);
  if (result === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return {
    passed: result.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
