import { isDivisible } from './model.js';
import type { BlockOrder, DeferrableOrder, RichFill, RichOrder, Session } from './session.js';

/**
 * The orders that were rejected although at the published prices (-1: none) even their least would have gained, and whose parent was accepted
 * and group free. It happens because taking them would have moved the prices against somebody accepted.
 */
export function paradoxicallyRejected(
  session: Session,
  richFills: readonly RichFill[],
  priceTick: Int32Array,
): number[] {
  const acceptedIds = new Set(richFills.filter(({ isAccepted }) => isAccepted).map(({ id }) => id));
  const takenGroups = new Set(
    session.richOrders
      .filter(({ id }) => acceptedIds.has(id))
      .map((order) => (isConditional(order) ? order.group : undefined)),
  );
  return session.richOrders
    .filter(isConditional)
    .filter((order) => !isDivisible(order))
    .filter(({ id }) => !acceptedIds.has(id))
    .filter(({ parent }) => parent === undefined || acceptedIds.has(parent))
    .filter(({ group }) => group === undefined || !takenGroups.has(group))
    .filter((order) => wouldGain(order, priceTick))
    .map(({ id }) => id);
}

const isConditional = (order: RichOrder): order is BlockOrder | DeferrableOrder =>
  order.kind === 'BLOCK' || order.kind === 'DEFERRABLE';

function wouldGain(order: BlockOrder | DeferrableOrder, priceTick: Int32Array): boolean {
  if (order.kind === 'DEFERRABLE') return wouldGainWaiting(order, priceTick);
  if (order.parts.some(({ interval }) => priceTick[interval]! < 0)) return false;
  let gain = 0;
  for (const { interval, side, tick, wh } of order.parts) {
    gain += (side === 'BUY' ? tick - priceTick[interval]! : priceTick[interval]! - tick) * wh;
  }
  return gain > 0;
}

/** Buying its least, or 1 Wh, where it is cheapest. */
function wouldGainWaiting(
  { fromInterval, untilInterval, tick, leastWh, mostWhPerInterval }: DeferrableOrder,
  priceTick: Int32Array,
): boolean {
  const cheapestFirst = priceTick
    .slice(fromInterval, untilInterval)
    .filter((price) => price >= 0)
    .sort();
  let leftWh = Math.max(1, leastWh);
  let gain = 0;
  for (const price of cheapestFirst) {
    const wh = Math.min(leftWh, mostWhPerInterval);
    gain += (tick - price) * wh;
    leftWh -= wh;
  }
  return leftWh === 0 && gain > 0;
}
