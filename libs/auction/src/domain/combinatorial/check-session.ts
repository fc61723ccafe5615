import { checkedPriceRule } from '../book/checked-rules.js';
import { mostMembers, mostTicks, mostWh } from '../book/book.js';
import type { BookColumns } from '../book/columns.js';
import { type Checked, type Refusal, type RefusalCode, taken } from '../refusal.js';
import {
  type BlockOrder,
  type CurveOrder,
  type DeferrableOrder,
  type RichOrder,
  type Session,
  type SessionRules,
  slotsIn,
  type StoragePair,
} from './session.js';

/** Below this, ticks times all energy stays under 2^53, so that every sum of the search is exact. */
export const mostSessionWh = 2 ** 40;
/** Four days of quarters: each interval keeps its whole price grid at hand. */
export const mostIntervals = 384;
export const mostRichOrders = 4096;
/** Parts, steps and intervals of windows of all rich orders together: a hundred that may wait a whole day. One node then takes a moment. */
export const mostSlots = 10_000;

type Fault = Refusal | undefined;

/** The session with its rich orders by id, or the first thing that is wrong with it. */
export function checkSession(session: Session, rules: SessionRules): Checked<Session> {
  const unreadable = rulesFault(rules) ?? shapeFault(session);
  if (unreadable) return { ok: false, refusal: unreadable };
  const richOrders = session.richOrders.toSorted((a, b) => a.id - b.id);
  const fault =
    intervalsFault(session) ??
    first(richOrders, (order) => orderFault(order, session)) ??
    slotsFault(richOrders) ??
    conditionsFault(richOrders) ??
    sizeFault(session);
  return fault ? { ok: false, refusal: fault } : taken({ intervals: session.intervals, richOrders });
}

const fault = (code: RefusalCode, at: string, why: string): Refusal => ({ code, at, why });
const isWhole = (value: number, least: number, most: number): boolean =>
  Number.isSafeInteger(value) && value >= least && value <= most;
const rangeFault = (at: string, value: number, least: number, most: number): Fault =>
  isWhole(value, least, most) ? undefined : fault('OUT_OF_RANGE', at, `a whole number from ${least} to ${most}`);

function first<T>(items: Iterable<T>, faultOf: (item: T) => Fault): Fault {
  for (const item of items) {
    const found = faultOf(item);
    if (found) return found;
  }
  return undefined;
}

const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null;
const isListOfRecords = (value: unknown): boolean => Array.isArray(value) && Array.from(value).every(isRecord);

/** What came from a file may lack anything. */
function shapeFault(session: Session): Fault {
  if (!isRecord(session)) return fault('MALFORMED', 'session', 'intervals and rich orders');
  const { intervals, richOrders } = session;
  if (!isListOfRecords(intervals)) return fault('MALFORMED', 'intervals', 'a list of intervals');
  if (!isListOfRecords(richOrders)) return fault('MALFORMED', 'richOrders', 'a list of orders');
  if (richOrders.length <= mostRichOrders) return undefined;
  return fault('TOO_MANY', 'richOrders', `at most ${mostRichOrders} rich orders`);
}

function rulesFault(rules: SessionRules): Fault {
  if (!isRecord(rules)) return fault('MALFORMED', 'rules', 'a price rule and a number of nodes');
  const { priceRule, mostNodes } = rules;
  const priced = checkedPriceRule(priceRule);
  if (!priced.ok) return fault(priced.refusal.code, 'rules.priceRule', priced.refusal.why);
  return rangeFault('rules.mostNodes', mostNodes, 1, 2 ** 31 - 1);
}

function intervalsFault({ intervals }: Session): Fault {
  if (intervals.length === 0) return fault('MALFORMED', 'intervals', 'at least one interval');
  if (intervals.length > mostIntervals) return fault('TOO_MANY', 'intervals', `at most ${mostIntervals} intervals`);
  return first(intervals.entries(), ([t, interval]) => {
    const at = `intervals[${t}]`;
    return rangeFault(`${at}.tieStart`, interval.tieStart, 0, Number.MAX_SAFE_INTEGER) ?? bookFault(at, interval.book);
  });
}

function slotsFault(richOrders: readonly RichOrder[]): Fault {
  const slots = richOrders.reduce((sum, order) => sum + slotsIn(order).length, 0);
  return slots > mostSlots
    ? fault('TOO_MANY', 'richOrders', `at most ${mostSlots} parts, steps and intervals of windows`)
    : undefined;
}

const areColumns = ({ count, member, limit, wh }: BookColumns): boolean =>
  Number.isSafeInteger(count) &&
  count >= 0 &&
  member instanceof Int32Array &&
  limit instanceof Uint16Array &&
  wh instanceof Int32Array &&
  Math.min(member.length, limit.length, wh.length) >= count;

