import { sumWh } from '../book/book.js';
import { proRata } from '../reference/pro-rata.js';
import { placesOf } from './best-first.js';
import type { Mechanism } from './mechanism.js';
import { mechanism, noDeal, worthHalfTickWh } from './policy.js';
import { efficientTrade } from './uniform-price.js';

/**
 * No price at all: each local Wh moves at its owner's tariff, which stands as the limit, and the interval's gain (what the buyers' tariffs are worth beyond the
 * sellers') is given back, a fixed share of it to the sellers and the rest to the buyers, within a side the same for every Wh. For `sharing` zones, and for books so thin
 * that one order would make the price.
 *
 * Makes all of the gain, since the fills are those of the uniform auction; nobody is worse off than at their tariff; budget exact. Not truthful, so the limits
 * must be tariffs and not wishes. Takes any orders, from one owner per side. The sellers' share rounds down to half a tick times Wh; within a side the gain
 * goes by largest remainder.
 */
export const sharedGain: Mechanism = mechanism(
  {
    name: 'shared-gain',
    keeps: { efficiency: 'ALL', individualRationality: true, budgetBalance: 'EXACT', truthfulness: 'NONE' },
    takes: 'ANY',
    leastOwners: { buyers: 1, sellers: 1 },
    drawsLots: false,
  },
  ({ book }, rules) => {
    const { priceTick, fillsWh } = efficientTrade(book, rules);
    if (priceTick === undefined) return noDeal(book);
    const moneyHalfTickWh = book.map((order, i) => worthHalfTickWh(order, fillsWh[i]!));
    const [buys, sells] = [placesOf(book, 'BUY'), placesOf(book, 'SELL')];
    const worth = (places: readonly number[]): bigint => sumWh(places.map((place) => moneyHalfTickWh[place]!));
    const gain = worth(buys) - worth(sells);
    const sellersGain = (gain * BigInt(rules.sellersSharePpm ?? 500_000)) / 1_000_000n;

    const shareOut = (amount: bigint, places: readonly number[], direction: bigint): void => {
      const trading = places.filter((place) => fillsWh[place]! > 0n);
      const shares = proRata(
        amount,
        trading.map((place) => fillsWh[place]!),
        rules.tieStart,
      );
      trading.forEach((place, i) => (moneyHalfTickWh[place]! += direction * shares[i]!));
    };
    shareOut(gain - sellersGain, buys, -1n);
    shareOut(sellersGain, sells, 1n);
    return { fillsWh, moneyHalfTickWh };
  },
);
