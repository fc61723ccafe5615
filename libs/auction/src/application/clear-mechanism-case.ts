import { huang } from '../domain/mechanisms/huang.js';
import { mcAfee } from '../domain/mechanisms/mcafee.js';
import type { Mechanism } from '../domain/mechanisms/mechanism.js';
import { mechanismNamed } from '../domain/mechanisms/mechanisms.js';
import { sbba } from '../domain/mechanisms/sbba.js';
import { tradeReduction } from '../domain/mechanisms/trade-reduction.js';
import { uniformPrice } from '../domain/mechanisms/uniform-price.js';
import { vcg } from '../domain/mechanisms/vcg.js';
import { invariant } from '../domain/invariant.js';
import { type Checked, taken } from '../domain/refusal.js';
import { allocate, type CaseAllocation } from './case-market.js';
import { type CaseResult, type CaseValue, exact, exactHalf, fillsById } from './case-result.js';
import { surplusOf } from './clear-uniform-case.js';
import type { AuctionCase, CaseOrder } from './auction-case.js';

/** Any one mechanism by its own name: volume, prices, and what each order trades, pays or receives. */
export function clearNamedCase(auctionCase: AuctionCase): Checked<CaseResult> {
  const mechanism = mechanismNamed(auctionCase.mechanism);
  invariant(mechanism, 'every name of a mechanism has its mechanism');
  const allocated = allocate(auctionCase, mechanism);
  if (!allocated.ok) return allocated;
  const { orders } = auctionCase;
  const { fills, doubleMoney, doubleSurplus } = allocated.value;
  return taken({
    ...dealsOrVolume(auctionCase, fills),
    ...pricesOf(allocated.value, { both: 'price', buy: 'buyPrice', sell: 'sellPrice' }),
    fills: fillsById(orders, fills.map(exact)),
    payments: fillsById(orders, doubleMoney.map(exactHalf)),
    auctioneerSurplus: exactHalf(doubleSurplus),
  });
}

/** Huang's two prices, and the fills. */
export function clearReductionCase(auctionCase: AuctionCase): Checked<CaseResult> {
  const allocated = allocate(auctionCase, huang);
  if (!allocated.ok) return allocated;
  const { doubleBuyPrice, doubleSellPrice, fills } = allocated.value;
  return taken({
    buyPrice: halfOrNull(doubleBuyPrice),
    sellPrice: halfOrNull(doubleSellPrice),
    fills: fillsById(auctionCase.orders, fills.map(exact)),
  });
}

/** The four mechanisms for one unit per owner, side by side on one book. */
export function clearUnitDemandCase(auctionCase: AuctionCase): Checked<CaseResult> {
  const { orders } = auctionCase;
  const dealsOf = (mechanism: Mechanism): Checked<CaseAllocation> => allocate(auctionCase, mechanism);
  const [best, clarke, reduced, middle, lot] = [uniformPrice, vcg, tradeReduction, mcAfee, sbba].map(dealsOf);
  for (const allocated of [best, clarke, reduced, middle, lot]) if (!allocated!.ok) return allocated as Checked<never>;
  const value = (allocated: Checked<CaseAllocation> | undefined): CaseAllocation => {
    invariant(allocated?.ok, 'refusals have been handed out before');
    return allocated.value;
  };
  const k = dealsIn(orders, value(best).fills);
  return taken({
    k,
    maxGainFromTrade: exact(surplusOf(orders, value(best).fills)),
    vcg: unitDeals(orders, value(clarke)),
    tradeReduction: unitDeals(orders, value(reduced)),
    mcafee: withCandidate(orders, k, value(middle)),
    sbba: withLottery(orders, k, value(lot)),
  });
}

