import { limitWh } from './feeder-walk.js';
import type { Network } from './network.js';
import type { NodalBook } from './nodal-clearing.js';
import { WideSum } from './wide-sum.js';

/**
 * No clearing of this book is worth more than this, whatever the prices: what every order would gain at its node's
 * price, and every line by carrying all it can. Equal to the welfare exactly at the prices of a clearing. Undefined
 * where a line without a limit would gain, so that these prices bound nothing. In ticks times Wh, exact.
 */
export function nodalBound(book: NodalBook, network: Network, priceTick: Int32Array): bigint | undefined {
  const bound = new WideSum();
  for (let i = 0; i < book.count; i += 1) {
    const limit = book.limit[i]!;
    const better = (limit >>> 1) - priceTick[book.node[i]!]!;
    const gain = limit & 1 ? -better : better;
    if (gain > 0) bound.addSmallProduct(gain, book.wh[i]!);
  }
  for (let v = 1; v < network.count; v += 1) {
    const difference = priceTick[network.parent[v]!]! - priceTick[v]!;
    const gain = Math.abs(difference) - network.feeTicks[v]!;
    if (gain <= 0) continue;
    const carriedWh = limitWh(difference > 0 ? network.exportWh[v]! : network.importWh[v]!);
    if (carriedWh === Infinity) return undefined;
    bound.addProduct(gain, carriedWh);
  }
  return bound.value();
}

/** By how much at most a clearing of this welfare misses the best one; 0 proves that it is the best. */
export function nodalGap(
  book: NodalBook,
  network: Network,
  clearing: { readonly priceTick: Int32Array; readonly welfare: bigint },
): bigint | undefined {
  const bound = nodalBound(book, network, clearing.priceTick);
  return bound === undefined ? undefined : bound - clearing.welfare;
}
