import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allocated, gainOf } from '../../../testing/mechanisms-markets.js';
import type { BookOrder, Side } from '../book/book.js';
import { huang } from './huang.js';
import { mcAfee } from './mcafee.js';
import type { Allocation, Mechanism, MechanismRules } from './mechanism.js';
import { sbba } from './sbba.js';
import { split, type SplitRule } from './split-rules.js';
import { tradeReduction } from './trade-reduction.js';
import { vcg } from './vcg.js';

interface Prices {
  readonly deals: number;
  readonly price?: number;
  readonly buyersPay?: number;
  readonly sellersReceive?: number;
  readonly auctioneerSurplus: number;
}
interface OneUnitCase {
  readonly bids: number[];
  readonly asks: number[];
  readonly expect: { k: number; maxGainFromTrade: number } & Record<
    'vcg' | 'tradeReduction' | 'mcafee' | 'sbba',
    Prices
  >;
}
interface MultiUnitCase {
  readonly orders: { id: string; side: 'buy' | 'sell'; qty: number; price: number }[];
  readonly expect: { buyPrice: number; sellPrice: number; fills: Record<string, number> };
}
interface SplitCase {
  readonly quantities: number[];
  readonly available: number;
  readonly expect: { floorShares?: number[]; largestRemainder: number[]; cumulativeRounding: number[] };
}

const golden = <T>(id: string): T =>
  JSON.parse(readFileSync(join(process.cwd(), 'test/golden/auction', `${id}.json`), 'utf8')) as T;
const rules: MechanismRules = { priceRule: 'EQUILIBRIUM', tieStart: 0, seed: 1n };

describe.each(['truthful-mittweida', 'mcafee-9-8'])('golden %s', (id) => {
  const { bids, asks, expect: expected } = golden<OneUnitCase>(id);
  const unit =
    (side: Side, first: number) =>
    (tick: number, i: number): BookOrder => ({
      member: first + i,
      side,
      tick,
      energyWh: 1n,
    });
  const book = [...bids.map(unit('BUY', 0)), ...asks.map(unit('SELL', bids.length))];

  it.each<[keyof Omit<OneUnitCase['expect'], 'k'>, Mechanism]>([
    ['vcg', vcg],
    ['tradeReduction', tradeReduction],
    ['mcafee', mcAfee],
    ['sbba', sbba],
  ])('%s', (name, mechanism) => {
    const { deals, auctioneerSurplus, ...prices } = expected[name as 'vcg'];
    const allocation = allocated(mechanism, book, rules);
    expect(traded(allocation)).toBe(2 * deals);
    expect(Number(allocation.surplusHalfTickWh) / 2).toBe(auctioneerSurplus);
    expect(allocation.buyPriceHalfTicks! / 2).toBe(prices.price ?? prices.buyersPay);
    expect(allocation.sellPriceHalfTicks! / 2).toBe(prices.price ?? prices.sellersReceive);
  });

  it('the largest gain', () => {
    expect(Number(gainOf(book, allocated(vcg, book, rules).fillsWh))).toBe(expected.maxGainFromTrade);
    expect(traded(allocated(vcg, book, rules))).toBe(2 * expected.k);
  });
});

it('golden huang-dataset0', () => {
  const { orders, expect: expected } = golden<MultiUnitCase>('huang-dataset0');
  const book = orders.map(({ side, price, qty }, member): BookOrder => ({
    member,
    side: side === 'buy' ? 'BUY' : 'SELL',
    tick: price,
    energyWh: BigInt(qty),
  }));
  const { buyPriceHalfTicks, sellPriceHalfTicks, fillsWh } = allocated(huang, book, rules);
  expect([buyPriceHalfTicks! / 2, sellPriceHalfTicks! / 2]).toEqual([expected.buyPrice, expected.sellPrice]);
  expect(fillsWh.map(Number)).toEqual(orders.map(({ id }) => expected.fills[id] ?? 0));
});

describe.each(['prorata-cme-gez9', 'prorata-2p53'])('golden %s', (id) => {
  const { quantities, available, expect: expected } = golden<SplitCase>(id);
  const rows: [SplitRule, number[] | undefined][] = [
    ['LARGEST_REMAINDER', expected.largestRemainder],
    ['CUMULATIVE', expected.cumulativeRounding],
    ['FLOOR', expected.floorShares],
  ];
  it.each(rows.filter(([, shares]) => shares))('%s', (rule, shares) => {
    const answer = split(rule, BigInt(available), quantities.map(BigInt), 0);
    expect(answer).toEqual({ ok: true, value: shares!.map(BigInt) });
  });
});

const traded = ({ fillsWh }: Allocation): number => fillsWh.filter((fillWh) => fillWh > 0n).length;
