import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sessionStory } from '../../../testing/combinatorial-story.js';
import { type BookOrder, sortBook } from '../book/book.js';
import { columnsOf } from '../book/columns.js';
import { clearSession } from './clear-session.js';
import type { BlockOrder, DeferrableOrder, RichOrder, Session, SessionClearing, SessionRules } from './session.js';
import { verifySession } from './verify-session.js';

const equilibrium: SessionRules = { priceRule: 'EQUILIBRIUM', mostNodes: 1000 };

function clear(session: Session, rules = equilibrium): SessionClearing {
  const clearing = clearSession(session, rules);
  if (!clearing.ok) throw new Error(`${clearing.refusal.at}: ${clearing.refusal.why}`);
  expect(verifySession(session, rules, clearing.value)).toBeUndefined();
  return clearing.value;
}

/** All or nothing in one interval. */
const whole = (
  id: number,
  side: 'BUY' | 'SELL',
  wh: number,
  tick: number,
  more: Partial<BlockOrder> = {},
): BlockOrder => ({
  kind: 'BLOCK',
  id,
  member: 100 + id,
  parts: [{ interval: 0, side, tick, wh }],
  leastUnits: 1,
  mostUnits: 1,
  ...more,
});

const partly = (id: number, side: 'BUY' | 'SELL', leastWh: number, mostWh: number, tick: number): BlockOrder => ({
  ...whole(id, side, 1, tick),
  leastUnits: leastWh,
  mostUnits: mostWh,
});

const deferrable = (
  id: number,
  mostWh: number,
  tick: number,
  more: Partial<DeferrableOrder> = {},
): DeferrableOrder => ({
  kind: 'DEFERRABLE',
  id,
  member: 100 + id,
  fromInterval: 0,
  untilInterval: 1,
  tick,
  leastWh: 0,
  mostWh,
  mostWhPerInterval: mostWh,
  ...more,
});

interface Expected {
  readonly prices: readonly (number | undefined)[];
  readonly rich: Readonly<Record<number, readonly number[]>>;
  readonly gap?: bigint;
  readonly paradoxicallyRejected?: readonly number[];
}

