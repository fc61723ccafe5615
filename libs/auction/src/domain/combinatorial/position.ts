import { type Choice, type Lump, type Model, type Part, partInFull } from './model.js';

/** What is decided about each choice; units of a lump, Wh of a lot, from `lo` to `hi` once accepted. */
export interface State {
  readonly status: Uint8Array;
  readonly lo: Float64Array;
  readonly hi: Float64Array;
}

export const open = 0;
export const accepted = 1;
export const rejected = 2;

export function nothingDecided({ choices }: Model): State {
  const least = (choice: Choice): number => {
    if (choice.kind === 'DEFERRED') return choice.order.leastWh;
    return choice.kind === 'LUMP' ? Math.max(1, choice.least) : choice.least;
  };
  return {
    status: new Uint8Array(choices.length),
    lo: Float64Array.from(choices, least),
    hi: Float64Array.from(choices, (choice) => (choice.kind === 'DEFERRED' ? choice.order.mostWh : choice.most)),
  };
}

/** Another state of the same units, to be decided differently. */
export const copyOf = ({ status, lo, hi }: State): State => ({ status: status.slice(), lo, hi });

/** Whether units are left to choose: everything else that is accepted finds its amount at the price. */
export const isSettled = (model: Model, { status, lo, hi }: State, i: number): boolean =>
  status[i] === rejected || (status[i] === accepted && (model.choices[i]!.kind !== 'LUMP' || lo[i] === hi[i]));

/** What a unit of a lump gains at these prices; negative where it loses. */
export function gainPerUnit(parts: readonly Part[], priceTick: Int32Array): number {
  let gain = 0;
  for (const { interval, sign, tick, wh } of parts) gain += sign * (tick - priceTick[interval]!) * wh;
  return gain;
}

/** What the convex clearing is given once choices are made or left to it: fixed energy, orders to fill in part, deferrals. */
export interface Position {
  readonly model: Model;
  readonly fixedBuyWh: Float64Array;
  readonly fixedSellWh: Float64Array;
  /** Of each choice, what may be filled in part at its limit. */
  readonly partialWh: Float64Array;
  /** Of each deferral. */
  readonly leastWh: Float64Array;
  readonly mostWh: Float64Array;
}

/**
 * An open choice in one interval may be filled in part, an open deferral from nothing on: more than is allowed, so that no clearing
 * below this state is worth more. Units over several intervals are taken or left by what they gain at `guessTick`.
 */
export function positionOf(model: Model, state: State, guessTick: Int32Array): Position {
  const intervals = model.curves.length;
  const position: Position = {
    model,
    fixedBuyWh: new Float64Array(intervals),
    fixedSellWh: new Float64Array(intervals),
    partialWh: new Float64Array(model.choices.length),
    leastWh: new Float64Array(model.deferrals.length),
    mostWh: Float64Array.from(model.deferrals, ({ order }) => order.mostWh),
  };
  model.choices.forEach((choice, i) => take(position, choice, i, state, guessTick));
  return position;
}

function take(position: Position, choice: Choice, i: number, { status, lo, hi }: State, guessTick: Int32Array): void {
  const isAccepted = status[i] === accepted;
  if (choice.kind === 'DEFERRED') {
    if (isAccepted) position.leastWh[choice.deferral] = choice.order.leastWh;
    if (status[i] === rejected) position.mostWh[choice.deferral] = 0;
    return;
  }
  if (status[i] === rejected) return;
  const least = isAccepted ? lo[i]! : 0;
  const part = partInFull(choice);
  if (part) {
    fix(position, part, least);
    position.partialWh[i] = (hi[i]! - least) * part.wh;
    return;
  }
  const { parts } = choice as Lump;
  const units = gainPerUnit(parts, guessTick) > 0 ? hi[i]! : least;
  for (const each of parts) fix(position, each, units);
}

function fix(position: Position, { interval, sign, wh }: Part, units: number): void {
  const fixedWh = sign > 0 ? position.fixedBuyWh : position.fixedSellWh;
  fixedWh[interval]! += units * wh;
}
