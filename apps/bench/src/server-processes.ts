import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100; // of Linux, on every architecture that Node.js is built for

/** What the PostgreSQL server and its processes have used; nothing where there is no /proc. */
export class ServerProcesses {
  constructor(private readonly postmasterPid: number) {}

  /** Of the living, and through the postmaster's account of those that have ended. */
  cpuSeconds(): number {
    let ticks = 0;
    for (const pid of this.pids()) {
      const fields = statOf(pid);
      const own = Number(fields?.[11] ?? 0) + Number(fields?.[12] ?? 0);
      ticks += own + (pid === this.postmasterPid ? Number(fields?.[13] ?? 0) + Number(fields?.[14] ?? 0) : 0);
    }
    return ticks / ticksPerSecond;
  }

  /** Shared pages count once: each process carries its part of them. */
  memoryMb(): number {
    const kilobytes = this.pids().map((pid) =>
      Number(/^Pss:\s+(\d+)/m.exec(textOf(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0),
    );
    return Math.round(kilobytes.reduce((sum, one) => sum + one, 0) / 1024);
  }

  private pids(): number[] {
    const children = numbersIn('/proc').filter((pid) => Number(statOf(pid)?.[1]) === this.postmasterPid);
    return [this.postmasterPid, ...children];
  }
}

/** The fields behind the name, which may hold anything: state is 0, the parent's id 1. */
const statOf = (pid: number): string[] | undefined => {
  const stat = textOf(`/proc/${pid}/stat`);
  return stat === '' ? undefined : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};

function numbersIn(folder: string): number[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
