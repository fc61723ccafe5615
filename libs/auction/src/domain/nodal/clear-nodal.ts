import type { KernelKind } from '../kernels/kernel.js';
import { type Checked, taken } from '../refusal.js';
import { frameRefusal, nodalRefusal } from './check-nodal.js';
import { walkOf } from './feeder-walk.js';
import type { Network } from './network.js';
import type { NodalBook, NodalClearing, NodalRules } from './nodal-clearing.js';
import { nodalFills } from './nodal-fills.js';
import { nodalPrices, priceRange } from './nodal-prices.js';
import { treeFills, treePrices, treeWith } from './tree-passes.js';

/**
 * The auction on a feeder tree: the trades that are worth most after the fees of the lines they cross and within the
 * limits of those lines, at one price per node. Exact in whole numbers; prices round down to the tick, shares by
 * largest remainder.
 */
export function clearNodal(
  book: NodalBook,
  network: Network,
  rules: NodalRules,
  kind?: KernelKind,
): Checked<NodalClearing> {
  const frame = frameRefusal(book, network, rules);
  if (frame) return frame;
  const tree = treeWith(book, network, kind);
  if (tree) {
    treePrices(tree, book, network.count);
    return taken(treeFills(tree, book, network.count, rules));
  }
  const refusal = nodalRefusal(book, network, rules);
  if (refusal) return refusal;
  const walk = walkOf(book, network);
  const { priceTick } = nodalPrices(walk, priceRange(book));
  return taken(nodalFills(book, network, rules, walk, priceTick));
}
