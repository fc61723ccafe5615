import type { BookOrder, Side } from '../src/index.js';

export interface Oracle {
  readonly volumeWh: bigint;
  /** What the bids would have paid less what the asks would have taken, in ticks times Wh. */
  readonly welfare: bigint;
  /** Every tick at which nobody wants to trade more or less. */
  readonly equilibriumTicks: readonly number[];
}

/**
 * The auction as one would play it on a table: every Wh is a card with its limit; the dearest bid meets the cheapest ask
 * until they no longer agree. Every price of the grid is tried for the equilibrium. Only for small books.
 */
export function unitByUnit(book: readonly BookOrder[], ticks: number): Oracle {
  const bids = cards(book, 'BUY').sort((a, b) => b - a);
  const asks = cards(book, 'SELL').sort((a, b) => a - b);
  let pairs = 0;
  let welfare = 0;
  while (pairs < bids.length && pairs < asks.length && bids[pairs]! >= asks[pairs]!) {
    welfare += bids[pairs]! - asks[pairs]!;
    pairs += 1;
  }
  const settles = (price: number): boolean =>
    count(asks, (limit) => limit < price) <= count(bids, (limit) => limit >= price) &&
    count(bids, (limit) => limit > price) <= count(asks, (limit) => limit <= price);
  return {
    volumeWh: BigInt(pairs),
    welfare: BigInt(welfare),
    equilibriumTicks: Array.from({ length: ticks }, (_, tick) => tick).filter(settles),
  };
}

const cards = (book: readonly BookOrder[], side: Side): number[] =>
  book
    .filter((order) => order.side === side)
    .flatMap(({ tick, energyWh }) => Array.from({ length: Number(energyWh) }, () => tick));

const count = (limits: readonly number[], holds: (limit: number) => boolean): number => limits.filter(holds).length;
