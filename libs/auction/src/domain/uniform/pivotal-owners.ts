import type { ClearingRules } from '../book/clearing.js';
import type { BookColumns } from '../book/columns.js';
import { BadInput, mustBe } from '../bad-input.js';
import { checkedPriceRule } from '../book/checked-rules.js';
import { Depth } from './depth.js';

/**
 * The owners, ascending, without whom the price would lie more than a tick away or nothing would trade: those who could
 * move it alone. The fills are not made for that, so it takes one pass and a question to the depth per owner.
 */
export function pivotalOwners(
  { count, limit, wh }: BookColumns,
  owner: Int32Array,
  rules: Pick<ClearingRules, 'priceRule'>,
): Int32Array {
  mustBe(checkedPriceRule(rules.priceRule));
  if (owner.length < count) throw new BadInput({ code: 'MALFORMED', at: 'owner', why: 'an owner for every order' });
  const depth = new Depth();
  for (let i = 0; i < count; i++) depth.add(limit[i]!, wh[i]!);
  const price = depth.indicative(rules)?.priceTick;
  if (price === undefined) return new Int32Array(0);

  const pivotal: number[] = [];
  for (const [name, orders] of ordersByOwner(owner, count)) {
    for (const i of orders) depth.add(limit[i]!, -wh[i]!);
    const without = depth.indicative(rules)?.priceTick;
    if (without === undefined || Math.abs(without - price) > 1) pivotal.push(name);
    for (const i of orders) depth.add(limit[i]!, wh[i]!);
  }
  return Int32Array.from(pivotal).sort();
}

function ordersByOwner(owner: Int32Array, count: number): Map<number, number[]> {
  const orders = new Map<number, number[]>();
  for (let i = 0; i < count; i++) {
    const own = orders.get(owner[i]!);
    if (own) own.push(i);
    else orders.set(owner[i]!, [i]);
  }
  return orders;
}
