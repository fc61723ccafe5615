import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

const onLinux = process.platform === 'linux';

/**
 * When the process with this id was born, or undefined when there is none. An id alone proves nothing: after a restart of
 * the machine a stranger may carry it, and ending or waiting for that stranger would be our fault.
 */
export function birthOf(pid: number): string | undefined {
  if (!onLinux) return psColumn(pid, 'lstart');
  const stat = readOrNothing(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name stands in brackets and may hold anything, so the fields are counted from the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, ticksSinceBoot] = [fields[0], fields[19]];
  // In a container without an init process a dead orphan stays a zombie for ever.
  if (state === 'Z' || state === 'X' || ticksSinceBoot === undefined) return undefined;
  return `${readOrNothing('/proc/sys/kernel/random/boot_id')?.trim() ?? ''} ${ticksSinceBoot}`;
}

function commandOf(pid: number): string {
  if (!onLinux) return psColumn(pid, 'command') ?? '';
  return (readOrNothing(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ').trim();
}

/** The name of the program a process runs, without its folder; a PostgreSQL server calls itself `postgres` or `postgres: …`. */
export function programOf(pid: number): string {
  const path = onLinux ? readOrNothing(`/proc/${pid}/cmdline`)?.split('\0')[0] : psColumn(pid, 'comm');
  return basename(path ?? '');
}

/** Does this process work in this folder? Its working folder says so even after the folder was renamed. */
export function worksIn(pid: number, folder: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    return commandOf(pid).includes(folder);
  }
}

function psColumn(pid: number, column: string): string | undefined {
  try {
    const said = execFileSync('ps', ['-ww', '-p', String(pid), '-o', `${column}=`], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return said.trim() || undefined;
  } catch {
    return undefined;
  }
}

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
