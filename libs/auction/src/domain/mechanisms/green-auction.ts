import { type BookOrder, mostTicks, mostWh, sumWh } from '../book/book.js';
import type { ClearingRules } from '../book/clearing.js';
import { type Checked, type Refusal, taken } from '../refusal.js';
import { orderRefusal, rulesRefusal } from './refused-market.js';
import { efficientTrade } from './uniform-price.js';

/** What an order asks or bids for green origin, beside its energy. */
export interface GreenWish {
  /** The most that a buyer adds for a Wh of green origin, or the least for which a seller gives the origin away, on a price grid of its own. */
  readonly premiumTick: number;
  /** How many Wh at most; all that is filled unless told. A seller states what is really green. */
  readonly mostWh?: bigint;
}

export interface GreenClearing {
  /** What every green Wh costs beside its energy; undefined where none changes hands. */
  readonly premiumTick: number | undefined;
  readonly volumeWh: bigint;
  /** In book order: the Wh whose green origin an order buys or sells, never more than its fill. */
  readonly greenWh: readonly bigint[];
}

/**
 * Sells the green origin of cleared energy in an auction of its own, at one premium: bids and asks of origin, each for at most what its order was filled. Energy
 * and its price stay as they are, so that either auction can be checked by itself, and who wishes nothing is not touched. It keeps what the uniform auction keeps. The
 * premium rounds down to the tick, shares go by largest remainder, ties by place among those in the split.
 */
export function greenAuction(
  book: readonly BookOrder[],
  fillsWh: readonly bigint[],
  wishes: readonly (GreenWish | undefined)[],
  rules: ClearingRules,
): Checked<GreenClearing> {
  const refusal =
    orderRefusal(book) ?? rulesRefusal({ drawsLots: false }, rules) ?? greenRefusal(book, fillsWh, wishes);
  if (refusal) return { ok: false, refusal };
  const places = [...book.keys()].filter((place) => wishes[place] && originWh(fillsWh[place]!, wishes[place]) > 0n);
  // Each stands for itself, so that they stay in the order of the energy's book whatever their premiums are.
  const origins = places.map((place, member): BookOrder => {
    const { side } = book[place]!;
    const wish = wishes[place]!;
    return { member, side, tick: wish.premiumTick, energyWh: originWh(fillsWh[place]!, wish) };
  });
  const { priceTick, fillsWh: soldWh } = efficientTrade(origins, rules);
  const greenWh = book.map(() => 0n);
  places.forEach((place, i) => (greenWh[place] = soldWh[i]!));
  const volumeWh = sumWh(soldWh.filter((_, i) => origins[i]!.side === 'BUY'));
  return taken({ premiumTick: priceTick, volumeWh, greenWh });
}

const originWh = (fillWh: bigint, { mostWh: wishWh }: GreenWish): bigint =>
  wishWh !== undefined && wishWh < fillWh ? wishWh : fillWh;

function greenRefusal(
  book: readonly BookOrder[],
  fillsWh: readonly bigint[],
  wishes: readonly (GreenWish | undefined)[],
): Refusal | undefined {
  if (fillsWh.length !== book.length) return { code: 'MALFORMED', at: 'fillsWh', why: 'one fill for each order' };
  if (wishes.length !== book.length) return { code: 'MALFORMED', at: 'wishes', why: 'one entry for each order' };
  const refusedAt = (at: number, why: string): Refusal => ({ code: 'OUT_OF_RANGE', at, why });
  for (const [place, order] of book.entries()) {
    const fillWh = fillsWh[place];
    const wish = wishes[place];
    if (typeof fillWh !== 'bigint' || fillWh < 0n || fillWh > order.energyWh) {
      return refusedAt(place, 'a fill from nothing to the whole order');
    }
    if (!wish) continue;
    const { premiumTick, mostWh: wishWh } = wish;
    if (!Number.isSafeInteger(premiumTick) || premiumTick < 0 || premiumTick >= mostTicks) {
      return refusedAt(place, `a premium from 0 to ${mostTicks - 1} ticks`);
    }
    if (wishWh !== undefined && (typeof wishWh !== 'bigint' || wishWh < 0n || wishWh > mostWh)) {
      return refusedAt(place, `from 0 to ${mostWh} Wh of origin`);
    }
  }
  return undefined;
}
