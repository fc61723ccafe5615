import { middle } from '../book/clearing.js';
import { boundAt } from './bound.js';
import { boughtWh, clearConvex, type ConvexClearing } from './convex-clearing.js';
import { type Fills, fillsOf } from './fills.js';
import { entriesAt, type Entry, type Model, type Part } from './model.js';
import { accepted, nothingDecided, type Position, positionOf, rejected, type State } from './position.js';
import { type Ranges, type Tie, tiedRanges, tieOf } from './price-ranges.js';
import { choosePrices, type Holder, type Prices } from './prices.js';

/** Of each choice: 0 rejected, else accepted; of a lump, how many units. */
export type Units = Float64Array;

/** An acceptance with everything that follows from it. */
export interface Acceptance {
  readonly units: Units;
  readonly state: State;
  readonly position: Position;
  readonly convex: ConvexClearing;
  readonly holders: readonly Holder[];
  readonly ranges: Ranges;
  readonly prices: Prices;
  readonly welfare: number;
  readonly volumeWh: number;
}

/** The best clearing with exactly these choices accepted; undefined where there is none. */
export function clearWith(model: Model, units: Units): Acceptance | undefined {
  const state = stateOf(model, units);
  const position = positionOf(model, state, new Int32Array(model.curves.length));
  const convex = clearConvex(position);
  if (!convex) return undefined;
  const ties = tiesOf(position, convex);
  const ranges = tiedRanges(convex, ties);
  const holders = holdersOf(model, units, convex.deferredWh);
  const prices = choosePrices(ranges, holders, ties);
  let volumeWh = 0;
  for (let t = 0; t < model.curves.length; t++) volumeWh += tradedWh(position, convex, t);
  // Once all choices are made nothing is lost between the clearing and the bound at any of its prices.
  const welfare = boundAt(model, state, prices.priceTick);
  return { units, state, position, convex, holders, ranges, prices, welfare, volumeWh };
}

/**
 * The same, without the accepted that get nothing: an order counts as accepted exactly where it got something, so that whoever checks the
 * clearing can tell from its fills. Whoever goes changes nobody's energy but the odd Wh of a margin, and so another may have to go.
 */
export function clearFilled(model: Model, units: Units): Acceptance | undefined {
  for (let wanted = units; ;) {
    const acceptance = clearWith(model, wanted);
    const idle = acceptance ? idleIn(model, acceptance) : [];
    if (idle.length === 0) return acceptance;
    wanted = wanted.map((each, i) => (idle.includes(i) ? 0 : each));
  }
}

/** The accepted choices that got nothing: only those without a minimum can. */
export function idleIn(model: Model, acceptance: Acceptance): number[] {
  const books = new Map<number, FilledBook>();
  const bookAt = (t: number): FilledBook => {
    if (!books.has(t)) books.set(t, filledBook(model, acceptance, t));
    return books.get(t)!;
  };
  return [...model.choices.keys()].filter((i) => {
    const choice = model.choices[i]!;
    if (acceptance.units[i] === 0 || choice.kind === 'LUMP') return false;
    if (choice.kind === 'DEFERRED') return acceptance.convex.deferredWh[choice.deferral]!.every((wh) => wh === 0);
    if (choice.least > 0) return false;
    const { entries, fills } = bookAt(choice.interval);
    return fills.richWh[entries.findIndex(({ id }) => id === choice.id)] === 0;
  });
}

/** An interval's book under an acceptance: what of its rich orders may be filled in part, and the fills. */
export interface FilledBook {
  readonly entries: readonly Entry[];
  readonly fills: Fills;
}

export function filledBook(model: Model, { position, convex, units }: Acceptance, t: number): FilledBook {
  const { book, tieStart } = model.session.intervals[t]!;
  const entries = entriesAt(model, (i) => units[i]! > 0, t);
  const bought = boughtWh(position, convex, t);
  return { entries, fills: fillsOf(book, entries, bought, bought + convex.demandWh[t]!, tieStart) };
}

export function tradedWh(position: Position, convex: ConvexClearing, t: number): number {
  let deferredWh = 0;
  position.model.deferralsAt[t]!.forEach((d) => {
    deferredWh += convex.deferredWh[d]![t - position.model.deferrals[d]!.order.fromInterval]!;
  });
  return boughtWh(position, convex, t) + position.fixedBuyWh[t]! + deferredWh;
}

function stateOf(model: Model, units: Units): State {
  const state = nothingDecided(model);
  model.choices.forEach(({ kind }, i) => {
    state.status[i] = units[i]! > 0 ? accepted : rejected;
    if (kind === 'LUMP') state.lo[i] = state.hi[i] = units[i]!;
  });
  return state;
}

export const tiesOf = ({ model, leastWh, mostWh }: Position, { deferredWh }: ConvexClearing): Tie[] =>
  model.deferrals
    .map((deferral, d) => tieOf(deferral, leastWh[d]!, mostWh[d]!, deferredWh[d]!))
    .filter((tie) => tie.mostWh > 0);

/** Prices in the middle of what a convex clearing allows, rounded down; the ties hold in the middle as at the ends. */
export function middleOf({ lowTick, highTick }: Ranges): Int32Array {
  return lowTick.map((low, t) => middle(low, highTick[t]!));
}

/** The accepted orders that may lose: who may also be filled with nothing never does. */
export function holdersOf(model: Model, units: Units, deferredWh: readonly Float64Array[]): Holder[] {
  return model.choices
    .flatMap((choice, i): Holder[] => {
      if (units[i] === 0) return [];
      if (choice.kind === 'LUMP') return [{ id: choice.id, parts: choice.parts }];
      if (choice.kind === 'LOT') return choice.least > 0 ? [{ id: choice.id, parts: [choice] }] : [];
      const { leastWh, fromInterval, tick } = choice.order;
      if (leastWh === 0) return [];
      const whIn = [...deferredWh[choice.deferral]!];
      const parts = whIn.map((wh, slot): Part => ({ interval: fromInterval + slot, sign: 1, tick, wh }));
      return [{ id: choice.id, parts: parts.filter(({ wh }) => wh > 0) }];
    })
    .sort((a, b) => a.id - b.id);
}

/**
 * The rule between acceptances: the greater welfare; of equal ones the greater volume; then fewer orders accepted, so that an order
 * that neither gains nor adds volume stays out; then the one that has the first order, by id, which only one of them has
 * (of units, more of it).
 */
export function isBetter(model: Model, a: Acceptance, b: Acceptance): boolean {
  if (a.welfare !== b.welfare) return a.welfare > b.welfare;
  if (a.volumeWh !== b.volumeWh) return a.volumeWh > b.volumeWh;
  const counts = [a, b].map(({ units }) => units.filter((each) => each > 0).length);
  if (counts[0] !== counts[1]) return counts[0]! < counts[1]!;
  const differing = model.choices
    .map(({ id }, i) => ({ id, more: a.units[i]! - b.units[i]! }))
    .filter(({ more }) => more !== 0);
  return differing.length > 0 && differing.reduce((first, each) => (each.id < first.id ? each : first)).more > 0;
}