function bookFault(at: string, book: BookColumns): Fault {
  if (!isRecord(book) || !areColumns(book)) {
    return fault('MALFORMED', `${at}.book`, 'one member, limit and energy for each order');
  }
  const { count, member, limit, wh } = book;
  for (let i = 0; i < count; i++) {
    if (limit[i]! >= 2 * mostTicks) return fault('OUT_OF_RANGE', `${at}.book.limit[${i}]`, 'a tick on the price grid');
    if (member[i]! < 0) return fault('OUT_OF_RANGE', `${at}.book.member[${i}]`, 'a member, not negative');
    if (wh[i]! < 1) return fault('OUT_OF_RANGE', `${at}.book.wh[${i}]`, 'at least 1 Wh');
    if (i > 0 && !inBookOrder(member, limit, wh, i)) {
      return fault('MALFORMED', `${at}.book[${i}]`, 'orders by member, limit and energy');
    }
  }
  return undefined;
}

function inBookOrder(member: Int32Array, limit: Uint16Array, wh: Int32Array, i: number): boolean {
  if (member[i] !== member[i - 1]) return member[i]! > member[i - 1]!;
  if (limit[i] !== limit[i - 1]) return limit[i]! > limit[i - 1]!;
  return wh[i]! >= wh[i - 1]!;
}

function orderFault(order: RichOrder, session: Session): Fault {
  const at = `richOrders[id ${order.id}]`;
  const common =
    rangeFault(`${at}.id`, order.id, 0, Number.MAX_SAFE_INTEGER) ??
    rangeFault(`${at}.member`, order.member, 0, mostMembers - 1);
  if (common) return common;
  const last = session.intervals.length - 1;
  switch (order.kind) {
    case 'BLOCK':
      return blockFault(at, order, last);
    case 'DEFERRABLE':
      return deferrableFault(at, order, last);
    case 'CURVE':
      return curveFault(at, order, last);
    case 'STORAGE':
      return storageFault(at, order, last);
    default:
      return fault('MALFORMED', `${at}.kind`, 'BLOCK, DEFERRABLE, CURVE or STORAGE');
  }
}

const whFault = (at: string, wh: number): Fault => rangeFault(at, wh, 1, Number(mostWh));
const tickFault = (at: string, tick: number): Fault => rangeFault(at, tick, 0, mostTicks - 1);
const sideFault = (at: string, side: string): Fault =>
  side === 'BUY' || side === 'SELL' ? undefined : fault('MALFORMED', at, 'BUY or SELL');

function blockFault(at: string, { parts, leastUnits, mostUnits }: BlockOrder, last: number): Fault {
  if (!isListOfRecords(parts) || parts.length === 0) return fault('MALFORMED', `${at}.parts`, 'at least one part');
  if (new Set(parts.map((part) => part.interval)).size < parts.length) {
    return fault('CONTRADICTION', `${at}.parts`, 'at most one part in an interval');
  }
  return (
    rangeFault(`${at}.mostUnits`, mostUnits, 1, Number(mostWh)) ??
    minimumFault(`${at}.leastUnits`, leastUnits, mostUnits) ??
    first(parts.entries(), ([i, { interval, side, tick, wh }]) => {
      const part = `${at}.parts[${i}]`;
      return (
        rangeFault(`${part}.interval`, interval, 0, last) ??
        sideFault(`${part}.side`, side) ??
        tickFault(`${part}.tick`, tick) ??
        whFault(`${part}.wh`, wh) ??
        whFault(`${part}.wh times mostUnits`, wh * mostUnits)
      );
    })
  );
}

const minimumFault = (at: string, least: number, most: number): Fault =>
  rangeFault(at, least, 0, Number(mostWh)) ??
  (least > most ? fault('CONTRADICTION', at, `a minimum of at most ${most}`) : undefined);

function deferrableFault(at: string, order: DeferrableOrder, last: number): Fault {
  const { fromInterval, untilInterval, tick, leastWh, mostWh: totalWh, mostWhPerInterval } = order;
  const range =
    rangeFault(`${at}.fromInterval`, fromInterval, 0, last) ??
    rangeFault(`${at}.untilInterval`, untilInterval, 0, last + 1);
  if (range) return range;
  if (untilInterval <= fromInterval)
    return fault('CONTRADICTION', `${at}.untilInterval`, 'an interval after the first');
  const amounts =
    tickFault(`${at}.tick`, tick) ??
    whFault(`${at}.mostWh`, totalWh) ??
    whFault(`${at}.mostWhPerInterval`, mostWhPerInterval) ??
    minimumFault(`${at}.leastWh`, leastWh, totalWh);
  if (amounts) return amounts;
  return leastWh > mostWhPerInterval * (untilInterval - fromInterval)
    ? fault('CONTRADICTION', `${at}.leastWh`, 'no more than its intervals may hold together')
    : undefined;
}

