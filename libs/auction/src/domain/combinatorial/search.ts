import { type Acceptance, clearFilled, isBetter, middleOf, tiesOf, type Units } from './acceptance.js';
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
  triedLetters: number;
  best: Acceptance | undefined;
  boundTick: Int32Array;
  nodes: number;
  reachedLimit: boolean;
}

/** Whether it clears at all, and who loses then. */
interface Tried {
  readonly clears: boolean;
  readonly losers: ReadonlySet<number>;
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
    triedLetters: 0,
    best: undefined,
    nodes: 0,
    reachedLimit: false,
    boundTick: new Int32Array(model.curves.length),
  };
  consider(found, new Float64Array(model.choices.length));
  invariant(found.best, 'rejecting whatever may be rejected is a clearing');
  lookEverywhere(found, { state: copyOf(root), parentTick: found.best.prices.priceTick });
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

/** What is still to be looked at, with the prices of the node it was cut from. */
interface Pending {
  readonly state: State;
  readonly parentTick: Int32Array;
}

/** Depth first; the stack is our own, because a chain of orders may be deeper than the one of the machine. */
function lookEverywhere(found: Search, first: Pending): void {
  const pending = [first];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (boundAt(found.model, next.state, next.parentTick) < found.best!.welfare) continue;
    if (found.nodes === found.mostNodes) {
      found.reachedLimit = true;
      return;
    }
    found.nodes += 1;
    pending.push(...look(found, next).toReversed());
  }
}

/** One node: bound it, try what its prices suggest, then hand back the two halves of it, what is to be looked at first in front. */
function look(found: Search, { state, parentTick }: Pending): Pending[] {
  const { model } = found;
  const tick = pricesOf(model, state, parentTick);
  if (!tick) return [];
  if (found.nodes === 1) found.boundTick = tick;
  if (boundAt(model, state, tick) < found.best!.welfare) return [];
  const gains = gainsAt(model, state, tick);
  const rootGains = gainsAt(model, found.root, tick);
  for (const alsoAtZero of [false, true]) {
    improve(found, suggested(model, state, tick, gains, alsoAtZero), rootGains);
  }

  const slack = boundAt(model, state, tick) - found.best!.welfare;
  if (slack < 0) return [];
  settleWhatCosts(model, state, gains, slack);
  const i = nextChoice(model, state, gains);
  if (i !== undefined)
    return halvesOf(model, state, i, gains[i]! > 0).map((half) => ({ state: half, parentTick: tick }));
  consider(found, unitsOf(model, state));
  return [];
}

