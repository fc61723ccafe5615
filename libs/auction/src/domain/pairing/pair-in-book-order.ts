import { invariant } from '../invariant.js';
import type { Pairs } from './pair-list.js';
import type { TradedOrders } from './traded-orders.js';

/** Everybody with the next in the book; nobody is asked whose order it is. The short way of most books, in one pass over local memory. */
export function pairInBookOrder({ buys, sells }: Pick<TradedOrders, 'buys' | 'sells'>, whOf: Int32Array): Pairs {
  const most = buys.length + sells.length;
  const pairs = { buy: new Int32Array(most), sell: new Int32Array(most), wh: new Int32Array(most) };
  const { buy, sell, wh } = pairs;
  let count = 0;
  let [nextBuy, nextSell] = [0, 0];
  let [wantedWh, offeredWh] = [0, 0];
  for (;;) {
    if (wantedWh === 0 && nextBuy < buys.length) wantedWh = whOf[buys[nextBuy++]!]!;
    if (offeredWh === 0 && nextSell < sells.length) offeredWh = whOf[sells[nextSell++]!]!;
    const tradedWh = wantedWh < offeredWh ? wantedWh : offeredWh;
    if (tradedWh === 0) break;
    buy[count] = buys[nextBuy - 1]!;
    sell[count] = sells[nextSell - 1]!;
    wh[count] = tradedWh;
    count += 1;
    wantedWh -= tradedWh;
    offeredWh -= tradedWh;
  }
  invariant(wantedWh === 0 && offeredWh === 0, 'bought is sold');
  return { buy: buy.subarray(0, count), sell: sell.subarray(0, count), wh: wh.subarray(0, count) };
}
