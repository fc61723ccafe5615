export type Side = 'BUY' | 'SELL';

/** One line of a frozen book. Energy and ticks are plain numbers here: what they are worth is the zone's affair. */
export interface BookOrder {
  /** Dense index of a point in its zone for one billing period. */
  readonly member: number;
  readonly side: Side;
  /** The limit, as a place on the zone's price grid. */
  readonly tick: number;
  readonly energyWh: bigint;
}

export const mostMembers = 2 ** 31;
/** No book has more orders. */
export const mostOrders = 2 ** 26;
/** No zone has a longer price grid. */
export const mostTicks = 8192;
export const mostWh = 2n ** 31n - 1n;

/** Limit and side in one number: within a tick, buy stands before sell. */
export const tickAndSide = (order: BookOrder): number => order.tick * 2 + (order.side === 'SELL' ? 1 : 0);

/** A book is in order of member, limit and side, energy. Orders that compare equal cannot be told apart, so their order carries nothing. */
export function compareInBook(a: BookOrder, b: BookOrder): number {
  if (a.member !== b.member) return a.member - b.member;
  if (tickAndSide(a) !== tickAndSide(b)) return tickAndSide(a) - tickAndSide(b);
  return a.energyWh === b.energyWh ? 0 : a.energyWh < b.energyWh ? -1 : 1;
}

export const sortBook = (orders: readonly BookOrder[]): BookOrder[] => orders.toSorted(compareInBook);

/** The members with an order, in book order: those whose delivery is settled. */
export const membersOf = (book: readonly BookOrder[]): number[] => [...new Set(book.map((order) => order.member))];

export const sumWh = (amounts: Iterable<bigint>): bigint => {
  let sum = 0n;
  for (const amount of amounts) sum += amount;
  return sum;
};
