import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

let tries = 0;

/**
 * Does the work while no other process does it: a second `npm start` or `npm test` waits for the first one's install and
 * build. The lock names its owner; when that process is gone, the next one takes over.
 */
export async function alone(lockFile, work, log) {
  mkdirSync(dirname(lockFile), { recursive: true });
  const mine = `${lockFile}.${process.pid}.${(tries += 1)}`;
  writeFileSync(mine, `${process.pid} ${birthOf(process.pid)}`);
  try {
    let waiting = false;
    while (!linked(mine, lockFile)) {
      const holder = read(lockFile);
      const pid = holder?.split(' ')[0];
      if (holder !== undefined && holder !== `${pid} ${birthOf(pid)}`) {
        moveAway(lockFile, holder, `${mine}.stale`);
        continue;
      }
      if (!waiting && pid) log(`Waiting for process ${pid}, which does the same (${lockFile})`);
      waiting = true;
      await pause(100);
    }
    try {
      return await work();
    } finally {
      rmSync(lockFile, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Two may find the same stale lock; whoever moves away what is no longer stale puts it back. */
function moveAway(lockFile, stale, aside) {
  try {
    renameSync(lockFile, aside);
  } catch {
    return; // somebody else was quicker
  }
  if (read(aside) !== stale) linked(aside, lockFile);
  rmSync(aside, { force: true });
}

/** A process id alone proves nothing after a restart of the machine; on Linux its start, in ticks since boot, does. */
function birthOf(pid) {
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (error.code === 'ESRCH') return 'never';
  }
  const stat = read(`/proc/${pid}/stat`);
  return stat ? stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] : 'some time';
}

function linked(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
