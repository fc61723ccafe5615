import type { Mechanism } from './mechanism.js';
import { oneUnitMarket, unitsTraded } from './one-unit.js';
import { mechanism } from './policy.js';
import { allButTheLast } from './trade-reduction.js';

/**
 * McAfee 1992: the middle between the first bid and the first ask left out is the price of all k deals, if the k-th pair agrees to it; otherwise the last deal is given
 * up as in trade reduction, also where nobody is left out on a side.
 *
 * Efficient but for one deal of k at most; individually rational; its budget never short; truthful: the price comes from those who do not trade. The theorem needs one
 * unit per owner, and so do we. Never trades with fewer than two owners on a side; leaves the traders nine tenths of the gain from about ten per side on. Exact: the
 * middle may be half a tick.
 */
export const mcAfee: Mechanism = mechanism(
  {
    name: 'mcafee',
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
  ({ book }, { tieStart }) => {
    const market = oneUnitMarket(book, tieStart);
    const { buyers, sellers, deals, bid, ask } = market;
    if (deals === 0) return allButTheLast(book, market);
    const middleHalfTicks = bid(deals) + ask(deals);
    const agreed = middleHalfTicks <= 2 * bid(deals - 1) && middleHalfTicks >= 2 * ask(deals - 1);
    if (!agreed) return allButTheLast(book, market);
    return unitsTraded(book, buyers.slice(0, deals), sellers.slice(0, deals), middleHalfTicks);
  },
);
