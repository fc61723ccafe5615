import { type Acceptance, clearWith, isBetter, middleOf, tiesOf, type Units } from './acceptance.js';
import { boundAt, descend, gainOf, unevenIntervals } from './bound.js';
import { clearConvex } from './convex-clearing.js';
import { invariant } from '../invariant.js';
import type { Model } from './model.js';
import {
  accepted,
  copyOf,
  gainPerUnit,
  isSettled,
  nothingDecided,
  open,
  positionOf,
  rejected,
  type State,
} from './position.js';
import { tiedRanges } from './price-ranges.js';

export interface Found {
  readonly best: Acceptance;
  /** Prices at which the bound on the whole session is the lowest that was met. */
  readonly boundTick: Int32Array;
  readonly bound: number;
  readonly nodes: number;
  readonly reachedLimit: boolean;
}

interface Search {
  readonly model: Model;
  readonly mostNodes: number;
  /** Nothing decided. */
  readonly root: State;
  /** What was cleared already, by its units. */
  readonly tried: Map<string, Tried>;
  best: Acceptance | undefined;
  boundTick: Int32Array;
  nodes: number;
  reachedLimit: boolean;
}

/** Whether it clears at all, and who loses then. */
interface Tried {
  readonly clears: boolean;
  readonly losers: readonly number[];
}

/**
 * Branch and bound, depth first, over which choices are accepted. A node is bounded by prices (`boundAt`), which are those of its
 * convex relaxation; it is left when nothing under it can be worth as much as the best so far. What is looked at, and in which order,
 * follows from the session alone, and a larger `mostNodes` only goes on where a smaller one stopped.
 */
export function search(model: Model, mostNodes: number): Found {
  const root = nothingDecided(model);
  const found: Search = {
    model,
    mostNodes,
    root,
    tried: new Map(),
    best: undefined,
    nodes: 0,
    reachedLimit: false,
    boundTick: new Int32Array(model.curves.length),
  };
  consider(found, new Float64Array(model.choices.length));
  invariant(found.best, 'rejecting whatever may be rejected is a clearing');
  look(found, copyOf(root), found.best.prices.priceTick);
  const { best, nodes, reachedLimit } = found;
  const boundTick = boundingTicks(model, root, [found.boundTick, best.prices.priceTick]);
  return { best, boundTick, bound: boundAt(model, root, boundTick), nodes, reachedLimit };
}

/** Of some prices those with the lowest bound on the whole session, made lower where that is easy. */
function boundingTicks(model: Model, root: State, candidates: readonly Int32Array[]): Int32Array {
  const polished = candidates.map((candidate) => {
    const tick = candidate.slice();
    descend(model, root, tick, model.touched);
    return tick;
  });
  return polished.reduce((lowest, tick) => (boundAt(model, root, tick) < boundAt(model, root, lowest) ? tick : lowest));
}

/** One node: bound it, try what its prices suggest, then look at the two halves of it. */
function look(found: Search, state: State, parentTick: Int32Array): void {
  const { model } = found;
  if (boundAt(model, state, parentTick) < found.best!.welfare) return;
  if (found.nodes === found.mostNodes) {
    found.reachedLimit = true;
    return;
  }
  found.nodes += 1;

  const tick = pricesOf(model, state, parentTick);
  if (!tick) return;
  if (found.nodes === 1) found.boundTick = tick;
  if (boundAt(model, state, tick) < found.best!.welfare) return;
  for (const alsoAtZero of [false, true]) improve(found, suggested(model, state, tick, alsoAtZero), tick);

  const bound = boundAt(model, state, tick);
  if (bound < found.best!.welfare) return;
  settleWhatCosts(model, state, tick, bound - found.best!.welfare);
  const i = nextChoice(model, state, tick);
  if (i === undefined) consider(found, unitsOf(model, state));
  else for (const half of halvesOf(model, state, i, tick)) look(found, half, tick);
}

/** Prices that bound the node well: those of its relaxation, or of its parent where they do better; undefined where nothing clears. */
function pricesOf(model: Model, state: State, parentTick: Int32Array): Int32Array | undefined {
  const uneven = unevenIntervals(model, state);
  const position = positionOf(model, state, parentTick);
  const convex = clearConvex(position);
  if (!convex && uneven.length === 0) return undefined;
  const relaxed = convex ? middleOf(tiedRanges(convex, tiesOf(position, convex))) : parentTick;
  const tick =
    boundAt(model, state, parentTick) < boundAt(model, state, relaxed) ? parentTick.slice() : relaxed.slice();
  descend(model, state, tick, uneven);
  return tick;
}

/** What the prices suggest for each open choice, minimums, links and groups kept: parents before children, the greater gain first. */
function suggested(model: Model, state: State, tick: Int32Array, alsoAtZero: boolean): Units {
  const units = new Float64Array(model.choices.length);
  const gains = model.choices.map((_, i) => gainOf(model, state, i, tick));
  const byGain = [...gains.keys()].sort((a, b) => gains[b]! - gains[a]! || model.choices[a]!.id - model.choices[b]!.id);
  const ruledOut = (i: number): boolean =>
    model.groupOf[i]!.some((rival) => rival !== i && (units[rival]! > 0 || state.status[rival] === accepted));
  for (const i of byGain) {
    const gains0 = gains[i]! > 0 || (alsoAtZero && gains[i] === 0);
    const wanted = state.status[i] === accepted || (state.status[i] === open && gains0 && !ruledOut(i));
    if (wanted) units[i] = amountOf(model, state, i, tick);
  }
  withoutOrphans(model, units);
  return units;
}

