import type { Margins } from './fills.js';
import { choosePrices, type Holder, losersAt } from './prices.js';
import type { Ranges, Tie } from './price-ranges.js';

/**
 * The prices of `SHARED_MARGIN`: in each interval between the last matched ask and the last matched bid. A deferral that never must buy
 * counts as a bid wherever it bought; where a side has none matched, the end of the equilibrium stands in. Prices are moved for
 * accepted orders that would lose; where that does not help, the losers' intervals keep their equilibrium prices.
 */
export function sharedMarginTicks(
  equilibrium: Ranges & { readonly priceTick: Int32Array },
  margins: readonly Margins[],
  holders: readonly Holder[],
  ties: readonly Tie[],
): Int32Array {
  const { priceTick, losers } = choosePrices(sharedRanges(equilibrium, margins, ties), holders, []);
  // Each round keeps at least one more interval at prices at which nobody loses.
  for (let left = losers; left.length > 0; left = losersAt(priceTick, holders)) {
    for (const { interval } of left.flatMap(({ parts }) => parts))
      priceTick[interval] = equilibrium.priceTick[interval]!;
  }
  return priceTick;
}

function sharedRanges({ lowTick, highTick }: Ranges, margins: readonly Margins[], ties: readonly Tie[]): Ranges {
  const shared = {
    lowTick: lowTick.map((low, t) => margins[t]!.lastAskTick ?? low),
    highTick: highTick.map((high, t) => margins[t]!.lastBidTick ?? high),
  };
  for (const { deferral, leastWh, whIn } of ties) {
    if (leastWh > 0) continue;
    whIn.forEach((wh, slot) => {
      const t = deferral.order.fromInterval + slot;
      if (wh > 0) shared.highTick[t] = Math.min(shared.highTick[t]!, deferral.order.tick);
    });
  }
  return shared;
}
