import type { NodalBook } from './nodal-clearing.js';
import { WideSum } from './wide-sum.js';

/** What prices decide by themselves: everybody's fill but those of the marginal orders, and what is left for these. */
export interface FirmFills {
  /** In book order, as are the places of the marginal orders. */
  readonly fillsWh: Int32Array;
  readonly marginal: readonly number[];
  readonly boughtWh: number;
  /** What these trades are worth before fees, in ticks times Wh. */
  readonly worth: bigint;
}

/** The orders with better limits than their node's price get all, those with worse ones nothing. */
export function firmFills({ count, node, limit, wh }: NodalBook, priceTick: Int32Array): FirmFills {
  const fillsWh = new Int32Array(count);
  const marginal: number[] = [];
  const welfare = new WideSum();
  let boughtWh = 0;
  for (let first = 0; first < count; first += productsThatFit) {
    const end = Math.min(count, first + productsThatFit);
    let worth = 0;
    for (let i = first; i < end; i += 1) {
      const tick = limit[i]! >>> 1;
      const sells = -(limit[i]! & 1);
      const better = tick - priceTick[node[i]!]!;
      if (better === 0) {
        marginal.push(i);
        continue;
      }
      // Masks instead of branches, which would be guessed wrong every other time: -1 for yes, 0 for no.
      const fills = ~((better >> 31) ^ sells);
      const fillWh = wh[i]! & fills;
      fillsWh[i] = fillWh;
      boughtWh += fillWh & ~sells;
      worth += ((tick ^ sells) - sells) * fillWh;
    }
    welfare.add(worth);
  }
  return { fillsWh, marginal, boughtWh, worth: welfare.value() };
}

/** So many products of a tick and an order's Wh add up to less than 2^53. */
const productsThatFit = 256;
