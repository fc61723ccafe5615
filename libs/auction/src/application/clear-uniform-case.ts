import { type BookOrder, mostTicks, sumWh } from '../domain/book/book.js';
import type { Clearing, ClearingRules } from '../domain/book/clearing.js';
import { columnsOf } from '../domain/book/columns.js';
import { referenceClear } from '../domain/reference/reference-clear.js';
import { clearUniform } from '../domain/uniform/clear-uniform.js';
import { type CaseResult, exact, fillsById } from './case-result.js';
import type { AuctionCase, CaseOrder } from './auction-case.js';

/** The uniform-price auction in the words of a case. */
export function clearUniformCase({ orders, rules }: AuctionCase): CaseResult {
  const lowest = orders.reduce((price, order) => Math.min(price, order.price), Infinity);
  const highest = orders.reduce((price, order) => Math.max(price, order.price), -Infinity);
  const start = highest - lowest < mostTicks ? lowest : 0;
  const book = bookOf(orders, start);
  const { volumeWh, priceTick, lowTick, highTick, fillsWh } = fits(book)
    ? fastClear(book, rules)
    : referenceClear(book, rules);
  return {
    volume: exact(volumeWh),
    priceInterval: priceTick === undefined ? null : [lowTick! + start, highTick! + start],
    price: priceTick === undefined ? null : priceTick + start,
    fills: fillsById(orders, fillsWh.map(exact)),
    surplus: exact(surplusOf(orders, fillsWh)),
  };
}

const bookOf = (orders: readonly CaseOrder[], start: number): BookOrder[] =>
  orders.map(({ member, side, price, qty }) => ({ member, side, tick: price - start, energyWh: BigInt(qty) }));

/** Cases have any whole prices and amounts; what does not fit the columns of the fast engine is left to the reference. */
const fits = (book: readonly BookOrder[]): boolean =>
  book.every(({ tick }) => tick >= 0 && tick < mostTicks) && sumWh(book.map((order) => order.energyWh)) < 2n ** 53n;

function fastClear(book: readonly BookOrder[], rules: ClearingRules): Clearing {
  const clearing = clearUniform(columnsOf(book), rules);
  return { ...clearing, volumeWh: BigInt(clearing.volumeWh), fillsWh: Array.from(clearing.fillsWh, BigInt) };
}

/** What the bids would have paid less what the asks would have taken; exact. */
export const surplusOf = (orders: readonly CaseOrder[], fills: readonly bigint[]): bigint =>
  orders.reduce((sum, { side, price }, i) => sum + BigInt(side === 'BUY' ? price : -price) * fills[i]!, 0n);
