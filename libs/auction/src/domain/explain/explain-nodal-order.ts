import type { Side } from '../book/book.js';
import { sideOf, tickOf } from '../book/columns.js';
import { invariant } from '../invariant.js';
import type { Network } from '../nodal/network.js';
import type { NodalBook, NodalClearing } from '../nodal/nodal-clearing.js';
import { isBetterBy, wantsNoMore } from './limits.js';
import { type Border, type Step, stepsOf, type Way, waysFrom } from './price-ways.js';

/**
 * Why an order on a feeder tree got what it got. `FILLED`: its limit is better than the price of its node. `MARGINAL`:
 * its limit is that price, and its fill is what the shares at it come to. `BEYOND_PRICE`: its limit does not accept that price.
 */
export interface NodalExplanation {
  readonly kind: 'FILLED' | 'MARGINAL' | 'BEYOND_PRICE';
  readonly node: number;
  readonly side: Side;
  readonly limitTick: number;
  readonly energyWh: number;
  readonly fillWh: number;
  readonly priceTick: number;
  /** How much better than its limit the price is for the order; negative where it is short of the price. */
  readonly gainTicks: number;
  /** The lowest and the highest price that the node could have with these fills and flows; undefined where nobody sets an end. */
  readonly low: NodalPriceEnd | undefined;
  readonly high: NodalPriceEnd | undefined;
  /** The lines where prices part from this one: full ones, and idle ones that nobody found worth their fee. */
  readonly borders: readonly Border[];
}

/** The order that sets an end of the price, where it stands, and the lines between whose fees come on top. */
export interface NodalPriceEnd {
  readonly tick: number;
  readonly order: number;
  readonly way: readonly Step[];
}

/** Explains order `i` of a nodal clearing that is without a flaw. One reading of book and network. */
export function explainNodalOrder(
  book: NodalBook,
  network: Network,
  clearing: NodalClearing,
  i: number,
): NodalExplanation {
  invariant(Number.isInteger(i) && i >= 0 && i < book.count, 'only an order of the book is explained');
  const limit = book.limit[i]!;
  const node = book.node[i]!;
  const priceTick = clearing.priceTick[node]!;
  const gainTicks = isBetterBy(limit, priceTick);
  const ways = waysFrom(network, clearing, node);
  const { lowest, highest } = holders(book, clearing);
  return {
    kind: gainTicks > 0 ? 'FILLED' : gainTicks === 0 ? 'MARGINAL' : 'BEYOND_PRICE',
    node,
    side: sideOf(limit),
    limitTick: tickOf(limit),
    energyWh: book.wh[i]!,
    fillWh: clearing.fillsWh[i]!,
    priceTick,
    gainTicks,
    low: endOf(book, ways.nodes, ways.below, lowest, (tick, best) => tick > best),
    high: endOf(book, ways.nodes, ways.above, highest, (tick, best) => tick < best),
    borders: ways.borders,
  };
}

/** The tightest end that reaches the node; of equal ones the nearest. */
function endOf(
  { limit }: NodalBook,
  nodes: readonly number[],
  ways: ReadonlyMap<number, Way>,
  holder: ReadonlyMap<number, number>,
  isTighter: (tick: number, best: number) => boolean,
): NodalPriceEnd | undefined {
  let end: NodalPriceEnd | undefined;
  for (const node of nodes) {
    const order = holder.get(node);
    const way = ways.get(node);
    if (order === undefined || !way) continue;
    const tick = tickOf(limit[order]!) + way.addsTicks;
    if (!end || isTighter(tick, end.tick)) end = { tick, order, way: stepsOf(way) };
  }
  return end;
}

/**
 * Of each node the order that keeps its price from falling, and the one that keeps it from rising: it may not fall below an ask that
 * trades or a bid that is left over, nor rise above a bid that trades or an ask that is left over. The first of equal ones.
 */
function holders(book: NodalBook, { fillsWh }: NodalClearing): Record<'lowest' | 'highest', Map<number, number>> {
  const { count, limit, node } = book;
  const lowest = new Map<number, number>();
  const highest = new Map<number, number>();
  const tickAt = (order: number | undefined): number | undefined =>
    order === undefined ? undefined : tickOf(limit[order]!);
  for (let i = 0; i < count; i++) {
    const tick = tickOf(limit[i]!);
    const traded = fillsWh[i]! > 0;
    const leftOver = !wantsNoMore(book, fillsWh, i);
    const sells = (limit[i]! & 1) === 1;
    if ((sells ? traded : leftOver) && !(tick <= tickAt(lowest.get(node[i]!))!)) lowest.set(node[i]!, i);
    if ((sells ? leftOver : traded) && !(tick >= tickAt(highest.get(node[i]!))!)) highest.set(node[i]!, i);
  }
  return { lowest, highest };
}
