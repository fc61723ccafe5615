import highsModule from 'highs';
import { unlimitedWh } from '../src/domain/nodal/network.js';
import type { TreeCase } from './tree-cases.js';

// The package's types are those of its CommonJS build; what is imported is the function itself.
const loadHighs = highsModule as unknown as typeof highsModule.default;

/** The welfare of every tree as a linear program says it; the trees stand side by side in one program. */
export async function welfareByHighs(cases: readonly TreeCase[]): Promise<number[]> {
  const highs = await loadHighs();
  const programs = cases.map(programOf);
  const worth = programs.flatMap(({ worth: terms }) => terms.map(([factor, name]) => `${signed(factor)} ${name}`));
  const balances = programs.flatMap(({ balances: sums }) => sums);
  const bounds = programs.flatMap(({ bounds: all }) => all);
  const solution = highs.solve(
    ['Maximize', ' obj:', ...worth, 'Subject To', ...balances, 'Bounds', ...bounds, 'End'].join('\n'),
  );
  if (solution.Status !== 'Optimal') throw new Error(`HiGHS says ${solution.Status}`);
  const columns = solution.Columns as Record<string, { Primal: number }>;
  return programs.map(({ worth: terms }) =>
    terms.reduce((sum, [factor, name]) => sum + factor * columns[name]!.Primal, 0),
  );
}

interface Program {
  readonly worth: readonly (readonly [number, string])[];
  readonly balances: readonly string[];
  readonly bounds: readonly string[];
}

function programOf({ book, network }: TreeCase, at: number): Program {
  const worth: [number, string][] = [[0, `zero${at}`]];
  const bounds: string[] = [` 0 <= zero${at} <= 0`];
  const sums: string[][] = Array.from({ length: network.count }, () => [`+ zero${at}`]);
  for (let i = 0; i < book.count; i += 1) {
    const name = `f${at}_${i}`;
    const sells = (book.limit[i]! & 1) === 1;
    worth.push([sells ? -(book.limit[i]! >>> 1) : book.limit[i]! >>> 1, name]);
    bounds.push(` 0 <= ${name} <= ${book.wh[i]!}`);
    sums[book.node[i]!]!.push(`${sells ? '+' : '-'} ${name}`);
  }
  for (let v = 1; v < network.count; v += 1) {
    const ways = [
      [`up${at}_${v}`, network.exportWh[v]!, '-', '+'],
      [`down${at}_${v}`, network.importWh[v]!, '+', '-'],
    ] as const;
    for (const [name, mostWh, here, above] of ways) {
      worth.push([-network.feeTicks[v]!, name]);
      bounds.push(mostWh === unlimitedWh ? ` ${name} >= 0` : ` 0 <= ${name} <= ${mostWh}`);
      sums[v]!.push(`${here} ${name}`);
      sums[network.parent[v]!]!.push(`${above} ${name}`);
    }
  }
  return { worth, bounds, balances: sums.map((sum, v) => ` b${at}_${v}: ${sum.join(' ')} = 0`) };
}

const signed = (factor: number): string => (factor < 0 ? `- ${-factor}` : `+ ${factor}`);
