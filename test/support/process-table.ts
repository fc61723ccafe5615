import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

/** Every process of this machine. Slim containers have no `ps`, so on Linux the kernel is asked. */
export function runningProcesses(): readonly ProcessFacts[] {
  if (process.platform !== 'linux')
    return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid='], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map((line) => factsOf(line.trim().split(/\s+/)));
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        // The name stands in brackets and may hold anything.
        const [, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return [factsOf([pid, parent, group])];
      } catch {
        return []; // it ended while we looked
      }
    });
}

const factsOf = ([pid, parent, group]: readonly (string | undefined)[]): ProcessFacts => ({
  pid: Number(pid),
  parent: Number(parent),
  group: Number(group),
});

/** The processes of these ids, of the groups they lead, and all their descendants; parents come first. */
export function treeOf(all: readonly ProcessFacts[], roots: readonly number[]): readonly ProcessFacts[] {
  const tree = all.filter(({ pid }) => roots.includes(pid));
  tree.push(...all.filter(({ pid, group }) => roots.includes(group) && !roots.includes(pid)));
  for (const parent of tree) tree.push(...all.filter((one) => one.parent === parent.pid && !tree.includes(one)));
  return tree;
}
