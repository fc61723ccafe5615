import { cheapestTick, surplusAt, wantedAt } from './offer.js';
import type { Position } from './position.js';

/** A Wh that must be bought is worth more than any price. */
const must = Infinity;

interface Flow {
  readonly position: Position;
  /** What each interval's curve gives already; it grows. */
  readonly demandWh: Float64Array;
  readonly deferredWh: readonly Float64Array[];
  /** The deferrals that bought in each interval, by place. */
  readonly buyersAt: readonly number[][];
  /** The price of the next Wh in each interval; unknown until asked for, or once changed. */
  readonly nextTick: Int32Array;
  /** The price of the last Wh taken in each interval; likewise. */
  readonly lastTick: Int32Array;
  /** The intervals reached in the search for a path, in that order, and the last move on the way to each. */
  readonly reached: Int32Array;
  readonly movedBy: Int32Array;
  readonly movedFrom: Int32Array;
  /** The search in which each deferral's window was last walked: a second walk would find nothing new. */
  readonly walkedIn: Int32Array;
  searches: number;
}

const unknown = -2;
const nowhere = -1;

/**
 * Buys the deferrals where they come cheapest, adds them to `demandWh`, and returns them; undefined where a minimum cannot be met.
 * It is a flow from orders to intervals, grown along cheapest paths: what must be bought first, then by limit, dearest first,
 * equal ones by id; a path may move what an earlier order bought into another interval of its window. Grown so, it is a
 * largest-welfare flow at every step, in whole Wh. At a gain of nothing an order takes what no bid wants, and displaces nobody.
 */
export function deferInto(position: Position, demandWh: Float64Array): Float64Array[] | undefined {
  const { deferrals } = position.model;
  if (deferrals.length === 0) return [];
  const deferredWh = deferrals.map(({ order }) => new Float64Array(order.untilInterval - order.fromInterval));
  const intervals = demandWh.length;
  const flow: Flow = {
    position,
    demandWh,
    deferredWh,
    buyersAt: Array.from(demandWh, (): number[] => []),
    nextTick: new Int32Array(intervals).fill(unknown),
    lastTick: new Int32Array(intervals).fill(unknown),
    reached: new Int32Array(intervals),
    movedBy: new Int32Array(intervals),
    movedFrom: new Int32Array(intervals),
    walkedIn: new Int32Array(deferrals.length),
    searches: 0,
  };
  const places = [...deferrals.keys()];
  for (const d of places) {
    if (buy(flow, d, position.leastWh[d]!, must) < position.leastWh[d]!) return undefined;
  }
  const limitOf = (d: number): number => deferrals[d]!.order.tick;
  for (const d of places.sort((a, b) => limitOf(b) - limitOf(a) || a - b)) {
    buy(flow, d, position.mostWh[d]! - position.leastWh[d]!, limitOf(d));
  }
  return deferredWh;
}

/** Buys up to `wh` more for one deferral, each path as far as it goes; how much it got. */
function buy(flow: Flow, d: number, wh: number, limit: number): number {
  let bought = 0;
  let reached = reach(flow, d, limit);
  while (bought < wh) {
    const interval = cheapestWithin(flow, reached.count, limit);
    if (interval === undefined ? reached.upTo !== Infinity : nextTick(flow, interval) > reached.upTo) {
      reached = reach(flow, d, limit);
      continue;
    }
    if (interval === undefined) return bought;
    const roomWh = roomOnTheWay(flow, interval);
    const step = Math.min(wh - bought, onOffer(flow, interval, limit), roomWh);
    const isDirect = flow.movedFrom[interval] === nowhere;
    for (let t = interval; t !== nowhere; t = flow.movedFrom[t]!) {
      add(flow, flow.movedBy[t]!, t, step);
      if (flow.movedFrom[t] !== nowhere) add(flow, flow.movedBy[t]!, flow.movedFrom[t]!, -step);
    }
    flow.demandWh[interval]! += step;
    flow.nextTick[interval] = flow.lastTick[interval] = unknown;
    bought += step;
    // What can be reached changes only where others moved or room ran out.
    if (!isDirect || step === roomWh) reached = reach(flow, d, limit);
  }
  return bought;
}

interface Reached {
  readonly count: number;
  /** No interval that was not reached, but could be, has its next Wh at this price or under it. */
  readonly upTo: number;
}

