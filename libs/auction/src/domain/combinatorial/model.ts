import type { Side } from '../book/book.js';
import { curveOf, type Divisible, firstWhere, type IntervalCurve } from './interval-curve.js';
import { type BlockOrder, type DeferrableOrder, type RichOrder, type Session, slotsIn } from './session.js';

/** A session as the search reads it. What may be filled in part without a condition is in the curves; the rest is a choice. */
export interface Model {
  readonly session: Session;
  readonly topTick: number;
  readonly curves: readonly IntervalCurve[];
  /** Parents stand before their children, else by id. */
  readonly choices: readonly Choice[];
  /** Of each choice, the place of its parent, or -1. */
  readonly parentOf: Int32Array;
  /** Of each choice, those of its group, itself among them; nothing where it has none. Only one of them may be accepted. */
  readonly groupOf: readonly (readonly number[])[];
  readonly childrenOf: readonly (readonly number[])[];
  readonly deferrals: readonly Deferral[];
  /** The intervals that depend on what is accepted; all others are cleared once and for all, between these prices. */
  readonly touched: readonly number[];
  readonly plainLowTick: Int32Array;
  readonly plainHighTick: Int32Array;
  /** Of each interval, the choices with a part in it that can be filled in part. */
  readonly lotsAt: readonly (readonly number[])[];
  /** Of each interval, the deferrals whose window it is in. */
  readonly deferralsAt: readonly (readonly number[])[];
  /** Of each interval, what is always taken like plain orders, by id. */
  readonly divisibleAt: readonly (readonly Entry[])[];
  /** What has to be read to bound the session once: its intervals, and the parts and windows of its rich orders. */
  readonly size: number;
}

/** To accept or to reject: one part that can be filled in part above its minimum, units of a pattern, or a deferral. */
export type Choice = Lot | Lump | Deferred;

export interface Lot extends Part {
  readonly kind: 'LOT';
  readonly id: number;
  readonly order: BlockOrder;
  readonly least: number;
  readonly most: number;
}

export interface Lump {
  readonly kind: 'LUMP';
  readonly id: number;
  readonly order: BlockOrder;
  readonly parts: readonly Part[];
  readonly least: number;
  readonly most: number;
}

export interface Deferred {
  readonly kind: 'DEFERRED';
  readonly id: number;
  readonly order: DeferrableOrder;
  readonly deferral: number;
}

export interface Part {
  readonly interval: number;
  /** 1 for a buy, -1 for a sell: what a Wh adds to the demand, and how much its worth falls when the price rises. */
  readonly sign: 1 | -1;
  readonly tick: number;
  readonly wh: number;
}

export interface Deferral {
  readonly order: DeferrableOrder;
  /** The place of its choice, or -1 where it is always taken as far as it gains. */
  readonly choice: number;
}

/** What may be filled in part of a rich order, as a line in the book of its interval. */
export interface Entry extends Divisible {
  readonly member: number;
  readonly id: number;
  /** The place among its order's fills. */
  readonly slot: number;
}

export const isDivisible = (order: RichOrder): boolean => {
  switch (order.kind) {
    case 'CURVE':
    case 'STORAGE':
      return true;
    case 'BLOCK':
      return isOneWh(order) && order.leastUnits === 0 && !isConditional(order);
    case 'DEFERRABLE':
      return order.leastWh === 0 && !isConditional(order);
  }
};

const isConditional = (order: BlockOrder | DeferrableOrder): boolean =>
  order.parent !== undefined || order.group !== undefined;
const isOneWh = (order: BlockOrder): boolean => order.parts.length === 1 && order.parts[0]!.wh === 1;

export function modelOf(session: Session): Model {
  const topTick = highestTick(session);
  const choices = choicesOf(session.richOrders);
  const placeOf = new Map(choices.map((choice, i) => [choice.id, i]));
  const parentOf = Int32Array.from(choices, ({ order }) =>
    order.parent === undefined ? -1 : placeOf.get(order.parent)!,
  );
  const deferrals = session.richOrders
    .filter((order): order is DeferrableOrder => order.kind === 'DEFERRABLE')
    .map((order): Deferral => ({ order, choice: placeOf.get(order.id) ?? -1 }));
  const places = [...choices.keys()];
  const divisible = divisibleByInterval(session);
  const curves = session.intervals.map(({ book }, t) => curveOf(book, divisible[t]!, topTick));
  return {
    session,
    topTick,
    curves,
    touched: touchedBy(session),
    plainLowTick: Int32Array.from(curves, ({ surplusWh }) => firstWhere(0, topTick, (p) => surplusWh[p + 1]! >= 0)),
    plainHighTick: Int32Array.from(curves, ({ surplusWh }) => firstWhere(1, topTick + 1, (p) => surplusWh[p]! > 0) - 1),
    choices,
    parentOf,
    groupOf: groupsOf(choices),
    childrenOf: childrenBy(parentOf),
    deferrals,
    lotsAt: byInterval(session, places, (i) => intervalsOf(partInFull(choices[i]!))),
    deferralsAt: byInterval(session, [...deferrals.keys()], (d) => slotsIn(deferrals[d]!.order)),
    divisibleAt: divisible,
    size: session.richOrders.reduce((sum, order) => sum + slotsIn(order).length, session.intervals.length),
  };
}

const intervalsOf = (part: Part | undefined): readonly Part[] => (part ? [part] : []);

