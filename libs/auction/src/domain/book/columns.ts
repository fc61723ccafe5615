import { type BookOrder, mostMembers, mostTicks, mostWh, tickAndSide } from './book.js';
import { invariant } from '../invariant.js';

/**
 * A frozen book as columns, in book order: what the fast paths read. Everything fits a machine word, and a
 * book of orders (`BookOrder`) is a view of it for those who would rather read objects.
 */
export interface BookColumns {
  readonly count: number;
  /** Ascending. */
  readonly member: Int32Array;
  /** Twice the tick, and one more for a sell. */
  readonly limit: Uint16Array;
  /** 1 to 2^31 - 1. */
  readonly wh: Int32Array;
}

/** What the auction of a book publishes, and what explains its price; fills in book order. */
export interface ClearingColumns {
  /** This and the four ticks below are undefined where nothing traded. */
  readonly priceTick: number | undefined;
  /** Exact: a side of a book never adds up to 2^53. */
  readonly volumeWh: number;
  readonly fillsWh: Int32Array;
  /** The lowest and the highest price at which nobody wants to trade more or less. */
  readonly lowTick: number | undefined;
  readonly highTick: number | undefined;
  readonly lastAskTick: number | undefined;
  readonly lastBidTick: number | undefined;
}

/** `mostWh` as columns hold it. */
export const widestWh = 2 ** 31 - 1;

/** By its name, because an array that came from another thread may be of another global. */
export const isColumn = (column: Int32Array | Uint16Array | Float64Array, name: string): boolean =>
  column?.[Symbol.toStringTag] === name;

export const limitOf = (tick: number, side: 'BUY' | 'SELL'): number => tick * 2 + (side === 'SELL' ? 1 : 0);
export const sideOf = (limit: number): 'BUY' | 'SELL' => (limit & 1 ? 'SELL' : 'BUY');
export const tickOf = (limit: number): number => limit >>> 1;

export function columnsOf(book: readonly BookOrder[]): BookColumns {
  const count = book.length;
  const columns = { count, member: new Int32Array(count), limit: new Uint16Array(count), wh: new Int32Array(count) };
  book.forEach((order, i) => {
    if (!fitsColumns(order)) invariant(false, `a book can be packed (order ${i} is out of range)`);
    columns.member[i] = order.member;
    columns.limit[i] = tickAndSide(order);
    columns.wh[i] = Number(order.energyWh);
  });
  return columns;
}

const fitsColumns = ({ member, tick, energyWh }: BookOrder): boolean =>
  isBelow(member, mostMembers) && isBelow(tick, mostTicks) && energyWh > 0n && energyWh <= mostWh;
const isBelow = (value: number, count: number): boolean => Number.isInteger(value) && value >= 0 && value < count;

export const ordersOf = ({ count, member, limit, wh }: BookColumns): BookOrder[] =>
  Array.from({ length: count }, (_, i) => ({
    member: member[i]!,
    side: sideOf(limit[i]!),
    tick: tickOf(limit[i]!),
    energyWh: BigInt(wh[i]!),
  }));
