import { type Checked, taken } from '../refusal.js';
import { nodalRefusal } from './check-nodal.js';
import { walkOf } from './feeder-walk.js';
import type { Network } from './network.js';
import type { NodalBook, NodalClearing, NodalRules } from './nodal-clearing.js';
import { nodalFills } from './nodal-fills.js';
import { nodalPrices, priceRange } from './nodal-prices.js';

/**
 * The auction on a feeder tree: the trades that are worth most after the fees of the lines they cross and within the
 * limits of those lines, at one price per node. Exact in whole numbers; prices round down to the tick, shares by
 * largest remainder.
 */
export function clearNodal(book: NodalBook, network: Network, rules: NodalRules): Checked<NodalClearing> {
  const refusal = nodalRefusal(book, network, rules);
  if (refusal) return refusal;
  const walk = walkOf(book, network);
  const { priceTick } = nodalPrices(walk, priceRange(book));
  return taken(nodalFills(book, network, rules, walk, priceTick));
}
