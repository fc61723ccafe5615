import type { BookOrder } from '../book/book.js';
import { bestFirst } from './best-first.js';
import type { Mechanism } from './mechanism.js';
import { type Deal, mechanism } from './policy.js';
import { efficientTrade } from './uniform-price.js';

/**
 * Who trades in the uniform auction is paired off, the dearest bid with the cheapest ask, and each pair trades at the bid.
 *
 * Efficient only as far as bids are honest, and they will not be: whoever pays their own bid bids less. Individually rational, budget exact, not truthful. Takes any
 * orders, from one owner per side. All of the gain goes to the sellers. Exact: the price is a limit.
 */
export const payAsBid: Mechanism = pairwise('pay-as-bid', (bidTick) => 2 * bidTick);

/**
 * The same pairs, each trading in the middle between its bid and its ask.
 *
 * Efficient only as far as limits are honest, individually rational, budget exact, not truthful: either side does better by stating a worse limit. Takes any orders, from
 * one owner per side. Exact: the middle may be half a tick.
 */
export const midMarket: Mechanism = pairwise('mid-market', (bidTick, askTick) => bidTick + askTick);

function pairwise(name: string, priceHalfTicks: (bidTick: number, askTick: number) => number): Mechanism {
  return mechanism(
    {
      name,
      keeps: { efficiency: 'ALL', individualRationality: true, budgetBalance: 'EXACT', truthfulness: 'NONE' },
      takes: 'ANY',
      leastOwners: { buyers: 1, sellers: 1 },
      drawsLots: false,
    },
    ({ book }, rules): Deal => {
      const { fillsWh } = efficientTrade(book, rules);
      const moneyHalfTickWh = book.map(() => 0n);
      for (const { buy, sell, energyWh } of pairedByLimit(book, fillsWh, rules.tieStart)) {
        const money = BigInt(priceHalfTicks(book[buy]!.tick, book[sell]!.tick)) * energyWh;
        moneyHalfTickWh[buy]! += money;
        moneyHalfTickWh[sell]! += money;
      }
      return { fillsWh, moneyHalfTickWh };
    },
  );
}

interface Pair {
  readonly buy: number;
  readonly sell: number;
  readonly energyWh: bigint;
}

/** The dearest bid meets the cheapest ask until all that was filled is paired; both are places in the book. */
function pairedByLimit(book: readonly BookOrder[], fillsWh: readonly bigint[], tieStart: number): Pair[] {
  const left = [...fillsWh];
  const [buys, sells] = (['BUY', 'SELL'] as const).map((side) =>
    bestFirst(book, side, tieStart).filter((place) => left[place]! > 0n),
  ) as [number[], number[]];
  const pairs: Pair[] = [];
  for (let b = 0, s = 0; b < buys.length && s < sells.length;) {
    const [buy, sell] = [buys[b]!, sells[s]!];
    const energyWh = left[buy]! < left[sell]! ? left[buy]! : left[sell]!;
    pairs.push({ buy, sell, energyWh });
    if ((left[buy]! -= energyWh) === 0n) b += 1;
    if ((left[sell]! -= energyWh) === 0n) s += 1;
  }
  return pairs;
}
