import { type Rules, type Terms, termsOf, type OwnPrice } from '@kwartier/market';
import { type MicroPerKwh, priceAt, type Side, tickAtLeast, tickAtMost, type Wh } from '@kwartier/units';
import type { Wish } from './wish.js';

/** What a point is expected to take and give in an interval. */
export interface Expectation {
  readonly importWh: Wh;
  readonly exportWh: Wh;
}

export interface Suggestion {
  readonly side: Side;
  readonly energyWh: Wh;
  readonly limitMicroPerKwh: MicroPerKwh;
}

/**
 * Turns expectation and wish into at most one order a register. The limit is the wish's, or where none is set the preset's:
 * keeping it local offers everything that beats the own tariff, the best price asks the other side to give a third of the
 * span. Limits are moved inward to the grid and into the terms; a wish that leaves no price there places no order.
 */
export function suggestOrders(
  expected: Expectation,
  rules: Rules,
  own: OwnPrice,
  wish: Pick<Wish, 'preset' | 'buyLimitMicroPerKwh' | 'sellLimitMicroPerKwh'>,
): Suggestion[] {
  const suggestions: Suggestion[] = [];
  const buy = termsOf(rules, 'BUY', own);
  const sell = termsOf(rules, 'SELL', own);
  const span = buy && sell ? buy.highestTick - sell.lowestTick : 0;
  const holdBack = wish.preset === 'BEST_PRICE' && span > 0 ? Math.floor(span / 3) : 0;
  if (buy && expected.importWh > 0n) {
    const tick = buyTick(rules, buy, wish.buyLimitMicroPerKwh, holdBack);
    if (tick !== undefined)
      suggestions.push({ side: 'BUY', energyWh: expected.importWh, limitMicroPerKwh: priceAt(rules.grid, tick) });
  }
  if (sell && expected.exportWh > 0n) {
    const tick = sellTick(rules, sell, wish.sellLimitMicroPerKwh, holdBack);
    if (tick !== undefined)
      suggestions.push({ side: 'SELL', energyWh: expected.exportWh, limitMicroPerKwh: priceAt(rules.grid, tick) });
  }
  return suggestions;
}

function buyTick(rules: Rules, terms: Terms, wished: MicroPerKwh | undefined, holdBack: number): number | undefined {
  const tick =
    wished === undefined ? terms.highestTick - holdBack : Math.min(terms.highestTick, tickAtMost(rules.grid, wished));
  return tick >= terms.lowestTick ? tick : undefined;
}

function sellTick(rules: Rules, terms: Terms, wished: MicroPerKwh | undefined, holdBack: number): number | undefined {
  const tick =
    wished === undefined ? terms.lowestTick + holdBack : Math.max(terms.lowestTick, tickAtLeast(rules.grid, wished));
  return tick <= terms.highestTick ? tick : undefined;
}
