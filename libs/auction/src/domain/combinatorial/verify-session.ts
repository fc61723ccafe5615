import { holdersOf, type Units } from './acceptance.js';
import { boundAt } from './bound.js';
import { checkSession } from './check-session.js';
import { type Fills, fillsOf, type Margins, marginsOf } from './fills.js';
import { type Choice, entriesAt, type Entry, type Model, modelOf } from './model.js';
import { paradoxicallyRejected } from './paradox.js';
import { gainPerUnit, nothingDecided } from './position.js';
import { type Ranges, type Tie, tiedRanges, tieOf } from './price-ranges.js';
import { choosePrices, type Holder } from './prices.js';
import {
  isFilled,
  type RichFill,
  type RichOrder,
  type Session,
  type SessionClearing,
  type SessionInterval,
  type SessionRules,
  slotsIn,
} from './session.js';
import { sharedMarginTicks } from './shared-margin.js';

type Flaw = string | undefined;

/**
 * What is wrong with the clearing of a session, or undefined. Nothing of the search is taken on trust: from the fills alone follow the
 * limits between which the prices lie, the prices themselves, the welfare and the bound; only whether the search could have gone on is
 * left to a replay. That nothing better was to be had is what the gap says, and the gap is checked.
 */
export function verifySession(given: Session, rules: SessionRules, clearing: SessionClearing): Flaw {
  const checked = checkSession(given, rules);
  if (!checked.ok) return `the session is not one: ${checked.refusal.at}: ${checked.refusal.why}`;
  const session = checked.value;
  const flaw = shapeFlaw(session, rules, clearing) ?? richFlaw(session, clearing) ?? balanceFlaw(session, clearing);
  if (flaw) return flaw;

  const model = modelOf(session);
  const units = unitsOf(model, clearing);
  const books = session.intervals.map((_, t) => filledBook(session, model, units, clearing, t));
  return (
    books.map(bookFlaw).find((each) => each !== undefined) ??
    pricesFlaw(rules, clearing, model, units, books) ??
    sumsFlaw(session, clearing, model)
  );
}

/** A clearing from elsewhere may lack anything. */
function shapeFlaw({ intervals, richOrders }: Session, { mostNodes }: SessionRules, clearing: SessionClearing): Flaw {
  if (!isListOf(clearing?.intervals, intervals.length)) return 'there is not one result for each interval';
  const isEachPlain = intervals.every(({ book }, t) => {
    const fillsWh = clearing.intervals[t]?.fillsWh;
    return fillsWh instanceof Int32Array && fillsWh.length === book.count;
  });
  if (!isEachPlain) return 'there is not one fill for each plain order';
  const isEachRich = richOrders.every((order, i) => {
    const fill = clearing.richFills?.[i];
    return fill?.id === order.id && isListOf(fill.fillsWh, slotsIn(order).length);
  });
  if (!isListOf(clearing.richFills, richOrders.length) || !isEachRich)
    return 'there is not one result for each rich order, by id';
  if (!Array.isArray(clearing.paradoxicallyRejected)) return 'there is no list of those rejected against the prices';
  const { nodes, reachedLimit } = clearing;
  if (!Number.isSafeInteger(nodes) || nodes < 1 || nodes > mostNodes || (reachedLimit && nodes < mostNodes)) {
    return 'the search did not keep to its nodes';
  }
  return undefined;
}

const isListOf = (items: unknown, count: number): boolean => Array.isArray(items) && items.length === count;

/** Each rich order by itself, then links and groups. */
function richFlaw({ richOrders }: Session, { richFills }: SessionClearing): Flaw {
  for (const [i, order] of richOrders.entries()) {
    const { fillsWh, isAccepted } = richFills[i]!;
    if (!Array.from(fillsWh).every((wh) => Number.isSafeInteger(wh) && wh >= 0))
      return `order ${order.id} has a fill that is no energy`;
    if (isAccepted !== isFilled(fillsWh))
      return `order ${order.id} is ${isAccepted ? 'accepted and got nothing' : 'rejected and filled'}`;
    const flaw = isAccepted ? amountFlaw(order, fillsWh) : undefined;
    if (flaw) return `order ${order.id} ${flaw}`;
  }
  const acceptedIds = new Set(richFills.filter(({ isAccepted }) => isAccepted).map(({ id }) => id));
  const groups = new Set<number>();
  for (const order of richOrders) {
    if (!acceptedIds.has(order.id) || order.kind === 'CURVE' || order.kind === 'STORAGE') continue;
    if (order.parent !== undefined && !acceptedIds.has(order.parent))
      return `order ${order.id} is accepted without its parent`;
    if (order.group === undefined) continue;
    if (groups.has(order.group)) return `two orders of group ${order.group} are accepted`;
    groups.add(order.group);
  }
  return undefined;
}

