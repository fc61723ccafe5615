import type { BookOrder } from '../book/book.js';
import { invariant } from '../invariant.js';
import { bestFirst } from './best-first.js';
import { atPrices, type Deal, noDeal } from './policy.js';

/** A market of one unit per owner, the best limits first. Both sides are read by rank, counted from 0. */
export interface OneUnitMarket {
  /** Places in the book. */
  readonly buyers: readonly number[];
  readonly sellers: readonly number[];
  /** As many pairs as agree: k. */
  readonly deals: number;
  /** The limit of the buyer at a rank; below every limit where there is none. */
  readonly bid: (rank: number) => number;
  /** The limit of the seller at a rank; above every limit where there is none. */
  readonly ask: (rank: number) => number;
}

export function oneUnitMarket(book: readonly BookOrder[], tieStart: number): OneUnitMarket {
  const buyers = bestFirst(book, 'BUY', tieStart);
  const sellers = bestFirst(book, 'SELL', tieStart);
  const bid = (rank: number): number => book[buyers[rank] ?? -1]?.tick ?? -Infinity;
  const ask = (rank: number): number => book[sellers[rank] ?? -1]?.tick ?? Infinity;
  const most = Math.min(buyers.length, sellers.length);
  let deals = 0;
  while (deals < most && bid(deals) >= ask(deals)) deals += 1;
  return { buyers, sellers, deals, bid, ask };
}

/** These buyers and these sellers trade their whole unit, at a price for each side. */
export function unitsTraded(
  book: readonly BookOrder[],
  buyers: readonly number[],
  sellers: readonly number[],
  buyPriceHalfTicks: number,
  sellPriceHalfTicks = buyPriceHalfTicks,
): Deal {
  invariant(buyers.length === sellers.length, 'as many buy a unit as sell one');
  if (buyers.length === 0) return noDeal(book);
  const trading = new Set([...buyers, ...sellers]);
  const fillsWh = book.map(({ energyWh }, place) => (trading.has(place) ? energyWh : 0n));
  return atPrices(book, fillsWh, buyPriceHalfTicks, sellPriceHalfTicks);
}
