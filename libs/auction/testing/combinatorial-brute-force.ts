import { ordersOf } from '../src/domain/book/columns.js';
import type { BlockOrder, DeferrableOrder, RichOrder, Session } from '../src/domain/combinatorial/session.js';

/**
 * The best session clearing by trying everything: every number of units of every block, every place for every deferred Wh, every
 * price of every interval. Energy is dealt out as cards of 1 Wh. Only for tiny sessions.
 */
export interface Exhausted {
  /** Of the acceptances that some prices support. */
  readonly welfare: number;
  /** Of those, whether or not any prices support them. */
  readonly unsupportedWelfare: number;
}

export function exhaust(session: Session, ticks: number): Exhausted {
  const alone = session.intervals.map((_, t) => cardsOf(session, t));
  let welfare = -Infinity;
  let unsupportedWelfare = -Infinity;
  for (const acceptance of acceptances(session.richOrders)) {
    const best = bestWith(session, alone, acceptance);
    if (best === undefined) continue;
    unsupportedWelfare = Math.max(unsupportedWelfare, best);
    if (best > welfare && hasSupport(session, alone, acceptance, best, ticks)) welfare = best;
  }
  return { welfare, unsupportedWelfare };
}

interface Cards {
  readonly bids: readonly number[];
  readonly asks: readonly number[];
}

/** How many units of a block; for a deferrable 1 where it is accepted. Orders without a choice are not in it. */
type Acceptance = ReadonlyMap<number, number>;

const isConditional = (order: BlockOrder | DeferrableOrder): boolean =>
  order.parent !== undefined || order.group !== undefined;

function isChoice(order: RichOrder): boolean {
  if (order.kind === 'DEFERRABLE') return order.leastWh > 0 || isConditional(order);
  return order.kind === 'BLOCK' && (isLumpy(order) || order.leastUnits > 0 || isConditional(order));
}

const isChosen = (order: RichOrder): order is BlockOrder | DeferrableOrder => isChoice(order);
const isLumpy = (order: BlockOrder): boolean => order.parts.length > 1 || order.parts[0]!.wh > 1;

function acceptances(richOrders: readonly RichOrder[]): Acceptance[] {
  let all: Map<number, number>[] = [new Map()];
  for (const order of richOrders.filter(isChosen)) {
    const amounts = [0];
    if (order.kind === 'BLOCK' && isLumpy(order)) {
      for (let units = Math.max(1, order.leastUnits); units <= order.mostUnits; units++) amounts.push(units);
    } else amounts.push(1);
    all = all.flatMap((each) => amounts.map((amount) => new Map(each).set(order.id, amount)));
  }
  return all.filter((each) => isAllowed(each, richOrders.filter(isChosen)));
}

function isAllowed(acceptance: Acceptance, choices: readonly (BlockOrder | DeferrableOrder)[]): boolean {
  const taken = choices.filter(({ id }) => acceptance.get(id)! > 0);
  const groups = taken.flatMap(({ group }) => (group === undefined ? [] : [group]));
  return (
    new Set(groups).size === groups.length &&
    taken.every(({ parent }) => parent === undefined || acceptance.get(parent)! > 0)
  );
}

/** Cards of all that is always taken in part: plain orders, curves, storage, blocks by the Wh without a minimum. */
function cardsOf({ intervals, richOrders }: Session, t: number): Cards {
  const bids: number[] = [];
  const asks: number[] = [];
  const deal = (side: 'BUY' | 'SELL', tick: number, wh: number): void => {
    for (let i = 0; i < wh; i++) (side === 'BUY' ? bids : asks).push(tick);
  };
  for (const { side, tick, energyWh } of ordersOf(intervals[t]!.book)) deal(side, tick, Number(energyWh));
  for (const order of richOrders) {
    if (order.kind === 'BLOCK') {
      const part = order.parts[0]!;
      if (!isChoice(order) && part.interval === t) deal(part.side, part.tick, order.mostUnits);
    } else if (order.kind !== 'DEFERRABLE' && order.interval === t) {
      if (order.kind === 'CURVE') for (const { tick, wh } of order.steps) deal(order.side, tick, wh);
      else {
        deal('BUY', order.buy.tick, order.buy.wh);
        deal('SELL', order.sell.tick, order.sell.wh);
      }
    }
  }
  return { bids, asks };
}

interface Fixed {
  readonly demandWh: number[];
  readonly worth: number;
  readonly cards: readonly Cards[];
}

/** Fixed energy of accepted blocks, and the cards with what accepted ones may take in part. */
function fixedBy(session: Session, alone: readonly Cards[], acceptance: Acceptance): Fixed {
  const demandWh = alone.map(() => 0);
  const cards = alone.map(({ bids, asks }) => ({ bids: [...bids], asks: [...asks] }));
  let worth = 0;
  for (const order of session.richOrders) {
    const units = acceptance.get(order.id) ?? 0;
    if (order.kind !== 'BLOCK' || units === 0) continue;
    const fixedUnits = isLumpy(order) ? units : order.leastUnits;
    for (const { interval, side, tick, wh } of order.parts) {
      const sign = side === 'BUY' ? 1 : -1;
      demandWh[interval]! += sign * wh * fixedUnits;
      worth += sign * tick * wh * fixedUnits;
      const partial = isLumpy(order) ? 0 : order.mostUnits - order.leastUnits;
      for (let i = 0; i < partial; i++) (sign > 0 ? cards[interval]!.bids : cards[interval]!.asks).push(tick);
    }
  }
  return { demandWh, worth, cards };
}