function curveFault(at: string, { interval, side, steps }: CurveOrder, last: number): Fault {
  if (!isListOfRecords(steps) || steps.length === 0) return fault('MALFORMED', `${at}.steps`, 'at least one step');
  const direction = side === 'BUY' ? -1 : 1;
  return (
    rangeFault(`${at}.interval`, interval, 0, last) ??
    sideFault(`${at}.side`, side) ??
    first(steps.entries(), ([i, { tick, wh }]) => {
      const step = `${at}.steps[${i}]`;
      const range = tickFault(`${step}.tick`, tick) ?? whFault(`${step}.wh`, wh);
      if (range) return range;
      return i > 0 && (tick - steps[i - 1]!.tick) * direction <= 0
        ? fault('CONTRADICTION', `${step}.tick`, side === 'BUY' ? 'below the step before' : 'above the step before')
        : undefined;
    })
  );
}

const storageFault = (at: string, { interval, buy, sell }: StoragePair, last: number): Fault =>
  (isRecord(buy) ? undefined : fault('MALFORMED', `${at}.buy`, 'a tick and an energy')) ??
  (isRecord(sell) ? undefined : fault('MALFORMED', `${at}.sell`, 'a tick and an energy')) ??
  rangeFault(`${at}.interval`, interval, 0, last) ??
  tickFault(`${at}.buy.tick`, buy.tick) ??
  whFault(`${at}.buy.wh`, buy.wh) ??
  tickFault(`${at}.sell.tick`, sell.tick) ??
  whFault(`${at}.sell.wh`, sell.wh) ??
  (buy.tick < sell.tick ? undefined : fault('CONTRADICTION', `${at}.buy.tick`, 'below the price at which it sells'));

const isConditional = (order: RichOrder): order is BlockOrder | DeferrableOrder =>
  order.kind === 'BLOCK' || order.kind === 'DEFERRABLE';

function conditionsFault(richOrders: readonly RichOrder[]): Fault {
  const byId = new Map(richOrders.map((order) => [order.id, order]));
  if (byId.size < richOrders.length) {
    const twice = richOrders.find((order, i) => richOrders[i + 1]?.id === order.id)!;
    return fault('DUPLICATE', `richOrders[id ${twice.id}]`, 'an id of its own');
  }
  return first(richOrders, (order) => parentFault(order, byId)) ?? cycleFault(richOrders, byId);
}

function parentFault(order: RichOrder, byId: ReadonlyMap<number, RichOrder>): Fault {
  if (!isConditional(order) || order.parent === undefined) return groupFault(order);
  const at = `richOrders[id ${order.id}].parent`;
  const parent = byId.get(order.parent);
  if (!parent) return fault('UNKNOWN_ORDER', at, 'the id of an order of this session');
  const hasMinimum = isConditional(parent) && (parent.kind === 'BLOCK' ? parent.leastUnits : parent.leastWh) > 0;
  return hasMinimum ? groupFault(order) : fault('CONTRADICTION', at, 'a block or deferrable order with a minimum');
}

const groupFault = (order: RichOrder): Fault =>
  isConditional(order) && order.group !== undefined
    ? rangeFault(`richOrders[id ${order.id}].group`, order.group, 0, Number.MAX_SAFE_INTEGER)
    : undefined;

/** Each order is walked over once: whoever leads to one that was walked before ends where that one does. */
function cycleFault(richOrders: readonly RichOrder[], byId: ReadonlyMap<number, RichOrder>): Fault {
  const walkFrom = new Map<number, number>();
  for (const { id: start } of richOrders) {
    let at: number | undefined = start;
    for (; at !== undefined && !walkFrom.has(at); at = parentOf(byId.get(at)!)) walkFrom.set(at, start);
    if (at !== undefined && walkFrom.get(at) === start) {
      return fault('CONTRADICTION', `richOrders[id ${at}].parent`, 'a chain of parents that ends');
    }
  }
  return undefined;
}

const parentOf = (order: RichOrder): number | undefined => (isConditional(order) ? order.parent : undefined);

function sizeFault(session: Session): Fault {
  let sessionWh = 0;
  for (const { book } of session.intervals) for (let i = 0; i < book.count; i++) sessionWh += book.wh[i]!;
  for (const order of session.richOrders) sessionWh += largestWh(order);
  return sessionWh < mostSessionWh ? undefined : fault('TOO_MANY', 'session', `less than ${mostSessionWh} Wh in all`);
}

function largestWh(order: RichOrder): number {
  switch (order.kind) {
    case 'BLOCK':
      return order.parts.reduce((sum, part) => sum + part.wh * order.mostUnits, 0);
    case 'DEFERRABLE':
      return order.mostWh;
    case 'CURVE':
      return order.steps.reduce((sum, step) => sum + step.wh, 0);
    case 'STORAGE':
      return order.buy.wh + order.sell.wh;
  }
}
