import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

import { EmbeddedServerError } from './embedded-server-error.js';
import { birthOf } from './process-facts.js';

export interface HomeLock {
  release(): void;
}

let locksTried = 0;

/**
 * One process per home. The lock is a file with its owner's id and birth, made whole by a hard link, so nobody ever sees
 * it half written; a lock whose owner is gone is taken over without asking.
 */
export function lockHome(file: string): HomeLock {
  const mine = `${process.pid} ${birthOf(process.pid)}`;
  const aside = `${file}.${process.pid}.${(locksTried += 1)}`;
  writeFileSync(aside, mine, { mode: 0o600 });
  try {
    while (!linked(aside, file)) {
      const holder = read(file);
      if (holder === undefined) continue;
      if (isAlive(holder)) throw inUse(holder, file);
      removeStale(file, holder, `${aside}.stale`);
    }
  } finally {
    rmSync(aside, { force: true });
  }
  return {
    release: () => {
      if (read(file) === mine) rmSync(file, { force: true });
    },
  };
}

/** Two starters may find the same stale lock; whoever moves away what is no longer stale puts it back. */
function removeStale(file: string, stale: string, aside: string): void {
  try {
    renameSync(file, aside);
  } catch {
    return; // somebody else was quicker
  }
  if (read(aside) !== stale) linked(aside, file);
  rmSync(aside, { force: true });
}

function isAlive(holder: string): boolean {
  const [pid, ...birth] = holder.split(' ');
  return birthOf(Number(pid)) === birth.join(' ');
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function inUse(holder: string, file: string): EmbeddedServerError {
  const pid = holder.split(' ')[0];
  return new EmbeddedServerError(
    'HOME_IN_USE',
    `Kwartier already runs on this home as process ${pid} (${file}): stop it, or choose another folder with --home.`,
  );
}