/** Deals, what a buyer pays and a seller receives for one unit of quantity, and what is over in all. */
function unitDeals(orders: readonly CaseOrder[], allocation: CaseAllocation): Record<string, CaseValue> {
  const { deals, auctioneerSurplus, doublePaid } = unitTrade(orders, allocation);
  const [buyersPay, sellersReceive] = [halfOrNull(doublePaid('BUY')), halfOrNull(doublePaid('SELL'))];
  return { deals, buyersPay, sellersReceive, auctioneerSurplus };
}

/** The same where one price holds for both sides. */
function unitDealsAtOnePrice(orders: readonly CaseOrder[], allocation: CaseAllocation): Record<string, CaseValue> {
  const { deals, auctioneerSurplus, doublePaid } = unitTrade(orders, allocation);
  return { deals, price: halfOrNull(doublePaid('BUY')), auctioneerSurplus };
}

function unitTrade(orders: readonly CaseOrder[], { fills, doubleMoney, doubleSurplus }: CaseAllocation) {
  const doublePaid = (side: 'BUY' | 'SELL'): number | undefined => {
    const trading = orders.findIndex((order, i) => order.side === side && fills[i]! > 0n);
    return trading < 0 ? undefined : Number(doubleMoney[trading]! / fills[trading]!);
  };
  return { deals: dealsIn(orders, fills), auctioneerSurplus: exactHalf(doubleSurplus), doublePaid };
}

/** McAfee's one price for all deals; where the last is given up, two prices and the one tried before: null where nobody is left out on a side. */
function withCandidate(orders: readonly CaseOrder[], k: number, allocation: CaseAllocation): CaseValue {
  if (dealsIn(orders, allocation.fills) === k) return unitDealsAtOnePrice(orders, allocation);
  const [bid, ask] = [limitsOf(orders, 'BUY')[k], limitsOf(orders, 'SELL')[k]];
  const candidate = bid === undefined || ask === undefined ? null : (bid + ask) / 2;
  return { ...unitDeals(orders, allocation), candidate };
}

/** Who drew lots, in words, where lots were drawn. */
function withLottery(orders: readonly CaseOrder[], k: number, allocation: CaseAllocation): CaseValue {
  const deals = unitDealsAtOnePrice(orders, allocation);
  if (dealsIn(orders, allocation.fills) === k) return deals;
  const sellers = `${k - 1} of the ${k} cheapest sellers chosen at random (public seed)`;
  return { ...deals, lottery: k === 1 ? 'nobody trades' : `buyers 1..${k - 1}; ${sellers}` };
}

/** One side's limits, the best first. */
const limitsOf = (orders: readonly CaseOrder[], side: 'BUY' | 'SELL'): number[] =>
  orders
    .filter((order) => order.side === side)
    .map(({ price }) => price)
    .sort((a, b) => (side === 'BUY' ? b - a : a - b));

const volumeOf = (orders: readonly CaseOrder[], fills: readonly bigint[]): bigint =>
  orders.reduce((sum, { side }, i) => sum + (side === 'BUY' ? fills[i]! : 0n), 0n);

/** Of orders of equal quantity, also where some share what is left: so often is that quantity traded. */
const dealsIn = (orders: readonly CaseOrder[], fills: readonly bigint[]): number =>
  orders.length === 0 ? 0 : Number(volumeOf(orders, fills) / BigInt(orders[0]!.qty));

const dealsOrVolume = ({ orders, inUnits }: AuctionCase, fills: readonly bigint[]): Record<string, CaseValue> =>
  inUnits ? { deals: dealsIn(orders, fills) } : { volume: exact(volumeOf(orders, fills)) };

function pricesOf(
  { doubleBuyPrice, doubleSellPrice }: CaseAllocation,
  words: { readonly both: string; readonly buy: string; readonly sell: string },
): Record<string, CaseValue> {
  if (doubleBuyPrice === doubleSellPrice) return { [words.both]: halfOrNull(doubleBuyPrice) };
  return { [words.buy]: halfOrNull(doubleBuyPrice), [words.sell]: halfOrNull(doubleSellPrice) };
}

const halfOrNull = (double: number | undefined): number | null => (double === undefined ? null : double / 2);