function amountFlaw(order: RichOrder, fillsWh: readonly number[]): Flaw {
  switch (order.kind) {
    case 'BLOCK': {
      const units = fillsWh[0]! / order.parts[0]!.wh;
      if (order.parts.some(({ wh }, slot) => wh * units !== fillsWh[slot])) return 'is not filled in whole units';
      return Number.isSafeInteger(units) && units >= order.leastUnits && units <= order.mostUnits
        ? undefined
        : 'is not filled between its least and its most units';
    }
    case 'DEFERRABLE': {
      const totalWh = fillsWh.reduce((sum, wh) => sum + wh, 0);
      if (fillsWh.some((wh) => wh > order.mostWhPerInterval)) return 'bought too much in one interval';
      return totalWh >= order.leastWh && totalWh <= order.mostWh
        ? undefined
        : 'is not filled between its least and its most';
    }
    case 'CURVE':
      return order.steps.some(({ wh }, slot) => fillsWh[slot]! > wh) ? 'is filled beyond a step' : undefined;
    case 'STORAGE':
      if (fillsWh[0]! > 0 && fillsWh[1]! > 0) return 'buys and sells at once';
      return fillsWh[0]! > order.buy.wh || fillsWh[1]! > order.sell.wh ? 'is filled beyond its size' : undefined;
  }
}

function balanceFlaw({ intervals, richOrders }: Session, clearing: SessionClearing): Flaw {
  const boughtWh = intervals.map(() => 0);
  const soldWh = intervals.map(() => 0);
  for (const [t, { book }] of intervals.entries()) {
    for (let i = 0; i < book.count; i++) {
      const wh = clearing.intervals[t]!.fillsWh[i]!;
      if (wh < 0 || wh > book.wh[i]!) return `interval ${t}: a fill is not between nothing and the whole order`;
      if ((book.limit[i]! & 1) === 0) boughtWh[t]! += wh;
      else soldWh[t]! += wh;
    }
  }
  for (const [i, order] of richOrders.entries()) {
    slotsIn(order).forEach(({ interval, side }, slot) => {
      (side === 'BUY' ? boughtWh : soldWh)[interval]! += clearing.richFills[i]!.fillsWh[slot]!;
    });
  }
  const odd = clearing.intervals.findIndex(({ volumeWh }, t) => boughtWh[t] !== volumeWh || soldWh[t] !== volumeWh);
  return odd < 0 ? undefined : `interval ${odd}: bought, sold and volume are not the same`;
}

function unitsOf(model: Model, clearing: SessionClearing): Units {
  const fillOf = fillsById(clearing);
  return Float64Array.from(model.choices, (choice) => {
    const { isAccepted, fillsWh } = fillOf.get(choice.id)!;
    if (!isAccepted) return 0;
    return choice.kind === 'LUMP' ? fillsWh[0]! / choice.parts[0]!.wh : 1;
  });
}

interface FilledBook {
  readonly interval: SessionInterval;
  readonly entries: readonly Entry[];
  readonly fills: Fills;
}

/** The interval's book with the fills beyond the minimums, as its margins were split. */
function filledBook(session: Session, model: Model, units: Units, clearing: SessionClearing, t: number): FilledBook {
  const least = new Map(model.lotsAt[t]!.map((i) => [model.choices[i]!.id, leastOf(model.choices[i]!)]));
  const entries = entriesAt(model, (i) => units[i]! > 0, t);
  const fillOf = fillsById(clearing);
  const richWh = entries.map(({ id, slot }) => fillOf.get(id)!.fillsWh[slot]! - (least.get(id) ?? 0));
  return { interval: session.intervals[t]!, entries, fills: { plainWh: clearing.intervals[t]!.fillsWh, richWh } };
}

const leastOf = (choice: Choice): number => (choice.kind === 'LOT' ? choice.least : 0);
const fillsById = ({ richFills }: SessionClearing): Map<number, RichFill> =>
  new Map(richFills.map((fill) => [fill.id, fill]));

/** Whether nobody left over could trade, and better limits went first and the last ones pro rata. */
function bookFlaw({ interval: { book, tieStart }, entries, fills }: FilledBook, t: number): Flaw {
  const { bestBidLeftTick, bestAskLeftTick } = marginsOf(book, entries, fills);
  if (bestBidLeftTick !== undefined && bestAskLeftTick !== undefined && bestBidLeftTick >= bestAskLeftTick) {
    return `interval ${t}: a buyer and a seller who could trade are both left over`;
  }
  const tradedWh = [0, 0];
  for (let i = 0; i < book.count; i++) tradedWh[book.limit[i]! & 1]! += fills.plainWh[i]!;
  entries.forEach(({ limit }, i) => (tradedWh[limit & 1]! += fills.richWh[i]!));
  const split = fillsOf(book, entries, tradedWh[0]!, tradedWh[1]!, tieStart);
  const isSplit =
    split.plainWh.every((wh, i) => wh === fills.plainWh[i]) && split.richWh.every((wh, i) => wh === fills.richWh[i]);
  return isSplit ? undefined : `interval ${t}: a fill is not the one that the rules give`;
}