const stories: readonly [string, string, readonly RichOrder[], Expected][] = [
  [
    'a whole block fits, and is the last to be matched',
    `0: buy  anna  500 Wh @ 50 => 500
     0: sell ben   200 Wh @ 20 => 200
     0: sell carla 900 Wh @ 60 => 0`,
    [whole(1, 'SELL', 300, 30)],
    { prices: [40], rich: { 1: [300] }, gap: 0n },
  ],
  [
    'a whole block is too large for who would pay for it, and no price lets it in',
    `0: buy  anna  500 Wh @ 50 => 500
     0: sell ben   450 Wh @ 20 => 450
     0: sell carla 900 Wh @ 45 => 50`,
    [whole(1, 'SELL', 300, 30)],
    { prices: [45], rich: { 1: [0] }, gap: 750n, paradoxicallyRejected: [1] },
  ],
  [
    'of two whole blocks for one place the better wins, whichever came first',
    `0: buy  anna  300 Wh @ 50 => 300`,
    [whole(1, 'SELL', 300, 30), whole(2, 'SELL', 300, 20)],
    { prices: [35], rich: { 1: [0], 2: [300] }, gap: 0n, paradoxicallyRejected: [1] },
  ],
  [
    'of two equal ones the earlier wins',
    `0: buy  anna  300 Wh @ 50 => 300`,
    [whole(2, 'SELL', 300, 30), whole(1, 'SELL', 300, 30)],
    { prices: [40], rich: { 1: [300], 2: [0] }, gap: 0n, paradoxicallyRejected: [2] },
  ],
  [
    'a block that gains nothing comes in where more is traded',
    `0: buy  anna  300 Wh @ 50 => 300`,
    [whole(1, 'SELL', 300, 50)],
    { prices: [50], rich: { 1: [300] }, gap: 0n },
  ],
  [
    'and stays out where it would only push another aside',
    `0: buy  anna  300 Wh @ 50 => 300
     0: sell ben   300 Wh @ 50 => 300`,
    [whole(1, 'SELL', 300, 50)],
    { prices: [50], rich: { 1: [0] }, gap: 0n },
  ],
  [
    'a minimum is kept, the rest is filled as it goes',
    `0: buy  anna  500 Wh @ 50 => 500`,
    [partly(1, 'SELL', 400, 1000, 30)],
    { prices: [30], rich: { 1: [500] }, gap: 0n },
  ],
  [
    'a minimum too high for what is left rejects the block',
    `0: buy  anna  300 Wh @ 50 => 300
     0: sell ben   300 Wh @ 40 => 300`,
    [partly(1, 'SELL', 400, 1000, 30)],
    { prices: [45], rich: { 1: [0] }, gap: 3000n, paradoxicallyRejected: [1] },
  ],
  [
    'above its minimum a block shares the margin like anybody',
    `0: buy  anna  600 Wh @ 50 => 600
     0: sell ben   400 Wh @ 30 => 200`,
    [partly(1, 'SELL', 200, 600, 30)],
    { prices: [30], rich: { 1: [400] }, gap: 0n },
  ],
  [
    'an odd Wh at the margin goes by member, whether the order is plain or rich',
    `0: buy  anna  301 Wh @ 50 => 301
     0: sell ben   300 Wh @ 30 => 150`,
    [{ ...partly(1, 'SELL', 0, 300, 30), member: 0 }],
    { prices: [30], rich: { 1: [151] }, gap: 0n },
  ],
  [
    'a child comes with its parent, and pays for itself',
    `0: buy  anna  300 Wh @ 50 => 300
     1: buy  anna  300 Wh @ 50 => 300`,
    [
      whole(1, 'SELL', 300, 30),
      whole(2, 'SELL', 300, 20, { parent: 1, parts: [{ interval: 1, side: 'SELL', tick: 20, wh: 300 }] }),
    ],
    { prices: [40, 35], rich: { 1: [300], 2: [300] }, gap: 0n },
  ],
  [
    'a child stays out without its parent, and its gain does not carry a parent that would lose',
    `0: buy  anna  300 Wh @ 25 => 0
     1: buy  anna  300 Wh @ 50 => 0`,
    [
      whole(1, 'SELL', 300, 30),
      whole(2, 'SELL', 300, 20, { parent: 1, parts: [{ interval: 1, side: 'SELL', tick: 20, wh: 300 }] }),
    ],
    { prices: [undefined, undefined], rich: { 1: [0], 2: [0] }, gap: 7500n },
  ],
  [
    'of a group only one, the most useful',
    `0: buy  anna  900 Wh @ 50 => 400
     0: buy  ben   100 Wh @ 20 => 0`,
    [whole(1, 'SELL', 300, 30, { group: 7 }), whole(2, 'SELL', 400, 30, { group: 7 })],
    { prices: [50], rich: { 1: [0], 2: [400] }, gap: 0n },
  ],
  [
    'a profile is paid in its good interval for what it lacks in the other',
    `0: buy  anna  300 Wh @ 20 => 300
     1: buy  anna  300 Wh @ 60 => 300`,
    [whole(1, 'SELL', 300, 30, { parts: [0, 1].map((interval) => ({ interval, side: 'SELL', tick: 30, wh: 300 })) })],
    // 0 to 20 and 30 to 60 would suit everybody in one interval each: 10 and 45 leave the block short of 5, the first interval gives them.
    { prices: [15, 45], rich: { 1: [300, 300] }, gap: 0n },
  ],
  [
    'a battery buys in the cheap interval what it sells in the dear one',
    `0: sell ben   800 Wh @ 10 => 500
     1: buy  anna  450 Wh @ 60 => 450`,
    [
      whole(1, 'BUY', 0, 0, {
        leastUnits: 1,
        mostUnits: 50,
        parts: [
          { interval: 0, side: 'BUY', tick: 0, wh: 10 },
          { interval: 1, side: 'SELL', tick: 0, wh: 9 },
        ],
      }),
    ],
    { prices: [10, 30], rich: { 1: [500, 450] }, gap: 0n },
  ],
  [
    'one price never takes both sides of a storage pair',
    `0: buy  anna  500 Wh @ 50 => 500
     0: sell ben   200 Wh @ 20 => 200`,
    [{ kind: 'STORAGE', id: 1, member: 9, interval: 0, buy: { tick: 25, wh: 400 }, sell: { tick: 35, wh: 400 } }],
    { prices: [35], rich: { 1: [0, 300] }, gap: 0n },
  ],
  [
    'a curve is filled step by step',
    `0: sell ben   500 Wh @ 30 => 400`,
    [
      {
        kind: 'CURVE',
        id: 1,
        member: 9,
        interval: 0,
        side: 'BUY',
        steps: [
          { tick: 60, wh: 100 },
          { tick: 40, wh: 300 },
          { tick: 20, wh: 900 },
        ],
      },
    ],
    { prices: [30], rich: { 1: [100, 300, 0] }, gap: 0n },
  ],
  [
    '8 kWh before 07:00: where it is cheapest, and until both intervals cost the same',
    `0: sell ben   500 Wh @ 10 => 500
     0: sell carla 500 Wh @ 30 => 200
     1: sell ben   100 Wh @ 20 => 100
     1: sell carla 900 Wh @ 40 => 0`,
    [deferrable(1, 800, 50, { untilInterval: 2 })],
    { prices: [30, 30], rich: { 1: [700, 100] }, gap: 0n },
  ],
  [
    'a deferrable order is moved to make room for one that has no other place',
    `0: sell ben   300 Wh @ 10 => 300
     1: sell carla 300 Wh @ 40 => 300`,
    [deferrable(1, 300, 60, { untilInterval: 2 }), deferrable(2, 300, 50)],
    { prices: [45, 45], rich: { 1: [0, 300], 2: [300] }, gap: 0n },
  ],
  [
    'a deferrable order takes at its limit what no bid wants, and displaces none',
    `0: buy  anna  300 Wh @ 50 => 300
     0: sell ben   300 Wh @ 20 => 300`,
    [deferrable(1, 300, 50)],
    { prices: [50], rich: { 1: [0] }, gap: 0n },
  ],
  [
    'all of it or nothing: there is not enough at its price, and it would lose on the rest',
    `0: sell ben   500 Wh @ 10 => 0
     1: sell carla 500 Wh @ 95 => 0`,
    [deferrable(1, 800, 40, { untilInterval: 2, leastWh: 800 })],
    // No price keeps it from wanting 800 Wh of the 500 that there are: the bound cannot tell, the search can.
    { prices: [undefined, undefined], rich: { 1: [0, 0] }, gap: 15_000n },
  ],
];

