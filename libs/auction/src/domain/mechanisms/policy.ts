import { type BookOrder, type Side, sumWh } from '../book/book.js';
import { invariant } from '../invariant.js';
import { type Checked, taken } from '../refusal.js';
import type { Allocation, Market, Mechanism, MechanismRules, Policy } from './mechanism.js';
import { refusalOf } from './refused-market.js';

/** Who gets how much for how much; the rest of an allocation follows. */
export type Deal = Pick<Allocation, 'fillsWh' | 'moneyHalfTickWh'>;

/** A mechanism that takes no market it was not made for and hands out nothing that breaks its promises. */
export function mechanism(
  policy: Policy,
  deal: (market: Market, rules: MechanismRules) => Deal | Checked<never>,
): Mechanism {
  return {
    ...policy,
    clear(market, rules) {
      const refusal = refusalOf(policy, market, rules);
      if (refusal) return { ok: false, refusal };
      const dealt = deal(market, rules);
      if ('ok' in dealt) return dealt;
      const allocation = {
        ...dealt,
        surplusHalfTickWh: surplus(market.book, dealt.moneyHalfTickWh),
        buyPriceHalfTicks: priceOf('BUY', market.book, dealt),
        sellPriceHalfTicks: priceOf('SELL', market.book, dealt),
      };
      checkPromises(policy, market.book, allocation);
      return taken(allocation);
    },
  };
}

/** Every buyer pays one price for a Wh, every seller receives one. Exact. */
export function atPrices(
  book: readonly BookOrder[],
  fillsWh: readonly bigint[],
  buyPriceHalfTicks: number,
  sellPriceHalfTicks: number,
): Deal {
  const price = { BUY: BigInt(buyPriceHalfTicks), SELL: BigInt(sellPriceHalfTicks) };
  return { fillsWh, moneyHalfTickWh: book.map(({ side }, i) => price[side] * fillsWh[i]!) };
}

export const noDeal = (book: readonly BookOrder[]): Deal => ({
  fillsWh: book.map(() => 0n),
  moneyHalfTickWh: book.map(() => 0n),
});

/** What an order's fill is worth at its own limit. Exact. */
export const worthHalfTickWh = ({ tick }: BookOrder, fillWh: bigint): bigint => BigInt(2 * tick) * fillWh;

function checkPromises({ keeps, name }: Policy, book: readonly BookOrder[], allocation: Allocation): void {
  const { fillsWh, moneyHalfTickWh, surplusHalfTickWh } = allocation;
  invariant(
    book.every((order, i) => fillsWh[i]! >= 0n && fillsWh[i]! <= order.energyWh),
    `${name} fills between nothing and the whole order`,
  );
  invariant(sumOf('BUY', book, fillsWh) === sumOf('SELL', book, fillsWh), `${name} buys what it sells`);
  invariant(
    book.every((order, i) => {
      const gain = worthHalfTickWh(order, fillsWh[i]!) - moneyHalfTickWh[i]!;
      return order.side === 'BUY' ? gain >= 0n : gain <= 0n;
    }),
    `${name} takes nobody beyond their limit`,
  );
  invariant(
    surplusHalfTickWh === 0n || surplusHalfTickWh > 0n === (keeps.budgetBalance === 'SURPLUS'),
    `${name} balances its budget as it promises`,
  );
  invariant(surplusHalfTickWh === 0n || keeps.budgetBalance !== 'EXACT', `${name} leaves nothing over`);
}

/** What a Wh costs on this side, where it costs everybody the same. */
function priceOf(side: Side, book: readonly BookOrder[], { fillsWh, moneyHalfTickWh }: Deal): number | undefined {
  const first = book.findIndex((order, i) => order.side === side && fillsWh[i]! > 0n);
  if (first === -1) return undefined;
  const price = moneyHalfTickWh[first]! / fillsWh[first]!;
  const isOne = book.every((order, i) => order.side !== side || moneyHalfTickWh[i] === price * fillsWh[i]!);
  return isOne ? Number(price) : undefined;
}

const surplus = (book: readonly BookOrder[], money: readonly bigint[]): bigint =>
  sumOf('BUY', book, money) - sumOf('SELL', book, money);

const sumOf = (side: Side, book: readonly BookOrder[], amounts: readonly bigint[]): bigint =>
  sumWh(amounts.filter((_, i) => book[i]!.side === side));