function pricesFlaw(
  { priceRule }: SessionRules,
  clearing: SessionClearing,
  model: Model,
  units: Units,
  books: readonly FilledBook[],
): Flaw {
  const margins = books.map(({ interval, entries, fills }) => marginsOf(interval.book, entries, fills));
  const fillOf = fillsById(clearing);
  const deferredWh = model.deferrals.map(({ order }) => Float64Array.from(fillOf.get(order.id)!.fillsWh));
  const ties = tiesBetween(model, units, deferredWh);
  const ranges = tiedRanges(rangesOf(margins, model.topTick), ties);
  const empty = ranges.lowTick.findIndex((low, t) => low > ranges.highTick[t]!);
  if (empty >= 0) return `interval ${empty}: no price suits everybody who may be filled in part`;

  const holders = holdersOf(model, units, deferredWh);
  const { priceTick, losers } = choosePrices(ranges, holders, ties);
  if (losers.length > 0) return `order ${losers[0]!.id} is accepted and loses`;
  const demanded =
    priceRule === 'EQUILIBRIUM' ? priceTick : sharedMarginTicks({ ...ranges, priceTick }, margins, holders, ties);
  for (const [t, { priceTick: published, volumeWh }] of clearing.intervals.entries()) {
    if (published !== (volumeWh > 0 ? demanded[t] : undefined))
      return `interval ${t}: the price is not the one that the rule names`;
  }
  return loserFlaw(holders, demanded);
}

/** From the fills alone: above whoever sold and whoever still bids, below whoever bought and whoever still asks. */
const rangesOf = (margins: readonly Margins[], topTick: number): Ranges => ({
  lowTick: Int32Array.from(margins, (each) => Math.max(0, each.lastAskTick ?? 0, each.bestBidLeftTick ?? 0)),
  highTick: Int32Array.from(margins, (each) =>
    Math.min(topTick, each.lastBidTick ?? topTick, each.bestAskLeftTick ?? topTick),
  ),
});

const tiesBetween = ({ deferrals }: Model, units: Units, deferredWh: readonly Float64Array[]): Tie[] =>
  deferrals.flatMap((deferral, d) => {
    const { choice, order } = deferral;
    if (choice >= 0 && units[choice] === 0) return [];
    return [tieOf(deferral, choice < 0 ? 0 : order.leastWh, order.mostWh, deferredWh[d]!)];
  });

function loserFlaw(holders: readonly Holder[], priceTick: Int32Array): Flaw {
  const loser = holders.find(({ parts }) => gainPerUnit(parts, priceTick) < 0);
  return loser && `order ${loser.id} is accepted and loses at the published prices`;
}

function sumsFlaw(session: Session, clearing: SessionClearing, model: Model): Flaw {
  if (clearing.welfare !== welfareOf(session, clearing)) return 'the welfare is not what the fills are worth';
  const boundTick = Int32Array.from(clearing.intervals, (interval) => interval.boundTick);
  if (
    clearing.intervals.some(
      (interval, t) => interval.boundTick !== boundTick[t] || boundTick[t]! < 0 || boundTick[t]! > model.topTick,
    )
  ) {
    return 'a price of the bound is not on the grid';
  }
  if (clearing.bound !== BigInt(boundAt(model, nothingDecided(model), boundTick)))
    return 'the bound is not what its prices prove';
  if (clearing.gap !== clearing.bound - clearing.welfare) return 'the gap is not the bound less the welfare';
  const prices = Int32Array.from(clearing.intervals, ({ priceTick }) => priceTick ?? -1);
  const listed = paradoxicallyRejected(session, clearing.richFills, prices);
  const given = clearing.paradoxicallyRejected;
  return listed.length === given.length && listed.every((id, i) => id === given[i])
    ? undefined
    : 'those rejected against the prices are not the ones listed';
}

function welfareOf(session: Session, { intervals, richFills }: SessionClearing): bigint {
  let welfare = 0n;
  const add = (isBuy: boolean, tick: number, wh: number): void => {
    welfare += BigInt(isBuy ? tick : -tick) * BigInt(wh);
  };
  session.intervals.forEach(({ book }, t) => {
    for (let i = 0; i < book.count; i++)
      add((book.limit[i]! & 1) === 0, book.limit[i]! >>> 1, intervals[t]!.fillsWh[i]!);
  });
  session.richOrders.forEach((order, i) => {
    slotsIn(order).forEach(({ side, tick }, slot) => add(side === 'BUY', tick, richFills[i]!.fillsWh[slot]!));
  });
  return welfare;
}