/**
 * The intervals the order can draw from, nearest first: those of its window with room, and those into which an order that bought
 * in a reached one could move. Whoever would leave an interval whose last Wh costs more than the cheapest of the window's next is not
 * followed: what was bought before was bought where it is cheapest, so its ways lead to nothing cheaper than what it would leave.
 */
function reach(flow: Flow, d: number, limit: number): Reached {
  const { deferrals } = flow.position.model;
  const intervals = flow.movedBy.length;
  const search = ++flow.searches;
  let count = 0;
  flow.movedBy.fill(nowhere);
  const walk = (deferral: number, from: number): void => {
    flow.walkedIn[deferral] = search;
    const { fromInterval, untilInterval } = deferrals[deferral]!.order;
    for (let to = fromInterval; to < untilInterval; to++) {
      if (flow.movedBy[to] !== nowhere || roomFor(flow, deferral, to) === 0) continue;
      flow.movedBy[to] = deferral;
      flow.movedFrom[to] = from;
      flow.reached[count++] = to;
    }
  };
  walk(d, nowhere);
  const cheapest = cheapestWithin(flow, count, limit);
  const upTo = cheapest === undefined ? Infinity : nextTick(flow, cheapest);
  for (let i = 0; i < count && count < intervals; i++) {
    const t = flow.reached[i]!;
    if (lastTick(flow, t) > upTo) continue;
    for (const other of flow.buyersAt[t]!) if (flow.walkedIn[other] !== search) walk(other, t);
  }
  return { count, upTo };
}

/** Of the intervals reached the one whose next Wh is cheapest, of equal ones the earliest; none beyond the limit. */
function cheapestWithin(flow: Flow, count: number, limit: number): number | undefined {
  let cheapest: number | undefined;
  for (let i = 0; i < count; i++) {
    const t = flow.reached[i]!;
    const tick = nextTick(flow, t);
    if (tick > limit) continue;
    if (cheapest !== undefined) {
      const best = nextTick(flow, cheapest);
      if (tick > best || (tick === best && t > cheapest)) continue;
    }
    if (onOffer(flow, t, limit) > 0) cheapest = t;
  }
  return cheapest;
}

/** How much can be moved along the way to an interval: what the orders on it have where they leave, and room where they go. */
function roomOnTheWay(flow: Flow, interval: number): number {
  let wh = Infinity;
  for (let t = interval; t !== nowhere; t = flow.movedFrom[t]!) {
    const by = flow.movedBy[t]!;
    wh = Math.min(wh, roomFor(flow, by, t));
    if (flow.movedFrom[t] !== nowhere) wh = Math.min(wh, deferred(flow, by, flow.movedFrom[t]!));
  }
  return wh;
}

/** What the interval offers at its next price to an order with this limit. */
function onOffer(flow: Flow, t: number, limit: number): number {
  const { position, demandWh } = flow;
  const tick = nextTick(flow, t);
  if (tick > limit) return 0;
  const offeredWh = surplusAt(position, t, tick + 1) - demandWh[t]!;
  const wantedThereWh = tick === limit ? wantedAt(position, t, tick) - wantedAt(position, t, tick + 1) : 0;
  return Math.max(0, offeredWh - wantedThereWh);
}

function nextTick(flow: Flow, t: number): number {
  if (flow.nextTick[t] === unknown) flow.nextTick[t] = cheapestTick(flow.position, t, flow.demandWh[t]! + 1);
  return flow.nextTick[t]!;
}

function lastTick(flow: Flow, t: number): number {
  if (flow.lastTick[t] === unknown) flow.lastTick[t] = cheapestTick(flow.position, t, flow.demandWh[t]!);
  return flow.lastTick[t]!;
}

const slotOf = ({ position }: Flow, d: number, t: number): number =>
  t - position.model.deferrals[d]!.order.fromInterval;
const deferred = (flow: Flow, d: number, t: number): number => flow.deferredWh[d]![slotOf(flow, d, t)]!;
const roomFor = (flow: Flow, d: number, t: number): number =>
  flow.position.model.deferrals[d]!.order.mostWhPerInterval - deferred(flow, d, t);

function add(flow: Flow, d: number, t: number, wh: number): void {
  const whIn = flow.deferredWh[d]!;
  const slot = slotOf(flow, d, t);
  const buyers = flow.buyersAt[t]!;
  if (whIn[slot] === 0) buyers.splice(buyers.filter((buyer) => buyer < d).length, 0, d);
  whIn[slot]! += wh;
  if (whIn[slot] === 0) buyers.splice(buyers.indexOf(d), 1);
}