describe('a session', () => {
  it.each(stories)('%s', (_, table, richOrders, expected) => {
    const { session, fillsWh } = sessionStory(table.includes('1:') ? 2 : 1, table, richOrders);
    const clearing = clear(session);
    expect({
      prices: clearing.intervals.map(({ priceTick }) => priceTick),
      fillsWh: clearing.intervals.map((interval) => [...interval.fillsWh]),
      rich: Object.fromEntries(clearing.richFills.map((fill) => [fill.id, fill.fillsWh])),
      gap: clearing.gap,
      paradoxicallyRejected: clearing.paradoxicallyRejected,
      reachedLimit: clearing.reachedLimit,
    }).toEqual({ fillsWh, gap: 0n, paradoxicallyRejected: [], reachedLimit: false, ...expected });
  });

  it('shares the margin between last ask and last bid, but never so that a block loses', () => {
    const table = `0: buy  anna  500 Wh @ 50 => 500
                   0: sell ben   300 Wh @ 10 => 300`;
    const rules: SessionRules = { ...equilibrium, priceRule: 'SHARED_MARGIN' };
    const plain = sessionStory(1, table.replace('=> 500', '=> 300'), []);
    expect(clear(plain.session, rules).intervals[0]!.priceTick).toBe(30);
    const { session, fillsWh } = sessionStory(1, table, [whole(1, 'SELL', 200, 40)]);
    const [interval] = clear(session, rules).intervals;
    expect([interval!.priceTick, [...interval!.fillsWh]]).toEqual([45, fillsWh[0]]);
  });

  it('keeps the prices of the equilibrium where the shared margin lets a profile lose', () => {
    const table = `0: sell anna 4 Wh @ 2 => 0
                   0: buy  ben  1 Wh @ 9 => 1
                   0: sell carl 4 Wh @ 6 => 0
                   0: sell carl 2 Wh @ 9 => 0
                   1: buy  anna 2 Wh @ 7 => 2
                   1: sell anna 3 Wh @ 7 => 0
                   1: buy  ben  3 Wh @ 0 => 0
                   1: buy  ben  1 Wh @ 1 => 1`;
    const profile = whole(0, 'SELL', 0, 0, {
      parts: [
        { interval: 0, side: 'SELL', tick: 1, wh: 2 },
        { interval: 1, side: 'SELL', tick: 0, wh: 3 },
      ],
    });
    const waiting = deferrable(1, 4, 0, { untilInterval: 2, leastWh: 1, mostWhPerInterval: 1 });
    const { session, fillsWh } = sessionStory(2, table, [profile, waiting]);
    const { intervals } = clear(session, { ...equilibrium, priceRule: 'SHARED_MARGIN' });
    expect(intervals.map((interval) => [...interval.fillsWh])).toEqual(fillsWh);
    expect(intervals.map(({ priceTick }) => priceTick)).toEqual([0, 1]);
  });

  it('fills units of 1 Wh as the price says, and takes of larger ones as many as it pleases', () => {
    const times = (k: number): SessionClearing => {
      const buy = (id: number, wh: number, tick: number): BlockOrder =>
        whole(id, 'BUY', wh * k, tick, { mostUnits: 2 });
      const empty = sessionStory(1, '', []).session;
      return clear({ ...empty, richOrders: [whole(0, 'SELL', 5 * k, 1), buy(1, 1, 5), buy(2, 4, 4)] });
    };
    // At the only price at which the first buyer is content with 1 of 2 Wh, the second one would lose.
    expect([times(1).welfare, times(1).gap]).toEqual([0n, 17n]);
    expect(times(2).welfare).toBe(32n);
  });

  it('gives the golden answer for a block without a minimum', () => {
    const golden = JSON.parse(
      readFileSync(join(process.cwd(), 'test/golden/auction/block-whitepaper-a.json'), 'utf8'),
    ) as GoldenBlock;
    const isBlock = ({ type }: GoldenOrder): boolean => type === 'block';
    const plain = golden.orders.filter((order) => !isBlock(order));
    const book = sortBook(
      plain.map(({ side, qty, price }, member): BookOrder => {
        return { member, side: side === 'buy' ? 'BUY' : 'SELL', tick: price, energyWh: BigInt(qty) };
      }),
    );
    const blocks = golden.orders.filter(isBlock).map(({ side, qty, price, minAcceptance }, id) => {
      return partly(id, side === 'buy' ? 'BUY' : 'SELL', Math.ceil(qty * minAcceptance!), qty, price);
    });
    const session = { intervals: [{ book: columnsOf(book), tieStart: 0 }], richOrders: blocks };
    const { intervals, gap } = clear(session);
    const [{ volumeWh, priceTick, fillsWh }] = intervals as [SessionClearing['intervals'][number]];
    const fills = Object.fromEntries(plain.map(({ id }, i) => [id, fillsWh[i]]));
    expect({ volume: volumeWh, price: priceTick, gap }).toEqual({
      volume: golden.expect.volume,
      price: golden.expect.price,
      gap: 0n,
    });
    expect(fills).toMatchObject(golden.expect.fills);
  });
});

