import { type BookOrder, membersOf, type Side, sumWh } from '../book/book.js';
import type { ClearingRules } from '../book/clearing.js';
import { compareLimits, placesOf } from './best-first.js';
import { clarkePayments } from './clarke-payments.js';
import { drawn } from './lots.js';
import type { Mechanism, MechanismRules, Policy } from './mechanism.js';
import { atPrices, type Deal, mechanism } from './policy.js';
import { efficientTrade } from './uniform-price.js';

const shared: Omit<Policy, 'name' | 'keeps'> = {
  takes: 'ONE_SIDE',
  leastOwners: { buyers: 2, sellers: 2 },
  drawsLots: true,
};

/**
 * MUDA (Segal-Halevi, Hassidim, Aumann 2018): lots split the owners in two halves, and each half trades at the uniform price of the other. Where the half wants
 * to buy more than to sell at that price, or the other way round, the longer side is served in the order of another lot, everyone their whole demand at that price.
 *
 * Nearly efficient where many trade, not where few do; individually rational; budget exact; truthful in limits and in energy for every seed, because nobody meets a price
 * they had a part in and a lot is the member's whatever they bid. Takes as many orders of an owner as they like on one side. A half without a trade of its own has no
 * price, so that it never trades with fewer than two owners on a side, and it makes nine tenths of the gain from about a hundred per side on. Halves differ by one buyer and one seller at most, where the paper tosses a coin for each:
 * the theorem only needs the halves not to depend on the orders, and small markets lose less. Exact; prices round down to the tick.
 */
export const mudaLottery: Mechanism = mechanism(
  {
    ...shared,
    name: 'muda-lottery',
    keeps: {
      efficiency: 'LARGE_MARKETS',
      individualRationality: true,
      budgetBalance: 'EXACT',
      truthfulness: 'LIMIT_AND_ENERGY',
    },
  },
  ({ book }, rules) => inHalves(book, rules, servedByLot),
);

/**
 * MUDA with the longer side served by its best limits, everyone of them paying, beside the price, what they keep the others of their side from.
 *
 * Promises the same, except that these payments are left over for the auctioneer. Makes more of the gain, nine tenths from twenty-five per side on, but leaves the traders
 * less of it than the lot does.
 */
export const mudaVickrey: Mechanism = mechanism(
  {
    ...shared,
    name: 'muda-vickrey',
    keeps: {
      efficiency: 'LARGE_MARKETS',
      individualRationality: true,
      budgetBalance: 'SURPLUS',
      truthfulness: 'LIMIT_AND_ENERGY',
    },
  },
  ({ book }, rules) => inHalves(book, rules, servedByLimit),
);

/** How one half trades at a price from outside. Everybody in it agrees to the price. */
type Serve = (agreed: readonly BookOrder[], priceTick: number, rules: MechanismRules) => Deal;

function inHalves(book: readonly BookOrder[], rules: MechanismRules, serve: Serve): Deal {
  const halves = halvesOf(book, rules.seed!);
  const prices = halves.map((places) => efficientTrade(at(book, places), rules).priceTick);
  const whole = { fillsWh: book.map(() => 0n), moneyHalfTickWh: book.map(() => 0n) };
  halves.forEach((places, half) => {
    const priceTick = prices[1 - half];
    if (priceTick === undefined) return;
    const agreed = places.filter((place) => agrees(book[place]!, priceTick));
    const deal = serve(at(book, agreed), priceTick, rules);
    agreed.forEach((place, i) => {
      whole.fillsWh[place] = deal.fillsWh[i]!;
      whole.moneyHalfTickWh[place] = deal.moneyHalfTickWh[i]!;
    });
  });
  return whole;
}

/** The places of either half. The members of each side take turns, in the order of their lots. */
function halvesOf(book: readonly BookOrder[], seed: bigint): [number[], number[]] {
  const second = new Set<number>();
  for (const side of ['BUY', 'SELL'] as const) {
    const members = membersOf(book.filter((order) => order.side === side));
    drawn(members, seed, 1n).forEach((member, turn) => turn % 2 === 1 && second.add(member));
  }
  const isIn = (half: boolean) => (place: number) => second.has(book[place]!.member) === half;
  return [[...book.keys()].filter(isIn(false)), [...book.keys()].filter(isIn(true))];
}

function servedByLot(agreed: readonly BookOrder[], priceTick: number, { seed }: MechanismRules): Deal {
  const volumeWh = volumeOf(agreed);
  const leftWh = { BUY: volumeWh, SELL: volumeWh };
  const turns = new Map(drawn(membersOf(agreed), seed!, 2n).map((member, turn) => [member, turn]));
  const turnOf = (place: number): number => turns.get(agreed[place]!.member)!;
  // Of several orders of one owner the best is served first: it is what they would choose.
  const queue = [...agreed.keys()].sort(
    (a, b) => turnOf(a) - turnOf(b) || compareLimits(agreed[a]!, agreed[b]!) || a - b,
  );
  const fillsWh = agreed.map(() => 0n);
  for (const place of queue) {
    const { side, energyWh } = agreed[place]!;
    fillsWh[place] = energyWh < leftWh[side] ? energyWh : leftWh[side];
    leftWh[side] -= fillsWh[place];
  }
  return atPrices(agreed, fillsWh, 2 * priceTick, 2 * priceTick);
}

function servedByLimit(agreed: readonly BookOrder[], priceTick: number, rules: ClearingRules): Deal {
  // Everybody agrees to the price, so that the efficient trade serves the shorter side whole and the best limits of the longer one.
  const { fillsWh } = efficientTrade(agreed, rules);
  const volumeWh = volumeOf(agreed);
  const payments = (side: Side): bigint[] => {
    const leftOver = placesOf(agreed, side)
      .filter((place) => fillsWh[place]! < agreed[place]!.energyWh)
      .sort((a, b) => compareLimits(agreed[a]!, agreed[b]!))
      .map((place) => ({ ...agreed[place]!, energyWh: agreed[place]!.energyWh - fillsWh[place]! }));
    const atThePrice = { member: nobody, tick: priceTick, energyWh: volumeWh };
    return clarkePayments(agreed, side, fillsWh, [...leftOver, atThePrice]);
  };
  const [paid, received] = [payments('BUY'), payments('SELL')];
  return { fillsWh, moneyHalfTickWh: agreed.map((_, i) => paid[i]! + received[i]!) };
}

/** The Wh that no owner waits for: they go at the price. */
const nobody = -1;

const at = (book: readonly BookOrder[], places: readonly number[]): BookOrder[] => places.map((place) => book[place]!);

const agrees = ({ side, tick }: BookOrder, priceTick: number): boolean =>
  side === 'BUY' ? tick >= priceTick : tick <= priceTick;

/** As much as the shorter side has. */
function volumeOf(orders: readonly BookOrder[]): bigint {
  const [boughtWh, soldWh] = (['BUY', 'SELL'] as const).map((side) =>
    sumWh(orders.filter((order) => order.side === side).map(({ energyWh }) => energyWh)),
  ) as [bigint, bigint];
  return boughtWh < soldWh ? boughtWh : soldWh;
}
