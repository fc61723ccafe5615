import { type BookOrder, sortBook } from '../src/domain/book/book.js';
import { columnsOf } from '../src/domain/book/columns.js';
import type { RichOrder, Session } from '../src/domain/combinatorial/session.js';

export interface SessionStory {
  readonly session: Session;
  /** What each plain order gets, by interval, in book order. */
  readonly fillsWh: readonly (readonly number[])[];
}

const line = /^\s*(\d+):\s+(buy|sell)\s+(\w+)\s+(\d+) Wh @ (\d+)\s+=> (\d+)\s*$/;

/** Reads a table such as `0: buy anna 800 Wh @ 280 => 790`, the interval first. Members are numbered as they first appear. */
export function sessionStory(intervals: number, table: string, richOrders: readonly RichOrder[]): SessionStory {
  const members: string[] = [];
  const rows: { order: BookOrder; interval: number; fillWh: number }[] = [];
  for (const row of table.split('\n').filter((each) => each.trim() !== '')) {
    const [, interval, side, name, energy, tick, fill] = line.exec(row) ?? [];
    if (!interval || !side || !name || !energy || !tick || !fill) throw new Error(`Not an order and its fill: ${row}`);
    if (!members.includes(name)) members.push(name);
    const order: BookOrder = {
      member: members.indexOf(name),
      side: side === 'buy' ? 'BUY' : 'SELL',
      tick: Number(tick),
      energyWh: BigInt(energy),
    };
    rows.push({ order, interval: Number(interval), fillWh: Number(fill) });
  }
  const books = Array.from({ length: intervals }, (_, t) => {
    const here = rows.filter(({ interval }) => interval === t);
    const book = sortBook(here.map(({ order }) => order));
    return { book, fillsWh: book.map((order) => here.find((row) => row.order === order)!.fillWh) };
  });
  return {
    session: { intervals: books.map(({ book }) => ({ book: columnsOf(book), tieStart: 0 })), richOrders },
    fillsWh: books.map(({ fillsWh }) => fillsWh),
  };
}
