import type { BookColumns } from '@kwartier/auction';

/** The clearing as most programs do it: orders as objects, each side sorted by a comparator, then matched from the best on. */
export interface SortedOrder {
  readonly id: number;
  readonly isSell: boolean;
  readonly price: number;
  readonly size: number;
  fill: number;
}

export interface SortedClearing {
  readonly volume: number;
  /** The ends of the prices at which nobody wants to trade more or less. */
  readonly low: number;
  readonly high: number;
}

export const objectsOf = ({ count, limit, wh }: BookColumns): SortedOrder[] =>
  Array.from({ length: count }, (_, id) => ({
    id,
    isSell: (limit[id]! & 1) === 1,
    price: limit[id]! >>> 1,
    size: wh[id]!,
    fill: 0,
  }));

export function sortObjects(orders: readonly SortedOrder[]): SortedClearing {
  const bids: SortedOrder[] = [];
  const asks: SortedOrder[] = [];
  for (const order of orders) {
    order.fill = 0;
    (order.isSell ? asks : bids).push(order);
  }
  bids.sort((a, b) => b.price - a.price || a.id - b.id);
  asks.sort((a, b) => a.price - b.price || a.id - b.id);
  let [bid, ask, volume] = [0, 0, 0];
  let [lastBid, lastAsk] = [0, 0];
  while (bid < bids.length && ask < asks.length && bids[bid]!.price >= asks[ask]!.price) {
    const [buyer, seller] = [bids[bid]!, asks[ask]!];
    const traded = Math.min(buyer.size - buyer.fill, seller.size - seller.fill);
    buyer.fill += traded;
    seller.fill += traded;
    volume += traded;
    [lastBid, lastAsk] = [buyer.price, seller.price];
    if (buyer.fill === buyer.size) bid += 1;
    if (seller.fill === seller.size) ask += 1;
  }
  return {
    volume,
    low: Math.max(lastAsk, bids[bid]?.price ?? 0),
    high: Math.min(lastBid, asks[ask]?.price ?? Infinity),
  };
}

/** The same with the fastest sort that JavaScript has of its own: limit and place packed into 64 bits, one typed array per side. */
export class TypedSort {
  readonly #book: BookColumns;
  readonly #keys: BigUint64Array;
  readonly #halves: Uint32Array;
  readonly fills: Int32Array;

  constructor(book: BookColumns) {
    this.#book = book;
    this.#keys = new BigUint64Array(book.count);
    this.#halves = new Uint32Array(this.#keys.buffer);
    this.fills = new Int32Array(book.count);
  }

  clear(): SortedClearing {
    const { count, limit, wh } = this.#book;
    const halves = this.#halves;
    const { fills } = this;
    let bids = 0;
    for (let i = 0; i < count; i += 1) bids += 1 - (limit[i]! & 1);
    let [nextBid, nextAsk] = [0, bids];
    for (let i = 0; i < count; i += 1) {
      const price = limit[i]! >>> 1;
      const at = limit[i]! & 1 ? nextAsk++ : nextBid++;
      halves[2 * at] = i;
      halves[2 * at + 1] = limit[i]! & 1 ? price : 0xffff - price;
    }
    fills.fill(0);
    this.#keys.subarray(0, bids).sort();
    this.#keys.subarray(bids).sort();
    let [bid, ask, volume, lastBid, lastAsk] = [0, bids, 0, 0, 0];
    while (bid < bids && ask < count) {
      const [buyer, seller] = [halves[2 * bid]!, halves[2 * ask]!];
      const [bidPrice, askPrice] = [limit[buyer]! >>> 1, limit[seller]! >>> 1];
      if (bidPrice < askPrice) break;
      const traded = Math.min(wh[buyer]! - fills[buyer]!, wh[seller]! - fills[seller]!);
      fills[buyer]! += traded;
      fills[seller]! += traded;
      volume += traded;
      [lastBid, lastAsk] = [bidPrice, askPrice];
      if (fills[buyer] === wh[buyer]) bid += 1;
      if (fills[seller] === wh[seller]) ask += 1;
    }
    const left = (at: number, end: number): number | undefined =>
      at < end ? limit[halves[2 * at]!]! >>> 1 : undefined;
    return {
      volume,
      low: Math.max(lastAsk, left(bid, bids) ?? 0),
      high: Math.min(lastBid, left(ask, count) ?? Infinity),
    };
  }
}
