import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { EmbeddedServerError } from './embedded-server-error.js';
import type { Account } from './postgres-place.js';
import { birthOf, programOf, worksIn } from './process-facts.js';
import { readableFailure } from './readable-failure.js';

/** A running PostgreSQL server: the process, and what it wrote about itself. */
export interface Postmaster {
  readonly pid: number;
  readonly birth: string;
  readonly socketFolder: string;
}

export interface Launch {
  readonly binaries: string;
  readonly dataFolder: string;
  readonly socketFolder: string;
  readonly logFile: string;
  readonly runAs?: Account;
  readonly settings: Readonly<Record<string, string>>;
}

const longestLogBytes = 1_000_000;

/** The server that runs on this data folder, whoever started it; a stranger with the same process id is not one. */
export function runningOn(dataFolder: string): Postmaster | undefined {
  const lines = postmasterFile(dataFolder);
  const pid = Number(lines?.[0]);
  const birth = Number.isInteger(pid) && pid > 0 ? birthOf(pid) : undefined;
  if (!lines || birth === undefined || !worksIn(pid, dataFolder)) return undefined;
  return { pid, birth, socketFolder: lines[4] ?? '' };
}

/**
 * A file left by a server that died. PostgreSQL would refuse to start when a stranger, or the zombie of that server, now
 * carries the id in it. When in doubt (some other PostgreSQL has the id) the file stays and PostgreSQL decides.
 */
export function removeStalePidFile(dataFolder: string): void {
  const pid = Number(postmasterFile(dataFolder)?.[0]);
  if (birthOf(pid) === undefined || !/^postgres(:|$)/.test(programOf(pid))) {
    rmSync(join(dataFolder, 'postmaster.pid'), { force: true });
  }
}

/**
 * Starts the server in a session of its own, so that Ctrl-C in the terminal reaches us first and we can end it in order.
 * Its words go to a file, not to a pipe of ours: it must be able to outlive a `kill -9` of this process.
 */
export async function launch(start: Launch): Promise<Postmaster> {
  // Children of a server that was killed hold its memory for a moment longer.
  for (let patience = 20; ; patience -= 1) {
    try {
      return await launchOnce(start);
    } catch (error) {
      if (patience === 0 || !/shared memory block|is still in use/.test(String(error))) throw error;
      await pause(500);
    }
  }
}

async function launchOnce(start: Launch): Promise<Postmaster> {
  const settings = { listen_addresses: '', unix_socket_directories: start.socketFolder, ...start.settings };
  const log = openLog(start.logFile);
  const saidBefore = statSync(start.logFile).size;
  const server = spawn(
    join(start.binaries, 'bin', 'postgres'),
    ['-D', start.dataFolder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...spawnAccount(start.runAs), cwd: '/', detached: true, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  server.unref();
  let spawnFailure: Error | undefined;
  server.once('error', (error) => (spawnFailure = error));
  while (spawnFailure === undefined && server.exitCode === null && server.signalCode === null) {
    const postmaster = isReady(start.dataFolder, server.pid) && runningOn(start.dataFolder);
    if (postmaster) return postmaster;
    await pause(20);
  }
  throw readableFailure(readFileSync(start.logFile, 'utf8').slice(saidBefore), start.logFile, spawnFailure);
}

/** Runs a program of the package to its end; its error output is the reason when it fails. */
export async function runProgram(program: string, words: readonly string[], runAs?: Account): Promise<void> {
  const child = spawn(program, words, { ...spawnAccount(runAs), cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (words: string) => (said += words));
  const failure = await new Promise<Error | boolean>((ended) => {
    child.once('error', ended);
    child.once('close', (code) => ended(code !== 0));
  });
  if (failure !== false) throw readableFailure(said, program, failure === true ? undefined : failure);
}

/** Fast shutdown: clients are cut, what was committed stays. After ten seconds without clean-up, recovered at next start. */
export async function shutDown(postmaster: Postmaster): Promise<void> {
  tell(postmaster, 'SIGINT');
  if (await goneWithin(postmaster, 10)) return;
  tell(postmaster, 'SIGQUIT');
  if (await goneWithin(postmaster, 10)) return;
  throw new EmbeddedServerError(
    'STOP_FAILED',
    `PostgreSQL, process ${postmaster.pid}, did not stop within 20 seconds: stop it by hand and start again.`,
  );
}

/** Signals this server and never a stranger that got its process id. */
export function tell(postmaster: Postmaster, signal: NodeJS.Signals): void {
  if (!isRunning(postmaster)) return;
  try {
    process.kill(postmaster.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export const isRunning = (postmaster: Postmaster): boolean => birthOf(postmaster.pid) === postmaster.birth;

/** Waits until a server that is starting, or recovering from a crash, takes connections; false when it ends instead. */
export async function readyOrGone(postmaster: Postmaster, dataFolder: string): Promise<boolean> {
  while (isRunning(postmaster)) {
    if (isReady(dataFolder, postmaster.pid)) return true;
    await pause(50);
  }
  return false;
}

async function goneWithin(postmaster: Postmaster, seconds: number): Promise<boolean> {
  for (let look = 0; look < seconds * 40; look += 1) {
    if (!isRunning(postmaster)) return true;
    await pause(25);
  }
  return false;
}

function isReady(dataFolder: string, pid: number | undefined): boolean {
  const lines = postmasterFile(dataFolder);
  return Number(lines?.[0]) === pid && lines?.[7]?.trim() === 'ready';
}

/** Lines: process id, data folder, start, port, socket folder, address, memory key, status. */
function postmasterFile(dataFolder: string): string[] | undefined {
  try {
    return readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
}

function openLog(file: string): number {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > longestLogBytes) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}

// spawn() wants ids as signed 32-bit numbers, which matters for macOS, where nobody is -2.
const spawnAccount = (runAs?: Account) => (runAs ? { uid: runAs.uid | 0, gid: runAs.gid | 0 } : {});
