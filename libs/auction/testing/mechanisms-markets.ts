import fc from 'fast-check';
import { type BookOrder, type Side, sortBook } from '../src/domain/book/book.js';
import { type Network, unlimitedWh } from '../src/domain/nodal/network.js';
import type { Allocation, Mechanism, MechanismRules, Takes } from '../src/domain/mechanisms/mechanism.js';

/** Few ticks and little energy, so that ties, equal limits and markets without a trade come up often. */
export const ticks = 6;
const mostWh = 3;

export const runs = (): number => Number(process.env.KWARTIER_RUNS ?? 1000);

const side = fc.constantFrom<Side>('BUY', 'SELL');
const tick = fc.nat({ max: ticks - 1 });
const energyWh = fc.bigInt({ min: 1n, max: BigInt(mostWh) });
const some = { maxLength: 7 };

/** Books of just the orders that a mechanism takes. */
export function arbitraryMarket(takes: Takes): fc.Arbitrary<BookOrder[]> {
  switch (takes) {
    case 'ONE_UNIT':
      return fc
        .tuple(fc.array(fc.record({ side, tick }), some), energyWh)
        .map(([orders, unitWh]) => orders.map((order, member) => ({ member, ...order, energyWh: unitWh })));
    case 'ONE_ORDER':
      return fc
        .array(fc.record({ side, tick, energyWh }), some)
        .map((orders) => orders.map((order, member) => ({ member, ...order })));
    case 'ONE_SIDE':
      return fc
        .array(fc.tuple(side, arbitrarySteps(1)), some)
        .map((owners) => sortBook(owners.flatMap(([onSide, steps], member) => ordersOf(member, onSide, steps))));
    case 'ANY':
      return fc
        .array(fc.record({ member: fc.nat({ max: 4 }), side, tick, energyWh }), { maxLength: 9 })
        .map((orders) => sortBook(orders));
  }
}

export interface Step {
  readonly tick: number;
  readonly energyWh: bigint;
}

/** What one owner may say: up to two steps. */
export const arbitrarySteps = (minLength: number): fc.Arbitrary<Step[]> =>
  fc.array(fc.record({ tick, energyWh }), { minLength, maxLength: 2 });

const ordersOf = (member: number, onSide: Side, steps: readonly Step[]): BookOrder[] =>
  steps.map((step) => ({ member, side: onSide, ...step }));

export const arbitraryRules: fc.Arbitrary<MechanismRules> = fc.record({
  priceRule: fc.constantFrom('EQUILIBRIUM', 'SHARED_MARGIN'),
  tieStart: fc.nat({ max: 20 }),
  seed: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  sellersSharePpm: fc.nat({ max: 1_000_000 }),
});

export const plainRules: MechanismRules = { priceRule: 'EQUILIBRIUM', tieStart: 0, seed: 7n };

/** The allocation of a market that the mechanism must take. */
export function allocated(
  mechanism: Mechanism,
  book: readonly BookOrder[],
  rules: MechanismRules = plainRules,
  network: Network = narrow,
): Allocation {
  const node = book.map(({ member }) => member % network.count);
  const answer = mechanism.clear({ book, feeder: { network, node } }, rules);
  if (!answer.ok) throw new Error(`${mechanism.name} refused ${JSON.stringify(answer.refusal)}`);
  return answer.value;
}

const networkWith = (limitWh: number, feeTicks: number): Network => ({
  count: 4,
  parent: Int32Array.of(-1, 0, 1, 0),
  importWh: Int32Array.of(0, limitWh + 1, limitWh, unlimitedWh),
  exportWh: Int32Array.of(0, limitWh, limitWh, unlimitedWh),
  feeTicks: Int32Array.of(0, 0, feeTicks, feeTicks),
});

/** Lines that are often full, and fees on some. */
export const narrow = networkWith(2, 1);
export const copperPlate = networkWith(unlimitedWh - 1, 0);

/** The same book where one owner says something else. */
export const withSaid = (
  book: readonly BookOrder[],
  member: number,
  onSide: Side,
  said: readonly Step[],
): BookOrder[] => sortBook([...book.filter((order) => order.member !== member), ...ordersOf(member, onSide, said)]);

/** What the energy that the limits allow is worth to both sides together, at these fills. In ticks times Wh. */
export const gainOf = (book: readonly BookOrder[], fillsWh: readonly bigint[]): bigint =>
  book.reduce((sum, order, i) => sum + BigInt(order.side === 'BUY' ? order.tick : -order.tick) * fillsWh[i]!, 0n);

/**
 * What an owner has from an allocation of `said`, judged by what is `true` for them, in half ticks times Wh. Wh that a buyer never wanted are worth nothing, and those
 * a seller does not have cost more than anybody could pay.
 */
export function gainOfOwner(
  member: number,
  truth: readonly BookOrder[],
  said: readonly BookOrder[],
  { fillsWh, moneyHalfTickWh }: Allocation,
): bigint {
  const own = truth.filter((order) => order.member === member);
  const buys = own[0]!.side === 'BUY';
  const places = [...said.keys()].filter((place) => said[place]!.member === member);
  const money = places.reduce((sum, place) => sum + moneyHalfTickWh[place]!, 0n);
  let leftWh = places.reduce((sum, place) => sum + fillsWh[place]!, 0n);
  let worth = 0n;
  for (const order of own.toSorted((a, b) => (buys ? b.tick - a.tick : a.tick - b.tick))) {
    const traded = order.energyWh < leftWh ? order.energyWh : leftWh;
    worth += BigInt(2 * order.tick) * traded;
    leftWh -= traded;
  }
  return buys ? worth - money : money - worth - leftWh * 1_000_000n;
}