describe('a large session', () => {
  const asks = (intervals: number, count: number, wh: number): Session =>
    sessionStory(
      intervals,
      Array.from({ length: intervals * count }, (_, i) => {
        const t = i % intervals;
        const tick = 40 + (count > 1 ? (i * 7) % 31 : 0);
        return `${t}: sell m${i} ${wh} Wh @ ${tick} => 0`;
      }).join('\n'),
      [],
    ).session;

  it('may be a chain of thousands of links', () => {
    const chain = Array.from({ length: 3000 }, (_, id) => whole(id, 'BUY', 10, 50, id > 0 ? { parent: id - 1 } : {}));
    const { welfare, nodes } = clear({ ...asks(1, 1, 5), richOrders: chain }, { ...equilibrium, mostNodes: 2 });
    expect([welfare, nodes]).toEqual([0n, 2]);
  });

  it('is cleared nearly as well as can be by one node, however many blocks are too many', () => {
    const bids = Array.from({ length: 4000 }, (_, id) => whole(id, 'BUY', 100 + ((id * 7919) % 1000), 50 + (id % 20)));
    const { welfare, gap } = clear({ ...asks(1, 1, 80_000), richOrders: bids }, { ...equilibrium, mostNodes: 1 });
    expect(gap * 100n).toBeLessThan(welfare);
  });

  it('has a hundred orders that wait a whole day', () => {
    const waiting = Array.from({ length: 100 }, (_, id) =>
      deferrable(id, 1000, 80 + (id % 9), { untilInterval: 96, mostWhPerInterval: 7 }),
    );
    const { gap } = clear({ ...asks(96, 20, 10), richOrders: waiting }, { ...equilibrium, mostNodes: 1 });
    expect(gap).toBe(0n);
  });
});

interface GoldenOrder {
  readonly id: string;
  readonly side: string;
  readonly qty: number;
  readonly price: number;
  readonly type?: string;
  readonly minAcceptance?: number;
}

interface GoldenBlock {
  readonly orders: readonly GoldenOrder[];
  readonly expect: {
    readonly volume: number;
    readonly price: number;
    readonly fills: Readonly<Record<string, number>>;
  };
}
