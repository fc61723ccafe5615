import {
  clearLoaded,
  clearUniform,
  LiveBook,
  loadChecked,
  openKernel,
  pairLoaded,
  pairTrades,
} from '@kwartier/auction';
import { createRequire } from 'node:module';
import { livelyBook, numbersFrom } from './books.js';
import { interleave } from './interleave.js';
import { agree, tell } from './tell.js';

// From orders to trades. Ours gets the orders in three ways: one by one as numbers, through the live book of a zone, which checks each
// and knows the price at its gate; the same where members come in no order, so that the book is sorted at the gate; and as the columns of a
// book, which are checked and cleared. The peers get the same orders in the same order, each through the call that their users make, and
// match as they arrive. They solve another task (a continuous market trades before it knows everybody), so what is compared is the
// throughput of a batch, and their answers can only be held against each other.
const count = Number(process.argv[2]);
const columns = livelyBook(count);
const rules = { priceRule: 'EQUILIBRIUM', tieStart: 0 } as const;

type Peer = new () => { limit(order: object): { done: unknown[] } };
const require = createRequire(import.meta.url);
const { OrderBook: NodejsOrderBook } = require('nodejs-order-book') as { OrderBook: Peer };
const { OrderBook: HftLimitOrderBook } = require('hft-limit-order-book') as { OrderBook: Peer };

const asked = Array.from({ length: count }, (_, i) => ({
  side: columns.limit[i]! & 1 ? 'sell' : 'buy',
  id: String(i),
  // These books know no price of 0.
  price: (columns.limit[i]! >>> 1) + 1,
  size: columns.wh[i]!,
}));
const peer = (Book: Peer) => (): number => {
  const book = new Book();
  let done = 0;
  for (const order of asked) done += book.limit({ ...order }).done.length;
  return done;
};

const kernel = openKernel(count);
const live = new LiveBook(count);
const arrivals = columns.member;
const shuffled = shuffledNumbers(count);

function oneByOne(member: Int32Array) {
  live.reset();
  for (let i = 0; i < count; i += 1) {
    const refusal = live.addLimit(member[i]!, columns.limit[i]!, columns.wh[i]!);
    if (refusal) throw new Error(refusal.why);
  }
  live.clearInto(kernel, rules);
  return pairLoaded(kernel, count);
}

function asColumns() {
  if (!loadChecked(kernel, columns).ok) throw new Error('The book is refused.');
  clearLoaded(kernel, count, rules);
  return pairLoaded(kernel, count);
}

const contestants = {
  ours: asColumns,
  oneByOne: () => oneByOne(arrivals),
  oneByOneShuffled: () => oneByOne(shuffled),
  nodejsOrderBook: peer(NodejsOrderBook),
  hftLimitOrderBook: peer(HftLimitOrderBook),
};
agree(contestants.nodejsOrderBook(), contestants.hftLimitOrderBook());
const { volumeWh } = clearUniform(columns, rules);
for (const way of [asColumns, contestants.oneByOne, contestants.oneByOneShuffled]) agree(sumOf(way().wh), volumeWh);
agree(sumOf(pairTrades(columns, clearUniform(columns, rules).fillsWh).wh), volumeWh);
tell('trades', count, interleave(contestants, count > 50_000 ? 7 : 9));

function sumOf(wh: Int32Array): number {
  return wh.reduce((sum, energy) => sum + energy, 0);
}

function shuffledNumbers(end: number): Int32Array {
  const numbers = Int32Array.from({ length: end }, (_, i) => i);
  const next = numbersFrom(9);
  for (let i = end - 1; i > 0; i -= 1) {
    const j = Math.floor(next() * (i + 1));
    [numbers[i], numbers[j]] = [numbers[j]!, numbers[i]!];
  }
  return numbers;
}
