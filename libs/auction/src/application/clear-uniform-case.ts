import type { BookOrder } from '../domain/book/book.js';
import { referenceClear } from '../domain/reference/reference-clear.js';
import type { AuctionCase, CaseOrder } from './read-case.js';
import { type CaseResult, exact, fillsById } from './case-result.js';

/**
 * The uniform-price auction in the words of a case. Cases have any whole prices, also negative ones or some that
 * lie farther apart than the longest price grid, so the reference clears them: it counts in prices, not in ticks of a grid.
 */
export function clearUniformCase({ orders }: AuctionCase): CaseResult {
  const { volumeWh, priceTick, lowTick, highTick, fillsWh } = referenceClear(bookOf(orders), {
    priceRule: 'EQUILIBRIUM',
    tieStart: 0,
  });
  return {
    volume: exact(volumeWh),
    priceInterval: priceTick === undefined ? null : [lowTick!, highTick!],
    price: priceTick ?? null,
    fills: fillsById(orders, fillsWh.map(exact)),
    surplus: exact(surplusOf(orders, fillsWh)),
  };
}

/** Every order is a member of its own, so that the order of the list is the order of the book. */
const bookOf = (orders: readonly CaseOrder[]): BookOrder[] =>
  orders.map(({ side, price, qty }, member) => ({ member, side, tick: price, energyWh: BigInt(qty) }));

/** What the bids would have paid less what the asks would have taken; exact. */
export const surplusOf = (orders: readonly CaseOrder[], fills: readonly bigint[]): bigint =>
  orders.reduce((sum, { side, price }, i) => sum + BigInt(side === 'BUY' ? price : -price) * fills[i]!, 0n);
