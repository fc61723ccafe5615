import { type BookOrder, compareInBook, mostMembers, mostTicks, mostWh } from '../book/book.js';
import { checkedRules } from '../book/checked-rules.js';
import { type Refusal, type RefusalCode } from '../refusal.js';
import { mostSideWh } from '../uniform/equilibrium.js';
import type { Market, MechanismRules, Policy, Takes } from './mechanism.js';

/** Why a policy does not take this market under these rules, or undefined. Orders are named by their place in the book. */
export const refusalOf = (policy: Policy, { book }: Market, rules: MechanismRules): Refusal | undefined =>
  orderRefusal(book) ?? takesRefusal(policy.takes, book) ?? rulesRefusal(policy, rules);

/** Why these are not the orders of a book, or undefined. */
export function orderRefusal(book: readonly BookOrder[]): Refusal | undefined {
  const totalWh = { BUY: 0, SELL: 0 };
  for (let place = 0; place < book.length; place += 1) {
    const order = book[place]!;
    const { side, member, tick, energyWh } = order;
    if (side !== 'BUY' && side !== 'SELL') return refusal('MALFORMED', place, 'a side, BUY or SELL');
    if (!within(member, mostMembers)) return refusal('OUT_OF_RANGE', place, `a member from 0 to ${mostMembers - 1}`);
    if (!within(tick, mostTicks)) return refusal('OUT_OF_RANGE', place, `a tick from 0 to ${mostTicks - 1}`);
    if (typeof energyWh !== 'bigint' || energyWh < 1n || energyWh > mostWh) {
      return refusal('OUT_OF_RANGE', place, `an energy from 1 to ${mostWh} Wh`);
    }
    if (place > 0 && compareInBook(book[place - 1]!, order) > 0) {
      return refusal('MALFORMED', place, 'orders in book order: by member, then limit, then energy');
    }
    totalWh[side] += Number(energyWh);
    if (totalWh[side] >= mostSideWh) return refusal('TOO_MANY', place, 'less than 2^53 Wh on a side');
  }
  return undefined;
}

function takesRefusal(takes: Takes, book: readonly BookOrder[]): Refusal | undefined {
  if (takes === 'ANY') return undefined;
  const again = [...book.keys()].slice(1).filter((place) => book[place]!.member === book[place - 1]!.member);
  const onBothSides = again.find((place) => book[place]!.side !== book[place - 1]!.side);
  if (onBothSides !== undefined) return refusal('CONTRADICTION', onBothSides, 'owners who only buy or only sell');
  if (takes === 'ONE_SIDE') return undefined;
  if (again.length > 0) return refusal('CONTRADICTION', again[0]!, 'one order per owner');
  if (takes === 'ONE_ORDER') return undefined;
  const odd = book.findIndex(({ energyWh }) => energyWh !== book[0]!.energyWh);
  return odd === -1 ? undefined : refusal('CONTRADICTION', odd, 'the same energy in every order');
}

/** Why these are not the rules of an auction, or undefined; the ones that draw lots need a seed. */
export function rulesRefusal({ drawsLots }: Pick<Policy, 'drawsLots'>, rules: MechanismRules): Refusal | undefined {
  const checked = checkedRules(rules);
  if (!checked.ok) return checked.refusal;
  const { seed, sellersSharePpm } = rules;
  if (drawsLots && seed === undefined) return refusal('CONTRADICTION', 'seed', 'a seed, for lots are drawn');
  if (seed !== undefined && (typeof seed !== 'bigint' || seed < 0n || seed >= 2n ** 64n)) {
    return refusal('OUT_OF_RANGE', 'seed', 'a seed from 0 to 2^64 - 1');
  }
  if (sellersSharePpm !== undefined && !within(sellersSharePpm, 1_000_001)) {
    return refusal('OUT_OF_RANGE', 'sellersSharePpm', 'a share from 0 to 1000000 millionths');
  }
  return undefined;
}

const within = (value: number, count: number): boolean => Number.isSafeInteger(value) && value >= 0 && value < count;
const refusal = (code: RefusalCode, at: string | number, why: string): Refusal => ({ code, at, why });
