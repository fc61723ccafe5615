import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

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

/** The command line of a process, words separated by blanks; empty when there is none. */
export function commandOf(pid: number): string {
  if (!onLinux) return psColumn(pid, 'command') ?? '';
  return (readOrNothing(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ').trim();
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
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}
