import type { BookOrder } from '../book/book.js';
import type { ClearingRules } from '../book/clearing.js';
import { columnsOf } from '../book/columns.js';
import { clearUniform } from '../uniform/clear-uniform.js';
import type { Mechanism } from './mechanism.js';
import { atPrices, mechanism, noDeal } from './policy.js';

/**
 * One price for everybody and as much energy as any one price could move: the auction of the market room.
 *
 * Efficient for the limits it is told, individually rational, its budget exact. Not truthful: the last matched bid and ask move the price, by less the more owners
 * trade (of the order of 1/m with m of them: Rustichini, Satterthwaite, Williams 1994). Takes any orders. Worth while from one owner per side.
 * The price rounds down to the tick, shares go by largest remainder.
 */
export const uniformPrice: Mechanism = mechanism(
  {
    name: 'uniform',
    keeps: { efficiency: 'ALL', individualRationality: true, budgetBalance: 'EXACT', truthfulness: 'NONE' },
    takes: 'ANY',
    leastOwners: { buyers: 1, sellers: 1 },
    drawsLots: false,
  },
  ({ book }, rules) => {
    const { priceTick, fillsWh } = efficientTrade(book, rules);
    return priceTick === undefined ? noDeal(book) : atPrices(book, fillsWh, 2 * priceTick, 2 * priceTick);
  },
);

/** The trade that is worth most to the limits of the book, and the price it would have in the uniform auction. */
export function efficientTrade(
  book: readonly BookOrder[],
  rules: ClearingRules,
): { readonly priceTick: number | undefined; readonly fillsWh: readonly bigint[] } {
  const { priceTick, fillsWh } = clearUniform(columnsOf(book), rules);
  return { priceTick, fillsWh: Array.from(fillsWh, BigInt) };
}
