import { lotsFrom } from './lots.js';
import type { Mechanism } from './mechanism.js';
import { oneUnitMarket, unitsTraded } from './one-unit.js';
import { mechanism, noDeal } from './policy.js';

/**
 * Strongly budget balanced (Segal-Halevi, Hassidim, Aumann 2016): one price for both sides, the lesser of the first ask left out and the k-th bid. At that ask all k
 * deals are made. At that bid its buyer stays out, and so does one of the k sellers, by lot.
 *
 * Efficient but for one deal of k on average over the lots; individually rational; its budget exact, so that the traders keep all of the gain; truthful. The lot is the
 * member's and not the rank's, so that truth is best for every seed and not on average only. The theorem needs one unit per owner, and so do we. Trades from one buyer and
 * two sellers on; leaves the traders nine tenths of the gain from about ten per side on. Exact: the price is a limit.
 */
export const sbba: Mechanism = mechanism(
  {
    name: 'sbba',
    keeps: {
      efficiency: 'ALL_BUT_ONE_DEAL',
      individualRationality: true,
      budgetBalance: 'EXACT',
      truthfulness: 'LIMIT',
    },
    takes: 'ONE_UNIT',
    leastOwners: { buyers: 1, sellers: 2 },
    drawsLots: true,
  },
  ({ book }, { tieStart, seed }) => {
    const { buyers, sellers, deals, bid, ask } = oneUnitMarket(book, tieStart);
    if (deals === 0) return noDeal(book);
    const agreed = sellers.slice(0, deals);
    if (ask(deals) <= bid(deals - 1)) return unitsTraded(book, buyers.slice(0, deals), agreed, 2 * ask(deals));

    const lot = lotsFrom(seed!, 0n);
    const memberAt = (place: number): number => book[place]!.member;
    const leftOut = agreed.reduce((out, place) => (lot(memberAt(place)) > lot(memberAt(out)) ? place : out));
    return unitsTraded(
      book,
      buyers.slice(0, deals - 1),
      agreed.filter((place) => place !== leftOut),
      2 * bid(deals - 1),
    );
  },
);