function amountOf(model: Model, { lo, hi }: State, i: number, tick: Int32Array): number {
  const choice = model.choices[i]!;
  if (choice.kind !== 'LUMP') return 1;
  return gainPerUnit(choice.parts, tick) >= 0 ? hi[i]! : lo[i]!;
}

/** Parents stand before their children, so one pass drops whole families. */
function withoutOrphans({ parentOf }: Model, units: Units): void {
  for (let i = 0; i < units.length; i++) if (parentOf[i]! >= 0 && units[parentOf[i]!] === 0) units[i] = 0;
}

/** Clears with these units; while somebody loses, or nothing clears, again without whoever loses or gains least. */
function improve(found: Search, units: Units, tick: Int32Array): void {
  const { model } = found;
  const gains = model.choices.map((_, i) => gainOf(model, found.root, i, tick));
  for (;;) {
    const { clears, losers } = consider(found, units);
    if (clears && losers.length === 0) return;
    const mayGo = [...units.keys()].filter((i) => units[i]! > 0 && (!clears || losers.includes(model.choices[i]!.id)));
    if (mayGo.length === 0) return;
    units[mayGo.reduce((least, i) => (gains[i]! <= gains[least]! ? i : least))] = 0;
    withoutOrphans(model, units);
  }
}

/** Clears with these units, once, and keeps the result where it is the best that is supported. */
function consider(found: Search, units: Units): Tried {
  const key = units.join();
  const before = found.tried.get(key);
  if (before) return before;
  const acceptance = clearWith(found.model, units.slice());
  const losers = acceptance?.prices.losers.map(({ id }) => id) ?? [];
  if (acceptance && losers.length === 0 && (!found.best || isBetter(found.model, acceptance, found.best))) {
    found.best = acceptance;
  }
  const tried = { clears: acceptance !== undefined, losers };
  found.tried.set(key, tried);
  return tried;
}

/** Decides alone-standing choices whose other decision would cost more than the bound has to give. */
function settleWhatCosts(model: Model, state: State, tick: Int32Array, slack: number): void {
  for (let i = 0; i < model.choices.length; i++) {
    const isAlone = model.parentOf[i]! < 0 && model.childrenOf[i]!.length === 0 && model.groupOf[i]!.length === 0;
    if (!isAlone || state.status[i] !== open) continue;
    const gain = gainOf(model, state, i, tick);
    if (gain > slack) state.status[i] = accepted;
    else if (-gain > slack) state.status[i] = rejected;
  }
}

/** The open choice that the prices say least about; parents before children, earlier before later. */
function nextChoice(model: Model, state: State, tick: Int32Array): number | undefined {
  let next: number | undefined;
  let least = Infinity;
  for (let i = 0; i < model.choices.length; i++) {
    if (isSettled(model, state, i)) continue;
    const parent = model.parentOf[i]!;
    if (parent >= 0 && state.status[parent] === open) continue;
    const says = Math.abs(gainOf(model, state, i, tick));
    if (says < least) [next, least] = [i, says];
  }
  return next;
}

/** Accepted and rejected, or the two halves of what units are left, what the prices suggest first; halves that contradict fall out. */
function halvesOf(model: Model, state: State, i: number, tick: Int32Array): State[] {
  const isGain = gainOf(model, state, i, tick) > 0;
  const halves = state.status[i] === open ? [accept(model, state, i), reject(model, state, i)] : splitUnits(state, i);
  return (isGain ? halves : halves.toReversed()).filter((half) => half !== undefined);
}

/** Its parent is accepted already: choices are made parents first. */
function accept(model: Model, state: State, i: number): State | undefined {
  const half = copyOf(state);
  half.status[i] = accepted;
  return model.groupOf[i]!.every((rival) => rival === i || rejectFamily(model, half, rival)) ? half : undefined;
}

function reject(model: Model, state: State, i: number): State | undefined {
  const half = copyOf(state);
  return rejectFamily(model, half, i) ? half : undefined;
}

function rejectFamily(model: Model, state: State, i: number): boolean {
  if (state.status[i] === accepted) return false;
  state.status[i] = rejected;
  return model.childrenOf[i]!.every((child) => rejectFamily(model, state, child));
}

function splitUnits(state: State, i: number): State[] {
  const middle = Math.floor((state.lo[i]! + state.hi[i]!) / 2);
  const more = copyOf(state);
  const fewer = copyOf(state);
  more.lo[i] = middle + 1;
  fewer.hi[i] = middle;
  return [more, fewer];
}

const unitsOf = ({ choices }: Model, { status, hi }: State): Units =>
  Float64Array.from(choices, ({ kind }, i) => (status[i] !== accepted ? 0 : kind === 'LUMP' ? hi[i]! : 1));
