import { spawn } from 'node:child_process';

/** Runs a command with our terminal and ends it when we are told to end; resolves with its exit code. */
export function run(command, words, options = {}) {
  const child = spawn(command, words, { stdio: 'inherit', ...options });
  const forward = (signal) => child.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  return new Promise((ended, failed) => {
    child.once('error', failed);
    child.once('close', (code, signal) => ended(code ?? (signal === 'SIGINT' ? 130 : 1)));
  }).finally(() => process.off('SIGINT', forward).off('SIGTERM', forward));
}

/** The same, with its words kept instead of shown. */
export async function runQuietly(command, words, options = {}) {
  const child = spawn(command, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const code = await new Promise((ended, failed) => {
    child.once('error', failed);
    child.once('close', ended);
  });
  return { ok: code === 0, output };
}
