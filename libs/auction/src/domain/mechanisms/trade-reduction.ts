import type { BookOrder } from '../book/book.js';
import type { Mechanism } from './mechanism.js';
import { type OneUnitMarket, oneUnitMarket, unitsTraded } from './one-unit.js';
import { type Deal, mechanism, noDeal } from './policy.js';

/**
 * The last of the k deals is given up, and its two limits are the prices of the others: buyers pay the k-th bid, sellers receive the k-th ask.
 *
 * Efficient but for one deal of k, the one worth least; individually rational; its budget never short, what is over is the auctioneer's; truthful, since nobody who
 * trades moves their own price. The theorem needs one unit per owner, and so do we. Never trades with fewer than two owners on a side; leaves the traders
 * half of the gain with five per side, nine tenths with about forty. Exact: prices are limits.
 */
export const tradeReduction: Mechanism = mechanism(
  {
    name: 'trade-reduction',
    keeps: {
      efficiency: 'ALL_BUT_ONE_DEAL',
      individualRationality: true,
      budgetBalance: 'SURPLUS',
      truthfulness: 'LIMIT',
    },
    takes: 'ONE_UNIT',
    leastOwners: { buyers: 2, sellers: 2 },
    drawsLots: false,
  },
  ({ book }, { tieStart }) => allButTheLast(book, oneUnitMarket(book, tieStart)),
);

export function allButTheLast(book: readonly BookOrder[], { buyers, sellers, deals, bid, ask }: OneUnitMarket): Deal {
  if (deals === 0) return noDeal(book);
  const last = deals - 1;
  return unitsTraded(book, buyers.slice(0, last), sellers.slice(0, last), 2 * bid(last), 2 * ask(last));
}