function bestWith(session: Session, alone: readonly Cards[], acceptance: Acceptance): number | undefined {
  const { demandWh, worth, cards } = fixedBy(session, alone, acceptance);
  const worthOf = cards.map((each) => worthByDemand(each));
  let best: number | undefined;
  const deferrals = session.richOrders.filter((order): order is DeferrableOrder => order.kind === 'DEFERRABLE');
  const place = (d: number, t: number, gotWh: number, soFar: number): void => {
    const order = deferrals[d];
    if (!order) {
      let sum = soFar;
      for (let i = 0; i < demandWh.length; i++) sum += worthOf[i]!(demandWh[i]!);
      if (sum > -Infinity) best = Math.max(best ?? -Infinity, sum);
      return;
    }
    const isTaken = !isChoice(order) || acceptance.get(order.id)! > 0;
    if (!isTaken) return place(d + 1, deferrals[d + 1]?.fromInterval ?? 0, 0, soFar);
    if (t === order.untilInterval) {
      if (gotWh >= (isChoice(order) ? order.leastWh : 0))
        place(d + 1, deferrals[d + 1]?.fromInterval ?? 0, 0, soFar + gotWh * order.tick);
      return;
    }
    for (let wh = 0; wh <= Math.min(order.mostWhPerInterval, order.mostWh - gotWh); wh++) {
      demandWh[t]! += wh;
      place(d, t + 1, gotWh + wh, soFar);
      demandWh[t]! -= wh;
    }
  };
  place(0, deferrals[0]?.fromInterval ?? 0, 0, worth);
  return best;
}

/** The best the cards of an interval are worth when so many more asks than bids must be played. */
function worthByDemand({ bids, asks }: Cards): (demandWh: number) => number {
  const dearest = bids.toSorted((a, b) => b - a);
  const cheapest = asks.toSorted((a, b) => a - b);
  const known = new Map<number, number>();
  return (demandWh) => {
    const before = known.get(demandWh);
    if (before !== undefined) return before;
    let best = -Infinity;
    let sum = 0;
    let played = 0;
    for (let bought = 0; bought <= dearest.length; bought++) {
      const sold = bought + demandWh;
      if (sold > cheapest.length) break;
      while (played < sold) sum -= cheapest[played++]!;
      if (sold >= 0) best = Math.max(best, sum);
      sum += dearest[bought] ?? 0;
    }
    known.set(demandWh, best);
    return best;
  };
}

/** Whether at some prices nobody who may be filled in part wants to trade more or less, and nobody accepted loses. */
function hasSupport(
  session: Session,
  alone: readonly Cards[],
  acceptance: Acceptance,
  best: number,
  ticks: number,
): boolean {
  const { cards } = fixedBy(session, alone, acceptance);
  const worthAt = cards.map(({ bids, asks }) =>
    Array.from({ length: ticks }, (_, p) => {
      let worth = 0;
      for (const bid of bids) worth += Math.max(0, bid - p);
      for (const ask of asks) worth += Math.max(0, p - ask);
      return worth;
    }),
  );
  const prices = cards.map(() => 0);
  const tryFrom = (t: number, soFar: number): boolean => {
    if (t < prices.length) {
      for (prices[t] = 0; prices[t]! < ticks; prices[t]!++)
        if (tryFrom(t + 1, soFar + worthAt[t]![prices[t]!]!)) return true;
      return false;
    }
    const gains = session.richOrders.map((order) => gainAt(order, acceptance, prices));
    return (
      gains.every((gain) => gain >= 0) &&
      soFar + fixedGain(session, acceptance, prices) + deferredGain(session, acceptance, prices) === best
    );
  };
  return tryFrom(0, 0);
}

function gainPerUnit(order: BlockOrder, prices: readonly number[]): number {
  let gain = 0;
  for (const { interval, side, tick, wh } of order.parts)
    gain += (side === 'BUY' ? tick - prices[interval]! : prices[interval]! - tick) * wh;
  return gain;
}

function fixedGain({ richOrders }: Session, acceptance: Acceptance, prices: readonly number[]): number {
  let sum = 0;
  for (const order of richOrders) {
    const units = acceptance.get(order.id) ?? 0;
    if (order.kind === 'BLOCK' && units > 0)
      sum += gainPerUnit(order, prices) * (isLumpy(order) ? units : order.leastUnits);
  }
  return sum;
}

function deferredGain({ richOrders }: Session, acceptance: Acceptance, prices: readonly number[]): number {
  let sum = 0;
  for (const order of richOrders) {
    if (order.kind !== 'DEFERRABLE' || (isChoice(order) && acceptance.get(order.id) === 0)) continue;
    sum += waitingGain(order, isChoice(order) ? order.leastWh : 0, prices);
  }
  return sum;
}

function waitingGain(order: DeferrableOrder, leastWh: number, prices: readonly number[]): number {
  const places = prices
    .slice(order.fromInterval, order.untilInterval)
    .flatMap((p) => Array.from({ length: order.mostWhPerInterval }, () => order.tick - p));
  const best = places.sort((a, b) => b - a).slice(0, order.mostWh);
  return best.reduce((sum, gain, i) => sum + (gain > 0 || i < leastWh ? gain : 0), 0);
}

/** What an accepted order that might lose gains at the prices. */
function gainAt(order: RichOrder, acceptance: Acceptance, prices: readonly number[]): number {
  if ((acceptance.get(order.id) ?? 0) === 0) return 0;
  if (order.kind === 'DEFERRABLE') return waitingGain(order, order.leastWh, prices);
  if (order.kind !== 'BLOCK' || (!isLumpy(order) && order.leastUnits === 0)) return 0;
  return gainPerUnit(order, prices);
}
