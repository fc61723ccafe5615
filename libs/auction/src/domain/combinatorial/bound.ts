import type { Choice, Deferral, Model } from './model.js';
import { accepted, gainPerUnit, open, rejected, type State } from './position.js';

/**
 * What everybody's best choice at these prices is worth, without regard to balance but within what the state allows: no clearing of the
 * state is worth more, whatever the prices. Minimums, links and groups are kept (a group only among those with one parent).
 */
export function boundAt(model: Model, state: State, tick: Int32Array): number {
  let bound = 0;
  for (let t = 0; t < model.curves.length; t++) bound += model.curves[t]!.worth[tick[t]!]!;
  for (const deferral of model.deferrals) if (deferral.choice < 0) bound += deferralGain(deferral, 0, tick);
  return bound + choicesGain(model, state, tick);
}

/** Children first: the best a family can do is what its head gains with the best of each child. */
function choicesGain(model: Model, state: State, tick: Int32Array): number {
  const { choices, childrenOf, parentOf } = model;
  const best = new Float64Array(choices.length);
  const heads: number[] = [];
  for (let i = choices.length - 1; i >= 0; i--) {
    if (parentOf[i]! < 0) heads.push(i);
    if (state.status[i] === rejected) continue;
    const gain = gainOf(model, state, i, tick) + bestOf(model, state, childrenOf[i]!, best);
    best[i] = state.status[i] === accepted ? gain : Math.max(0, gain);
  }
  return bestOf(model, state, heads, best);
}

/** The best of siblings: of a group only one, and the accepted one where there is one. */
function bestOf(
  { choices, groupOf }: Model,
  { status }: State,
  siblings: readonly number[],
  best: Float64Array,
): number {
  let sum = 0;
  let ofGroup: Map<number, number> | undefined;
  for (const i of siblings) {
    if (groupOf[i]!.length === 0 || status[i] === accepted) sum += best[i]!;
    else {
      const group = choices[i]!.order.group!;
      ofGroup ??= new Map();
      ofGroup.set(group, Math.max(ofGroup.get(group) ?? 0, best[i]!));
    }
  }
  if (ofGroup) for (const gain of ofGroup.values()) sum += gain;
  return sum;
}

/** The most that a choice gains at these prices if it is accepted; negative where even the least loses. */
export function gainOf({ choices, deferrals }: Model, { lo, hi }: State, i: number, tick: Int32Array): number {
  const choice = choices[i]!;
  if (choice.kind === 'DEFERRED') return deferralGain(deferrals[choice.deferral]!, choice.order.leastWh, tick);
  const gain = gainPerUnitOf(choice, tick);
  return gain * (gain > 0 ? hi[i]! : lo[i]!);
}

const gainPerUnitOf = (choice: Exclude<Choice, { kind: 'DEFERRED' }>, tick: Int32Array): number =>
  choice.kind === 'LOT' ? choice.sign * (choice.tick - tick[choice.interval]!) : gainPerUnit(choice.parts, tick);

/** Bought where it is cheapest: all that gains, and the least even where it loses. */
function deferralGain({ order }: Deferral, leastWh: number, tick: Int32Array): number {
  const cheapestFirst = tick.slice(order.fromInterval, order.untilInterval).sort();
  let leftWh = order.mostWh;
  let mustWh = leastWh;
  let gain = 0;
  for (const price of cheapestFirst) {
    const roomWh = Math.min(order.mostWhPerInterval, leftWh);
    const wh = price < order.tick ? roomWh : Math.min(roomWh, Math.max(0, mustWh));
    if (wh === 0) break;
    gain += wh * (order.tick - price);
    leftWh -= wh;
    mustWh -= wh;
  }
  return gain;
}

/** So many intervals, parts and windows a descent reads before it starts its last interval. */
const mostReads = 2 ** 22;

/**
 * Prices with a lower bound, interval by interval: the bound is convex in each, so it is followed downhill with steps that double and
 * then halve. Only units over several intervals need it; everything else the convex clearing prices exactly. Of a session too large to be
 * read so often the last intervals keep their prices.
 */
export function descend(model: Model, state: State, tick: Int32Array, intervals: readonly number[]): void {
  let reads = 0;
  for (const t of intervals) {
    if (reads > mostReads) return;
    const boundWith = (p: number): number => {
      if (p < 0 || p > model.topTick) return Infinity;
      reads += model.size;
      const before = tick[t]!;
      tick[t] = p;
      const bound = boundAt(model, state, tick);
      tick[t] = before;
      return bound;
    };
    tick[t] = lowestFrom(tick[t]!, boundWith);
  }
}

/** Where a convex function is lowest, looked for from a place near it. */
function lowestFrom(start: number, valueAt: (p: number) => number): number {
  let at = start;
  let value = valueAt(at);
  for (const direction of [1, -1]) {
    let step = 1;
    while (step >= 1) {
      const next = valueAt(at + direction * step);
      if (next < value) {
        at += direction * step;
        value = next;
        step *= 2;
      } else step = Math.floor(step / 2);
    }
  }
  return at;
}

/** The intervals in which an undecided number of units over several intervals has a part. */
export function unevenIntervals({ choices }: Model, { status, lo, hi }: State): number[] {
  const found = new Set<number>();
  choices.forEach((choice, i) => {
    const isUneven = choice.kind === 'LUMP' && choice.parts.length > 1;
    if (!isUneven || status[i] === rejected || (status[i] !== open && lo[i] === hi[i])) return;
    for (const { interval } of choice.parts) found.add(interval);
  });
  return [...found].sort((a, b) => a - b);
}