/** The items under each interval in which they have something, in the order in which they are given. */
function byInterval<Item>(
  { intervals }: Session,
  items: readonly Item[],
  placesOf: (item: Item) => readonly { readonly interval: number }[],
): Item[][] {
  const found = intervals.map((): Item[] => []);
  for (const item of items) for (const { interval } of placesOf(item)) found[interval]!.push(item);
  return found;
}

function childrenBy(parentOf: Int32Array): number[][] {
  const children = Array.from(parentOf, (): number[] => []);
  parentOf.forEach((parent, i) => {
    if (parent >= 0) children[parent]!.push(i);
  });
  return children;
}

function touchedBy({ richOrders }: Session): number[] {
  const depending = richOrders.filter((order) => order.kind === 'DEFERRABLE' || !isDivisible(order));
  const touched = new Set(depending.flatMap((order) => slotsIn(order).map(({ interval }) => interval)));
  return [...touched].sort((a, b) => a - b);
}

function groupsOf(choices: readonly Choice[]): (readonly number[])[] {
  const members = new Map<number, number[]>();
  choices.forEach(({ order: { group } }, i) => {
    if (group === undefined) return;
    const others = members.get(group);
    if (others) others.push(i);
    else members.set(group, [i]);
  });
  return choices.map(({ order: { group } }) => (group === undefined ? [] : members.get(group)!));
}

/** The one part of a choice in a single interval. */
export const partInFull = (choice: Choice): Part | undefined => {
  if (choice.kind === 'LOT') return choice;
  return choice.kind === 'LUMP' && choice.parts.length === 1 ? choice.parts[0] : undefined;
};

function choicesOf(richOrders: readonly RichOrder[]): Choice[] {
  const open = richOrders.filter((order): order is BlockOrder | DeferrableOrder => !isDivisible(order));
  const depthOf = depthsOf(open);
  let deferrals = 0;
  const deferralOf = new Map<number, number>();
  for (const order of richOrders) if (order.kind === 'DEFERRABLE') deferralOf.set(order.id, deferrals++);
  return open
    .toSorted((a, b) => depthOf.get(a.id)! - depthOf.get(b.id)! || a.id - b.id)
    .map((order): Choice => {
      if (order.kind === 'DEFERRABLE')
        return { kind: 'DEFERRED', id: order.id, order, deferral: deferralOf.get(order.id)! };
      return blockChoice(order);
    });
}

function blockChoice(order: BlockOrder): Choice {
  const parts = order.parts.map(({ interval, side, tick, wh }): Part => ({
    interval,
    sign: side === 'BUY' ? 1 : -1,
    tick,
    wh,
  }));
  const { id, leastUnits, mostUnits } = order;
  if (isOneWh(order)) return { kind: 'LOT', id, order, ...parts[0]!, least: leastUnits, most: mostUnits };
  return { kind: 'LUMP', id, order, parts, least: leastUnits, most: mostUnits };
}

function depthsOf(orders: readonly (BlockOrder | DeferrableOrder)[]): Map<number, number> {
  const byId = new Map(orders.map((order) => [order.id, order]));
  const depths = new Map<number, number>();
  for (const order of orders) {
    const chain: number[] = [];
    let at: BlockOrder | DeferrableOrder | undefined = order;
    for (; at && !depths.has(at.id); at = at.parent === undefined ? undefined : byId.get(at.parent)) chain.push(at.id);
    let depth = at ? depths.get(at.id)! + 1 : 0;
    for (const id of chain.toReversed()) depths.set(id, depth++);
  }
  return depths;
}

function highestTick({ intervals, richOrders }: Session): number {
  let highest = 0;
  for (const { book } of intervals)
    for (let i = 0; i < book.count; i++) highest = Math.max(highest, book.limit[i]! >>> 1);
  for (const order of richOrders) for (const { tick } of slotsIn(order)) highest = Math.max(highest, tick);
  return highest;
}

function divisibleByInterval(session: Session): Entry[][] {
  const found = session.intervals.map((): Entry[] => []);
  for (const order of session.richOrders.filter(isDivisible)) {
    if (order.kind === 'DEFERRABLE') continue;
    slotsIn(order).forEach(({ interval, side, tick }, slot) => {
      found[interval]!.push({
        limit: limitOf(side, tick),
        wh: mostIn(order, slot),
        member: order.member,
        id: order.id,
        slot,
      });
    });
  }
  return found;
}

function mostIn(order: Exclude<RichOrder, DeferrableOrder>, slot: number): number {
  if (order.kind === 'BLOCK') return order.mostUnits;
  if (order.kind === 'CURVE') return order.steps[slot]!.wh;
  return slot === 0 ? order.buy.wh : order.sell.wh;
}

/** All entries of one interval, by id, when these choices are accepted: what is always divisible, and lots beyond their minimum. */
export function entriesAt(
  { choices, lotsAt, divisibleAt }: Model,
  isAccepted: (i: number) => boolean,
  t: number,
): Entry[] {
  const lots = lotsAt[t]!.flatMap((i): Entry[] => {
    const choice = choices[i]!;
    if (choice.kind !== 'LOT' || !isAccepted(i) || choice.most === choice.least) return [];
    const { order, id, sign, tick, most, least } = choice;
    return [{ limit: limitOf(sign > 0 ? 'BUY' : 'SELL', tick), wh: most - least, member: order.member, id, slot: 0 }];
  });
  return [...divisibleAt[t]!, ...lots].sort((a, b) => a.id - b.id);
}

const limitOf = (side: Side, tick: number): number => 2 * tick + (side === 'SELL' ? 1 : 0);
