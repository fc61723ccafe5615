import { clearUniform, LiveBook, pairTrades } from '@kwartier/auction';
import { createRequire } from 'node:module';
import { livelyBook } from './books.js';
import { interleave } from './interleave.js';
import { agree, tell } from './tell.js';

// From orders to trades. Ours gets the orders as the columns of a book, where the platform keeps them from their arrival on, clears them
// and says who supplied whom; besides, one by one through a live book, whose gate is then closed. The peers get the same orders in the same
// order, each through the call that their users make, and match as they arrive. They solve another task (a continuous market trades
// before it knows everybody), so what is compared is the throughput of a batch, and their answers can only be held against each other.
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

const ours = () => pairTrades(columns, clearUniform(columns, rules).fillsWh);

function oneByOne() {
  const live = new LiveBook(count);
  for (let i = 0; i < count; i += 1) {
    live.add(i, columns.limit[i]! & 1 ? 'SELL' : 'BUY', columns.limit[i]! >>> 1, columns.wh[i]!);
  }
  const { book } = live.freeze();
  return pairTrades(book, clearUniform(book, rules).fillsWh);
}

const contestants = {
  ours,
  oneByOne,
  nodejsOrderBook: peer(NodejsOrderBook),
  hftLimitOrderBook: peer(HftLimitOrderBook),
};
agree(contestants.nodejsOrderBook(), contestants.hftLimitOrderBook());
const { volumeWh } = clearUniform(columns, rules);
for (const { wh } of [ours(), oneByOne()]) {
  agree(
    wh.reduce((sum, energy) => sum + energy, 0),
    volumeWh,
  );
}
tell('trades', count, interleave(contestants, count > 50_000 ? 7 : 9));
