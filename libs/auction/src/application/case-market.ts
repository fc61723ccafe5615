import { type BookOrder, compareInBook, mostTicks } from '../domain/book/book.js';
import type { Allocation, Mechanism, MechanismRules } from '../domain/mechanisms/mechanism.js';
import { type Checked, refused, taken } from '../domain/refusal.js';
import type { AuctionCase, CaseOrder } from './read-case.js';

/** How the prices of a case lie on a price grid: the lowest is its start; where they lie far apart, the longest step that reaches all of them is its tick. */
export interface PriceScale {
  readonly start: number;
  readonly step: number;
}

/** What a mechanism made of a case, in the order and the prices of the case. */
export interface CaseAllocation {
  readonly fills: readonly bigint[];
  /** Twice what each order pays or receives, so that it is whole. */
  readonly doubleMoney: readonly bigint[];
  readonly doubleSurplus: bigint;
  readonly doubleBuyPrice: number | undefined;
  readonly doubleSellPrice: number | undefined;
}

/** `fees` lie on the same grid as what separates the prices. */
export function priceScaleOf(prices: readonly number[], fees: readonly number[] = []): PriceScale {
  if (prices.length === 0) return { start: 0, step: 1 };
  const start = prices.reduce((lowest, price) => Math.min(lowest, price), Infinity);
  const rises = prices.map((price) => price - start);
  if (rises.every((rise) => rise < mostTicks)) return { start, step: 1 };
  return { start, step: [...rises, ...fees].reduce(commonDivisor, 0) };
}

export interface CaseGrid extends PriceScale {
  readonly tickOf: (order: CaseOrder) => number;
  readonly priceAt: (tick: number) => number;
}

/** The price grid of a case, for the mechanisms that need one; refused where even the longest step makes it too long. */
export function gridOf(orders: readonly CaseOrder[], fees: readonly number[] = []): Checked<CaseGrid> {
  const prices = orders.map(({ price }) => price);
  const { start, step } = priceScaleOf(prices, fees);
  const far = prices.findIndex((price) => (price - start) / step >= mostTicks);
  if (far >= 0) {
    const why = `expected a price less than ${mostTicks} steps of ${step} above the lowest, ${start}`;
    return refused('OUT_OF_RANGE', `orders[${far}].price`, why);
  }
  return taken({ start, step, tickOf: ({ price }) => (price - start) / step, priceAt: (tick) => tick * step + start });
}

/** Clears the orders of a case with one of the mechanisms. Exact; what is refused is named by its field. */
export function allocate(auctionCase: AuctionCase, mechanism: Mechanism): Checked<CaseAllocation> {
  const { orders, seed } = auctionCase;
  const scale = priceScaleOf(orders.map(({ price }) => price));
  const { book, places } = bookOf(orders, scale);
  const rules: MechanismRules = { priceRule: 'EQUILIBRIUM', tieStart: 0, seed: BigInt(seed) };
  const cleared = mechanism.clear({ book }, rules);
  if (!cleared.ok) {
    const { code, at, why } = cleared.refusal;
    return refused(code, typeof at === 'number' ? auctionCase.fieldOf(places[at]!) : at, `expected ${why}`);
  }
  return taken(inPricesOf(orders, cleared.value, places, scale));
}

/** Owners become members in the order in which they are first named, so that without owners the list is in book order. */
function bookOf(orders: readonly CaseOrder[], { start, step }: PriceScale): { book: BookOrder[]; places: number[] } {
  const members = new Map<string, number>();
  for (const { owner } of orders) if (!members.has(owner)) members.set(owner, members.size);
  const listed = orders.map(({ owner, side, price, qty }, place) => ({
    place,
    order: { member: members.get(owner)!, side, tick: (price - start) / step, energyWh: BigInt(qty) },
  }));
  listed.sort((a, b) => compareInBook(a.order, b.order) || a.place - b.place);
  return { book: listed.map(({ order }) => order), places: listed.map(({ place }) => place) };
}

function inPricesOf(
  orders: readonly CaseOrder[],
  { fillsWh, moneyHalfTickWh, buyPriceHalfTicks, sellPriceHalfTicks }: Allocation,
  places: readonly number[],
  { start, step }: PriceScale,
): CaseAllocation {
  const fills = orders.map(() => 0n);
  const doubleMoney = orders.map(() => 0n);
  places.forEach((place, i) => {
    fills[place] = fillsWh[i]!;
    doubleMoney[place] = moneyHalfTickWh[i]! * BigInt(step) + fillsWh[i]! * BigInt(2 * start);
  });
  const doublePrice = (halfTicks: number | undefined): number | undefined =>
    halfTicks === undefined ? undefined : halfTicks * step + 2 * start;
  return {
    fills,
    doubleMoney,
    doubleSurplus: orders.reduce((sum, { side }, i) => sum + (side === 'BUY' ? doubleMoney[i]! : -doubleMoney[i]!), 0n),
    doubleBuyPrice: doublePrice(buyPriceHalfTicks),
    doubleSellPrice: doublePrice(sellPriceHalfTicks),
  };
}

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));
