import { BadInput, mustBe } from '../bad-input.js';
import { type BookOrder, compareInBook, type Side, sumWh } from '../book/book.js';
import { checkedRules } from '../book/checked-rules.js';
import { clearingFlaw } from './clearing-flaw.js';
import { type Clearing, type ClearingRules, middle } from '../book/clearing.js';
import { equilibriumOf } from './equilibrium.js';
import { invariant } from '../invariant.js';
import { levelsOf } from './levels.js';
import { proRata } from './pro-rata.js';

/**
 * The uniform-price auction of one interval: one price, as much energy as any price could move, better limits first,
 * the last limit of each side pro rata. The price rounds down to the tick, the shares by largest remainder.
 * This is the reference, written to be read: whatever is faster must give the same answer.
 */
export function referenceClear(book: readonly BookOrder[], rules: ClearingRules): Clearing {
  mustBe(checkedRules(rules));
  const stray = book.findIndex((order, i) => i > 0 && compareInBook(book[i - 1]!, order) > 0);
  if (stray > 0) throw new BadInput({ code: 'MALFORMED', at: stray, why: 'orders by member, limit and side, energy' });
  const equilibrium = equilibriumOf(levelsOf(book));
  if (!equilibrium) return nothingTraded(book);

  const { lowTick, highTick, volumeWh, lastAskTick, lastBidTick } = equilibrium;
  const bought = fills(book, 'BUY', lastBidTick, volumeWh, rules.tieStart);
  const sold = fills(book, 'SELL', lastAskTick, volumeWh, rules.tieStart);
  const clearing: Clearing = {
    priceTick: rules.priceRule === 'EQUILIBRIUM' ? middle(lowTick, highTick) : middle(lastAskTick, lastBidTick),
    volumeWh,
    fillsWh: book.map((_, i) => bought[i]! + sold[i]!),
    lowTick,
    highTick,
    lastAskTick,
    lastBidTick,
  };
  const flaw = clearingFlaw(book, rules, clearing);
  invariant(flaw === undefined, `a clearing has no flaw (${flaw})`);
  return clearing;
}

/** One side's fills, 0 for the other side: all of what is better than the last matched limit, pro rata at it, nothing beyond. */
function fills(book: readonly BookOrder[], side: Side, lastTick: number, volumeWh: bigint, tieStart: number): bigint[] {
  const filled = book.map((order) => (order.side === side && isBetter(order, lastTick) ? order.energyWh : 0n));
  const marginal = [...book.keys()].filter((i) => book[i]!.side === side && book[i]!.tick === lastTick);
  const sharesWh = proRata(
    volumeWh - sumWh(filled),
    marginal.map((i) => book[i]!.energyWh),
    tieStart,
  );
  marginal.forEach((place, i) => (filled[place] = sharesWh[i]!));
  return filled;
}

const isBetter = (order: BookOrder, thanTick: number): boolean =>
  order.side === 'BUY' ? order.tick > thanTick : order.tick < thanTick;

const nothingTraded = (book: readonly BookOrder[]): Clearing => ({
  priceTick: undefined,
  volumeWh: 0n,
  fillsWh: book.map(() => 0n),
  lowTick: undefined,
  highTick: undefined,
  lastAskTick: undefined,
  lastBidTick: undefined,
});
