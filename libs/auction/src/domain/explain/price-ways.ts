import { type Network, unlimitedWh } from '../nodal/network.js';
import type { NodalClearing } from '../nodal/nodal-clearing.js';

/** One line on a way through the tree, walked `UP` to the parent of the node it belongs to, or `DOWN` from it. */
export interface Step {
  readonly line: number;
  readonly walked: 'UP' | 'DOWN';
  /** Added to a price on the far side, it counts on the near side: the line's fee, or less it. */
  readonly addsTicks: number;
}

/**
 * A line at which prices part. `FULL`: it carries all it may, and the prices on its ends differ by more than its fee.
 * `IDLE`: it carries nothing, as they differ by less than the fee.
 */
export interface Border {
  readonly line: number;
  readonly state: 'FULL' | 'IDLE';
  readonly flowWh: number;
  readonly feeTicks: number;
  /** The price at the parent less that at the node. */
  readonly differenceTicks: number;
}

/** How the prices of other nodes bind the price of one. */
export interface Ways {
  /** The nodes whose prices count, the nearest first. */
  readonly nodes: readonly number[];
  /** A price below which the far node cannot fall comes over this way, as a price below which the near one cannot. */
  readonly below: ReadonlyMap<number, Way>;
  /** And likewise one above which it cannot rise. */
  readonly above: ReadonlyMap<number, Way>;
  readonly borders: readonly Border[];
}

export interface Way {
  readonly addsTicks: number;
  /** Undefined at the node itself. */
  readonly last: { readonly step: Step; readonly before: Way } | undefined;
}

/**
 * Goes out from `start` as far as prices depend on each other. A line that carries something ties the prices on its
 * ends together by its fee; an idle one only keeps them from parting further; a full one lets them part.
 */
export function waysFrom(network: Network, clearing: NodalClearing, start: number): Ways {
  const linesAt = linesOf(network);
  const here: Way = { addsTicks: 0, last: undefined };
  const below = new Map<number, Way>([[start, here]]);
  const above = new Map<number, Way>([[start, here]]);
  const samePrices = new Set([start]);
  const nodes = [start];
  const seen = new Set(nodes);
  const borders: Border[] = [];
  for (const node of nodes) {
    for (const { line, next, walked } of linesAt(node)) {
      if (seen.has(next)) continue;
      const { least, most } = differencesAt(network, clearing, line);
      // Up the line the price here is the one above less the difference, down it the one below plus the difference.
      extend(below, node, next, { line, walked, addsTicks: walked === 'UP' ? -most : least });
      extend(above, node, next, { line, walked, addsTicks: walked === 'UP' ? -least : most });
      const border = borderAt(network, clearing, line);
      if (samePrices.has(node)) {
        if (border) borders.push(border);
        else samePrices.add(next);
      }
      if (!below.has(next) && !above.has(next) && !samePrices.has(next)) continue;
      seen.add(next);
      nodes.push(next);
    }
  }
  return { nodes, below, above, borders };
}

export function stepsOf(way: Way): Step[] {
  const steps: Step[] = [];
  for (let { last } = way; last; { last } = last.before) steps.push(last.step);
  return steps.reverse();
}

function extend(ways: Map<number, Way>, node: number, next: number, step: Step): void {
  const before = ways.get(node);
  if (!before || !Number.isFinite(step.addsTicks)) return;
  ways.set(next, { addsTicks: before.addsTicks + step.addsTicks, last: { step, before } });
}

/** The least and the most by which the price at the parent may exceed that at the node, given what the line carries. */
function differencesAt(
  { importWh, exportWh, feeTicks }: Network,
  { flowWh }: NodalClearing,
  line: number,
): { least: number; most: number } {
  const [flow, fee] = [flowWh[line]!, feeTicks[line]!];
  const mayImportMore = importWh[line] === unlimitedWh || flow > -importWh[line]!;
  const mayExportMore = exportWh[line] === unlimitedWh || flow < exportWh[line]!;
  return {
    least: flow > 0 ? fee : mayImportMore ? -fee : -Infinity,
    most: flow < 0 ? -fee : mayExportMore ? fee : Infinity,
  };
}

/** Undefined where the prices differ by just the fee. */
function borderAt(
  { parent, feeTicks }: Network,
  { priceTick, flowWh }: NodalClearing,
  line: number,
): Border | undefined {
  const differenceTicks = priceTick[parent[line]!]! - priceTick[line]!;
  const beyondFee = Math.abs(differenceTicks) - feeTicks[line]!;
  if (beyondFee === 0) return undefined;
  const state = beyondFee > 0 ? 'FULL' : 'IDLE';
  return { line, state, flowWh: flowWh[line]!, feeTicks: feeTicks[line]!, differenceTicks };
}

interface LineAt {
  readonly line: number;
  readonly next: number;
  readonly walked: Step['walked'];
}

/** The lines at a node: its own first, then those of its children by their numbers. */
function linesOf({ count, parent }: Network): (node: number) => LineAt[] {
  const downAt = new Map<number, LineAt[]>();
  for (let v = 1; v < count; v++) {
    const down: LineAt = { line: v, next: v, walked: 'DOWN' };
    const siblings = downAt.get(parent[v]!);
    if (siblings) siblings.push(down);
    else downAt.set(parent[v]!, [down]);
  }
  return (node) => [
    ...(node === 0 ? [] : [{ line: node, next: parent[node]!, walked: 'UP' as const }]),
    ...(downAt.get(node) ?? []),
  ];
}
