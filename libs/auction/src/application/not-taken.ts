import type { Takes } from '../domain/mechanisms/mechanism.js';
import type { Refusal } from '../domain/refusal.js';
import type { CaseOrder } from './auction-case.js';

/** Why a mechanism does not take these orders, in book order, in the words of their case; undefined where it does. */
export function notTaken(orders: readonly CaseOrder[], takes: Takes): Refusal | undefined {
  if (takes === 'ANY') return undefined;
  const again = orders.map((order, i) => i > 0 && order.member === orders[i - 1]!.member);
  const turned = orders.find((order, i) => again[i] && order.side !== orders[i - 1]!.side);
  if (turned) {
    const found = turned.side === 'BUY' ? 'buy' : 'sell';
    return contradiction(turned, 'side', `owners who only buy or only sell, found "${found}" of "${turned.owner}" too`);
  }
  if (takes === 'ONE_SIDE') return undefined;
  const second = orders.find((_, i) => again[i]);
  if (second) return contradiction(second, 'owner', `one order per owner, found "${second.owner}" again`);
  if (takes === 'ONE_ORDER') return undefined;
  const odd = orders.find(({ qty }) => qty !== orders[0]!.qty);
  return (
    odd && contradiction(odd, 'qty', `the same in every order, ${orders[0]!.qty} as in the first, found ${odd.qty}`)
  );
}

const contradiction = ({ fieldOf }: CaseOrder, word: string, expected: string): Refusal => ({
  code: 'CONTRADICTION',
  at: fieldOf(word),
  why: `expected ${expected}`,
});
