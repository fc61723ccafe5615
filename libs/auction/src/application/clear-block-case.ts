import { clearSession } from '../domain/combinatorial/clear-session.js';
import type { BlockOrder } from '../domain/combinatorial/session.js';
import { type BookColumns, columnsOf } from '../domain/book/columns.js';
import { type Checked, refused, taken } from '../domain/refusal.js';
import { gridOf } from './case-market.js';
import { type CaseResult, exact, fillsById } from './case-result.js';
import { clearUniformCase, surplusOf } from './clear-uniform-case.js';
import type { AuctionCase, CaseOrder } from './auction-case.js';

/** Thorough where there are few blocks, and the shorter the more there are, so that any case is answered in seconds. */
const mostNodesFor = (blocks: number): number => Math.max(1, Math.min(10_000, Math.floor(200_000 / blocks)));
const million = 1_000_000n;

/**
 * Blocks and plain orders of one interval in the words of a case. A block that may be taken in any part is a plain order; where there
 * is no other, the uniform auction is the answer. The minimum rounds up to the next whole unit.
 */
export function clearBlockCase(auctionCase: AuctionCase): Checked<CaseResult> {
  const { orders, rules } = auctionCase;
  const least = orders.map(leastOf);
  if (least.every((minimum) => minimum === 0)) return taken({ ...clearUniformCase(auctionCase), gap: 0 });
  const grid = gridOf(orders);
  if (!grid.ok) return grid;
  const { tickOf, priceAt, step } = grid.value;
  const blocks = orders.flatMap((order, id) => (least[id]! > 0 ? [blockOf(order, id, least[id]!, tickOf(order))] : []));
  const plain = [...orders.keys()].filter((place) => least[place] === 0);
  const book = bookOf(orders, plain, tickOf);
  const { priceRule, tieStart } = rules;
  const mostNodes = mostNodesFor(blocks.length);
  const cleared = clearSession({ intervals: [{ book, tieStart }], richOrders: blocks }, { priceRule, mostNodes });
  if (!cleared.ok) return refused(cleared.refusal.code, 'orders', `expected ${cleared.refusal.why}`);

  const { intervals, richFills, gap, paradoxicallyRejected } = cleared.value;
  const fills = orders.map(() => 0n);
  plain.forEach((place, i) => (fills[place] = BigInt(intervals[0]!.fillsWh[i]!)));
  for (const { id, fillsWh } of richFills) fills[id] = BigInt(fillsWh[0]!);
  const { priceTick, volumeWh } = intervals[0]!;
  return taken({
    volume: volumeWh,
    price: priceTick === undefined ? null : priceAt(priceTick),
    fills: fillsById(orders, fills.map(exact)),
    surplus: exact(surplusOf(orders, fills)),
    gap: exact(gap * BigInt(step)),
    paradoxicallyRejected: paradoxicallyRejected.map((id) => orders[id]!.id),
  });
}

/** The units below which a block is not taken; 0 for a plain order. */
const leastOf = ({ qty, minAcceptancePpm }: CaseOrder): number =>
  Number((BigInt(qty) * BigInt(minAcceptancePpm ?? 0) + million - 1n) / million);

function blockOf({ member, side, qty }: CaseOrder, id: number, least: number, tick: number): BlockOrder {
  const whole = least === qty;
  const part = { interval: 0, side, tick, wh: whole ? qty : 1 };
  return { kind: 'BLOCK', id, member, parts: [part], leastUnits: whole ? 1 : least, mostUnits: whole ? 1 : qty };
}

const bookOf = (
  orders: readonly CaseOrder[],
  places: readonly number[],
  tickOf: (order: CaseOrder) => number,
): BookColumns =>
  columnsOf(
    places.map((place) => {
      const order = orders[place]!;
      return { member: order.member, side: order.side, tick: tickOf(order), energyWh: BigInt(order.qty) };
    }),
  );