const gainsAt = (model: Model, state: State, tick: Int32Array): Float64Array =>
  Float64Array.from(model.choices, (_, i) => gainOf(model, state, i, tick));

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
function suggested(model: Model, state: State, tick: Int32Array, gains: Float64Array, alsoAtZero: boolean): Units {
  const { choices } = model;
  const units = new Float64Array(choices.length);
  const byGain = [...choices.keys()].sort((a, b) => gains[b]! - gains[a]! || choices[a]!.id - choices[b]!.id);
  const takenGroups = new Set<number | undefined>();
  choices.forEach(({ order }, i) => {
    if (state.status[i] === accepted) takenGroups.add(order.group);
  });
  for (const i of byGain) {
    const { group } = choices[i]!.order;
    const gainsHere = gains[i]! > 0 || (alsoAtZero && gains[i] === 0);
    const isFree = group === undefined || !takenGroups.has(group);
    if (state.status[i] !== accepted && !(state.status[i] === open && gainsHere && isFree)) continue;
    units[i] = amountOf(model, state, i, tick);
    takenGroups.add(group);
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

/** So many clearings an improvement may take: fewer the more there is to read, but always enough to let all orders go. */
const turnsFor = ({ size }: Model): number => Math.max(14, Math.min(40, Math.floor(2 ** 17 / size)));
/** The turns in which twice as many orders go as the time before, should that be needed, and half as many again; before them one goes. */
const doublingTurns = 32;

/**
 * Clears with these units; while somebody loses, or nothing clears, again without those of the losers, or of all, that gain least. Where
 * more than one went at once and that was enough, half as many are tried.
 */
function improve(found: Search, wanted: Units, gains: Float64Array): void {
  const { model } = found;
  const turns = turnsFor(model);
  let units = wanted;
  let before = wanted;
  let mayGo: number[] = [];
  let many = 1;
  let tooMany = false;
  for (let turn = 1; turn <= turns; turn++) {
    const { clears, losers } = consider(found, units);
    if (clears && losers.size === 0) {
      if (many === 1) return;
      tooMany = true;
    } else {
      before = units;
      mayGo = [...units.keys()].filter((i) => units[i]! > 0 && (!clears || losers.has(model.choices[i]!.id)));
      if (mayGo.length === 0) return;
      mayGo.sort((a, b) => gains[a]! - gains[b]! || b - a);
    }
    if (tooMany) many = Math.ceil(many / 2);
    else if (turn > turns - doublingTurns && turn > 1) many *= 2;
    units = before.slice();
    for (const i of mayGo.slice(0, many)) units[i] = 0;
    withoutOrphans(model, units);
  }
}

/** So many letters of what was tried are kept; what is not kept is cleared again where it comes up again, with the same result. */
const mostTriedLetters = 2 ** 24;

/** Clears with these units, once, and keeps the result where it is the best that is supported. */
function consider(found: Search, units: Units): Tried {
  const key = units.join();
  const before = found.tried.get(key);
  if (before) return before;
  const acceptance = clearFilled(found.model, units.slice());
  const losers = new Set(acceptance?.prices.losers.map(({ id }) => id));
  if (acceptance && losers.size === 0 && (!found.best || isBetter(found.model, acceptance, found.best))) {
    found.best = acceptance;
  }
  const tried = { clears: acceptance !== undefined, losers };
  found.triedLetters += key.length;
  if (found.triedLetters <= mostTriedLetters) found.tried.set(key, tried);
  return tried;
}

/** Decides alone-standing choices whose other decision would cost more than the bound has to give. */
function settleWhatCosts(model: Model, state: State, gains: Float64Array, slack: number): void {
  for (let i = 0; i < model.choices.length; i++) {
    const isAlone = model.parentOf[i]! < 0 && model.childrenOf[i]!.length === 0 && model.groupOf[i]!.length === 0;
    if (!isAlone || state.status[i] !== open) continue;
    const gain = gains[i]!;
    if (gain > slack) state.status[i] = accepted;
    else if (-gain > slack) state.status[i] = rejected;
  }
}

/** The open choice that the prices say least about; parents before children, earlier before later. */
function nextChoice(model: Model, state: State, gains: Float64Array): number | undefined {
  let next: number | undefined;
  let least = Infinity;
  for (let i = 0; i < model.choices.length; i++) {
    if (isSettled(model, state, i)) continue;
    const parent = model.parentOf[i]!;
    if (parent >= 0 && state.status[parent] === open) continue;
    const says = Math.abs(gains[i]!);
    if (says < least) [next, least] = [i, says];
  }
  return next;
}

/** Accepted and rejected, or the two halves of what units are left, what the prices suggest first; halves that contradict fall out. */
function halvesOf(model: Model, state: State, i: number, isGain: boolean): State[] {
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

/** The choice and all that hang on it; false where one of them is accepted already. */
function rejectFamily(model: Model, state: State, i: number): boolean {
  const family = [i];
  for (let next = family.pop(); next !== undefined; next = family.pop()) {
    if (state.status[next] === accepted) return false;
    state.status[next] = rejected;
    family.push(...model.childrenOf[next]!);
  }
  return true;
}

function splitUnits(state: State, i: number): State[] {
  const middle = Math.floor((state.lo[i]! + state.hi[i]!) / 2);
  const more = { ...copyOf(state), lo: state.lo.with(i, middle + 1) };
  const fewer = { ...copyOf(state), hi: state.hi.with(i, middle) };
  return [more, fewer];
}

const unitsOf = ({ choices }: Model, { status, hi }: State): Units =>
  Float64Array.from(choices, ({ kind }, i) => (status[i] !== accepted ? 0 : kind === 'LUMP' ? hi[i]! : 1));
