import type { ClearingRules, PriceRule } from '../book/clearing.js';
import { type BookColumns, type ClearingColumns, sideOf, tickOf } from '../book/columns.js';
import type { Side } from '../book/book.js';
import { BadInput } from '../bad-input.js';
import { invariant } from '../invariant.js';
import { isBetterBy, wantsNoMore } from './limits.js';
import { explainShare, type Share } from './explain-share.js';

/** Why an order got what it got, at this price. Codes and numbers: the words are the screen's. */
export type OrderExplanation = FilledWhole | SharedMargin | LeftOver | NothingTraded;

interface OwnOrder {
  readonly side: Side;
  readonly limitTick: number;
  readonly energyWh: number;
  readonly fillWh: number;
}

interface Priced extends OwnOrder {
  readonly priceTick: number;
  readonly price: PriceOrigin;
  /** How much better than its limit the price is for the order; negative beyond the limit. */
  readonly gainTicks: number;
}

/** All of it: its limit is better than the last one matched on its side, or that one was matched whole. */
export interface FilledWhole extends Priced {
  readonly kind: 'FILLED';
  /** How much better its limit is than the last one matched on its side. */
  readonly aheadTicks: number;
}

/** Its limit is the last one matched on its side, where there was not enough for all. */
export interface SharedMargin extends Priced {
  readonly kind: 'SHARED';
  readonly share: Share;
}

/**
 * Nothing. `BEYOND_PRICE`: its limit does not accept the price. `OUTRANKED`: it does, but better limits of its side took
 * all that the other side had.
 */
export interface LeftOver extends Priced {
  readonly kind: 'BEYOND_PRICE' | 'OUTRANKED';
  /** How far its limit is from the last one matched on its side. */
  readonly shortTicks: number;
}

/** No two orders of the book agree. */
export interface NothingTraded extends OwnOrder {
  readonly kind: 'NOTHING_TRADED';
  /** The best order of the other side and how far its limit is; undefined where there is none. */
  readonly nearest: { readonly order: number; readonly shortTicks: number } | undefined;
}

/** The price lies in the middle between the limits of these two orders, rounded down to the tick. */
export interface PriceOrigin {
  readonly rule: PriceRule;
  readonly low: PriceEnd;
  readonly high: PriceEnd;
}

/**
 * The first order in the book that holds the price where it is: one at the last limit matched on its side, or one
 * that was left over and would trade if the price went past its limit.
 */
export interface PriceEnd {
  readonly order: number;
  readonly tick: number;
  readonly because: 'LAST_ASK' | 'LAST_BID' | 'BID_LEFT_OVER' | 'ASK_LEFT_OVER';
}

/** Explains order `i` of a clearing that is without a flaw. One reading of the book. */
export function explainOrder(
  book: BookColumns,
  clearing: ClearingColumns,
  rules: ClearingRules,
  i: number,
): OrderExplanation {
  if (!Number.isInteger(i) || i < 0 || i >= book.count)
    throw new BadInput({ code: 'UNKNOWN_ORDER', at: i, why: `an order of the book, from 0 to ${book.count - 1}` });
  const limit = book.limit[i]!;
  const own: OwnOrder = {
    side: sideOf(limit),
    limitTick: tickOf(limit),
    energyWh: book.wh[i]!,
    fillWh: clearing.fillsWh[i]!,
  };
  const { priceTick, lastAskTick, lastBidTick } = clearing;
  if (priceTick === undefined || lastAskTick === undefined || lastBidTick === undefined) {
    return { ...own, kind: 'NOTHING_TRADED', nearest: nearestOnOtherSide(book, limit) };
  }
  const gainTicks = isBetterBy(limit, priceTick);
  const priced: Priced = { ...own, priceTick, price: originOf(book, clearing, rules), gainTicks };
  const aheadTicks = isBetterBy(limit, own.side === 'BUY' ? lastBidTick : lastAskTick);
  if (aheadTicks < 0) return { ...priced, kind: gainTicks < 0 ? 'BEYOND_PRICE' : 'OUTRANKED', shortTicks: -aheadTicks };
  const share = aheadTicks === 0 ? explainShare(book, clearing, rules.tieStart, i) : undefined;
  return share ? { ...priced, kind: 'SHARED', share } : { ...priced, kind: 'FILLED', aheadTicks };
}

function originOf(book: BookColumns, clearing: ClearingColumns, { priceRule }: ClearingRules): PriceOrigin {
  const { lowTick, highTick, lastAskTick, lastBidTick, fillsWh } = clearing;
  const traded = (i: number): boolean => fillsWh[i]! > 0;
  const leftOver = (i: number): boolean => !wantsNoMore(book, fillsWh, i);
  const lastAsk = { ...first(book, 'SELL', lastAskTick, traded), because: 'LAST_ASK' as const };
  const lastBid = { ...first(book, 'BUY', lastBidTick, traded), because: 'LAST_BID' as const };
  if (priceRule === 'SHARED_MARGIN') return { rule: priceRule, low: lastAsk, high: lastBid };
  return {
    rule: priceRule,
    low: lowTick === lastAskTick ? lastAsk : { ...first(book, 'BUY', lowTick, leftOver), because: 'BID_LEFT_OVER' },
    high: highTick === lastBidTick ? lastBid : { ...first(book, 'SELL', highTick, leftOver), because: 'ASK_LEFT_OVER' },
  };
}

function first(
  { limit }: BookColumns,
  side: Side,
  tick: number | undefined,
  holds: (i: number) => boolean,
): { order: number; tick: number } {
  invariant(tick !== undefined, 'where something traded there are limits on both sides of the price');
  const wanted = 2 * tick + (side === 'SELL' ? 1 : 0);
  const order = limit.findIndex((each, i) => each === wanted && holds(i));
  invariant(order >= 0, 'an order stands at each end of the price');
  return { order, tick };
}

function nearestOnOtherSide({ limit, count }: BookColumns, own: number): NothingTraded['nearest'] {
  let order = -1;
  for (let i = 0; i < count; i++) {
    if (sideOf(limit[i]!) === sideOf(own)) continue;
    if (order < 0 || isBetterBy(limit[i]!, tickOf(limit[order]!)) > 0) order = i;
  }
  return order < 0 ? undefined : { order, shortTicks: -isBetterBy(own, tickOf(limit[order]!)) };
}
