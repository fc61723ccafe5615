import { type Side, mostWh } from '../domain/book/book.js';
import type { CaseOrder } from './auction-case.js';
import { orderWords } from './case-words.js';
import type { FieldReader } from './field-reader.js';
import type { MechanismName } from './mechanism-names.js';

type Fields = Readonly<Record<string, unknown>>;

const mostOrders = 1_000_000;
/** Differences and middles of such prices stay exact. */
const mostPrice = 2 ** 52;
const million = 1_000_000;

/**
 * The orders of a case in book order. Owners are members in the order in which they are first named, an order without an owner is its own:
 * a list without owners is in book order as it stands.
 */
export function readOrders(reader: FieldReader, fields: Fields, mechanism: MechanismName): CaseOrder[] {
  const seen = new Set<string>();
  const memberOf = new Map<string, number>();
  const orders = reader.list(fields['orders'], 'orders', mostOrders).map((entry, i): CaseOrder => {
    const at = `orders[${i}]`;
    const order = reader.object(entry, at);
    reader.only(order, orderWords(mechanism), `${at}.`, `an order of ${mechanism}`);
    const id = reader.text(order['id'], `${at}.id`);
    if (seen.has(id)) reader.refuse('DUPLICATE', `${at}.id`, `expected an id of its own, "${id}" has been used before`);
    seen.add(id);
    const owner = order['owner'] === undefined ? id : reader.text(order['owner'], `${at}.owner`);
    if (!memberOf.has(owner)) memberOf.set(owner, memberOf.size);
    return {
      id,
      owner,
      member: memberOf.get(owner)!,
      side: reader.oneOf(order['side'], `${at}.side`, ['buy', 'sell']) === 'buy' ? 'BUY' : 'SELL',
      qty: reader.whole(order['qty'], `${at}.qty`, 1, Number(mostWh)),
      price: reader.whole(order['price'], `${at}.price`, -mostPrice, mostPrice),
      node: mechanism === 'nodal' ? reader.text(order['node'], `${at}.node`) : undefined,
      minAcceptancePpm: readMinAcceptance(reader, order, at),
      fieldOf: (word) => `${at}.${word}`,
    };
  });
  return orders.sort(inBook);
}

/** By member, limit and quantity; equal orders as they are listed. */
const inBook = (a: CaseOrder, b: CaseOrder): number =>
  a.member - b.member || a.price - b.price || sellsAfter(a.side) - sellsAfter(b.side) || a.qty - b.qty;

const sellsAfter = (side: Side): number => (side === 'SELL' ? 1 : 0);

/** A share of the order, 0 to 1, as millionths; finer shares are refused rather than rounded. */
function readMinAcceptance(reader: FieldReader, { type, minAcceptance }: Fields, at: string): number | undefined {
  const isBlock = type !== undefined && reader.oneOf(type, `${at}.type`, ['block', 'plain']) === 'block';
  if (!isBlock) {
    if (minAcceptance !== undefined)
      reader.refuse('CONTRADICTION', `${at}.minAcceptance`, 'expected only beside "type": "block"');
    return undefined;
  }
  const ppm = typeof minAcceptance === 'number' ? Math.round(minAcceptance * million) : Number.NaN;
  if (ppm / million === minAcceptance && ppm >= 0 && ppm <= million) return ppm;
  reader.refuse('MALFORMED', `${at}.minAcceptance`, 'expected a share from 0 to 1 with at most six decimals');
  return 0;
}

/** Bids and asks of one unit each, whose owners are called b1, b2, … and s1, s2, …. */
export function readUnits(reader: FieldReader, fields: Fields): CaseOrder[] {
  const unitsOf = (field: 'bids' | 'asks', side: Side, letter: string, firstMember: number): CaseOrder[] =>
    reader.list(fields[field], field, mostOrders).map((price, i) => ({
      id: `${letter}${i + 1}`,
      owner: `${letter}${i + 1}`,
      member: firstMember + i,
      side,
      qty: 1,
      price: reader.whole(price, `${field}[${i}]`, -mostPrice, mostPrice),
      node: undefined,
      minAcceptancePpm: undefined,
      fieldOf: () => `${field}[${i}]`,
    }));
  const bids = unitsOf('bids', 'BUY', 'b', 0);
  return [...bids, ...unitsOf('asks', 'SELL', 's', bids.length)];
}
