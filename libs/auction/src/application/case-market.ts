import { type BookOrder, mostTicks } from '../domain/book/book.js';
import { invariant } from '../domain/invariant.js';
import type { Allocation, Mechanism } from '../domain/mechanisms/mechanism.js';
import { type Checked, refused, taken } from '../domain/refusal.js';
import type { AuctionCase, CaseOrder } from './auction-case.js';
import { notTaken } from './not-taken.js';

/** How the prices of a case lie on a price grid: the lowest is its start; where they lie far apart, the longest step that reaches all of them is its tick. */
interface PriceScale {
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

export interface CaseGrid extends PriceScale {
  readonly tickOf: (order: CaseOrder) => number;
  readonly priceAt: (tick: number) => number;
}

/** The price grid of a case, for the mechanisms that need one; refused where even the longest step makes it too long. `fees` lie on the same grid as what separates the prices. */
export function gridOf(orders: readonly CaseOrder[], fees: readonly number[] = []): Checked<CaseGrid> {
  const { start, step } = priceScaleOf(
    orders.map(({ price }) => price),
    fees,
  );
  const far = orders.find(({ price }) => (price - start) / step >= mostTicks);
  if (far) {
    const why = `expected a price less than ${mostTicks} steps of ${step} above the lowest, ${start}, found ${far.price}`;
    return refused('OUT_OF_RANGE', far.fieldOf('price'), why);
  }
  return taken({ start, step, tickOf: ({ price }) => (price - start) / step, priceAt: (tick) => tick * step + start });
}

function priceScaleOf(prices: readonly number[], fees: readonly number[]): PriceScale {
  if (prices.length === 0) return { start: 0, step: 1 };
  const start = prices.reduce((lowest, price) => Math.min(lowest, price), Infinity);
  const rises = prices.map((price) => price - start);
  if (rises.every((rise) => rise < mostTicks)) return { start, step: 1 };
  return { start, step: [...rises, ...fees].reduce(commonDivisor, 0) };
}

/** Clears the orders of a case with one of the mechanisms. Exact; what is refused is named by its field. */
export function allocate({ orders, rules, seed }: AuctionCase, mechanism: Mechanism): Checked<CaseAllocation> {
  const grid = gridOf(orders);
  if (!grid.ok) return grid;
  const stray = notTaken(orders, mechanism.takes);
  if (stray) return { ok: false, refusal: stray };
  const { tickOf } = grid.value;
  const book = orders.map((order): BookOrder => ({
    member: order.member,
    side: order.side,
    tick: tickOf(order),
    energyWh: BigInt(order.qty),
  }));
  const cleared = mechanism.clear({ book }, { ...rules, seed });
  invariant(cleared.ok, 'a case that has been read and looked at is taken by its mechanism');
  return taken(inPricesOf(orders, cleared.value, grid.value));
}

function inPricesOf(
  orders: readonly CaseOrder[],
  { fillsWh: fills, moneyHalfTickWh, buyPriceHalfTicks, sellPriceHalfTicks }: Allocation,
  { start, step }: PriceScale,
): CaseAllocation {
  const doubleMoney = moneyHalfTickWh.map((money, i) => money * BigInt(step) + fills[i]! * BigInt(2 * start));
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
