import { type FeederWalk } from './feeder-walk.js';
import { firmFills } from './firm-fills.js';
import { invariant } from '../invariant.js';
import { fillMargins } from './margin-fills.js';
import { marginsAt, sharedMargins } from './margins.js';
import type { Network } from './network.js';
import type { NodalBook, NodalClearing, NodalRules } from './nodal-clearing.js';
import { WideSum } from './wide-sum.js';

/** Everybody's fill at these prices: better limits trade in whole, then the margins are shared. */
export function nodalFills(
  book: NodalBook,
  network: Network,
  rules: NodalRules,
  walk: FeederWalk,
  stepPrice: Int32Array,
): NodalClearing {
  const { steps, stepOf, parent } = walk;
  const priceTick = new Int32Array(network.count);
  for (let v = 0; v < network.count; v += 1) priceTick[v] = stepPrice[stepOf[v]!]!;

  const margins = marginsAt(walk, stepPrice);
  const { fillsWh, marginal, boughtWh, worth } = firmFills(book, priceTick);
  fillMargins(book, sharedMargins(walk, margins), marginal, rules.tieStart, fillsWh);

  let volumeWh = boughtWh;
  const welfare = new WideSum();
  const sentWh = margins.firmWh;
  for (const i of marginal) {
    const wh = fillsWh[i]!;
    const tick = book.limit[i]! >>> 1;
    if (book.limit[i]! & 1) {
      sentWh[stepOf[book.node[i]!]!]! += wh;
      welfare.addProduct(-tick, wh);
    } else {
      sentWh[stepOf[book.node[i]!]!]! -= wh;
      welfare.addProduct(tick, wh);
      volumeWh += wh;
    }
  }
  for (let step = 0; step < steps - 1; step += 1) sentWh[parent[step]!]! += sentWh[step]!;
  invariant(sentWh[steps - 1] === 0, 'what is bought is sold');

  const flowWh = new Float64Array(network.count);
  for (let v = 1; v < network.count; v += 1) {
    const sent = sentWh[stepOf[v]!]!;
    flowWh[v] = sent;
    welfare.addProduct(-network.feeTicks[v]!, Math.abs(sent));
  }
  return { priceTick, flowWh, fillsWh, welfare: worth + welfare.value(), volumeWh };
}
