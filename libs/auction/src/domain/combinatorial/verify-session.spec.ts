import fc from 'fast-check';
import { arbitrarySession, tinySessions } from '../../../testing/combinatorial-arbitrary.js';
import { sessionStory } from '../../../testing/combinatorial-story.js';
import type { PriceRule } from '../book/clearing.js';
import { clearSession } from './clear-session.js';
import type { IntervalClearing, RichFill, RichOrder, Session, SessionClearing, SessionRules } from './session.js';
import { verifySession } from './verify-session.js';

const numRuns = Number(process.env['KWARTIER_RUNS'] ?? 1000);
const rules: SessionRules = { priceRule: 'EQUILIBRIUM', mostNodes: 1000 };

function clear(session: Session, by = rules): SessionClearing {
  const clearing = clearSession(session, by);
  if (!clearing.ok) throw new Error(`${clearing.refusal.at}: ${clearing.refusal.why}`);
  return clearing.value;
}

const change = <T>(items: readonly T[], at: number, changed: (item: T) => T): T[] =>
  items.map((item, i) => (i === at ? changed(item) : item));

const withInterval = (
  clearing: SessionClearing,
  t: number,
  changed: (one: IntervalClearing) => IntervalClearing,
): SessionClearing => ({
  ...clearing,
  intervals: change(clearing.intervals, t, changed),
});

const withRich = (clearing: SessionClearing, i: number, changed: (one: RichFill) => RichFill): SessionClearing => ({
  ...clearing,
  richFills: change(clearing.richFills, i, changed),
});

/** Every way to change one number of a clearing by `by`, who is called accepted, and who is listed as rejected against the prices. */
function tampered(clearing: SessionClearing, by: number): SessionClearing[] {
  const intervals = clearing.intervals.flatMap(({ fillsWh, priceTick }, t) => [
    ...[...fillsWh.keys()].map((i) =>
      withInterval(clearing, t, (one) => ({ ...one, fillsWh: one.fillsWh.with(i, one.fillsWh[i]! + by) })),
    ),
    withInterval(clearing, t, (one) => ({ ...one, priceTick: priceTick === undefined ? by : priceTick + by })),
    withInterval(clearing, t, (one) => ({ ...one, volumeWh: one.volumeWh + by })),
  ]);
  const rich = clearing.richFills.flatMap(({ fillsWh }, i) =>
    [...fillsWh.keys()].map((slot) =>
      withRich(clearing, i, (one) => ({ ...one, fillsWh: change(one.fillsWh, slot, (wh) => wh + by) })),
    ),
  );
  const flipped = clearing.richFills.map((_, i) =>
    withRich(clearing, i, (one) => ({ ...one, isAccepted: !one.isAccepted })),
  );
  const listed = clearing.paradoxicallyRejected;
  const lists = [
    ...clearing.richFills.map(({ id }) => [...listed, id]),
    ...listed.map((_, i) => listed.toSpliced(i, 1)),
  ];
  const relisted = lists.map((paradoxicallyRejected) => ({ ...clearing, paradoxicallyRejected }));
  const sums = (['welfare', 'bound', 'gap'] as const).map((name) => ({
    ...clearing,
    [name]: clearing[name] + BigInt(by),
  }));
  return [...intervals, ...rich, ...flipped, ...relisted, ...sums];
}

describe('a clearing that was changed', () => {
  it('has a flaw, whichever one number was', () => {
    const sessions = arbitrarySession({ ...tinySessions, plainOrders: 6, ticks: 10 });
    fc.assert(
      fc.property(
        sessions,
        fc.constantFrom<PriceRule>('EQUILIBRIUM', 'SHARED_MARGIN'),
        fc.constantFrom(-1, 1),
        (session, priceRule, by) => {
          const clearing = clear(session, { ...rules, priceRule });
          for (const one of tampered(clearing, by)) {
            expect(verifySession(session, { ...rules, priceRule }, one)).toBeDefined();
          }
        },
      ),
      { numRuns },
    );
  });

  it('has a flaw where a Wh went to another order', () => {
    fc.assert(
      fc.property(arbitrarySession(tinySessions), (session) => {
        const clearing = clear(session);
        clearing.intervals.forEach(({ fillsWh }, t) => {
          const { limit, wh } = session.intervals[t]!.book;
          for (let from = 0; from < fillsWh.length; from++) {
            for (let to = 0; to < fillsWh.length; to++) {
              const sameSide = ((limit[from]! ^ limit[to]!) & 1) === 0;
              if (from === to || !sameSide || fillsWh[from] === 0 || fillsWh[to]! >= wh[to]!) continue;
              const moved = withInterval(clearing, t, (one) => ({
                ...one,
                fillsWh: one.fillsWh.with(from, one.fillsWh[from]! - 1).with(to, one.fillsWh[to]! + 1),
              }));
              expect(verifySession(session, rules, moved)).toBeDefined();
            }
          }
        });
      }),
      { numRuns },
    );
  });
});

const sell = (id: number, wh: number, tick: number, more: Partial<RichOrder> = {}): RichOrder =>
  ({
    kind: 'BLOCK',
    id,
    member: 9,
    parts: [{ interval: 0, side: 'SELL', tick, wh }],
    leastUnits: 1,
    mostUnits: 1,
    ...more,
  }) as RichOrder;

describe('each rule by itself', () => {
  const { session } = sessionStory(1, `0: buy anna 300 Wh @ 50 => 300`, [
    sell(1, 100, 20),
    sell(2, 100, 20, { group: 1 }),
    sell(3, 100, 20, { group: 1 }),
    sell(4, 100, 20, { parent: 1 }),
  ]);
  const honest = clear(session);
  const acceptedOnly = (...ids: number[]): SessionClearing => ({
    ...honest,
    richFills: honest.richFills.map(({ id }) => ({
      id,
      isAccepted: ids.includes(id),
      fillsWh: [ids.includes(id) ? 100 : 0],
    })),
    intervals: [
      {
        ...honest.intervals[0]!,
        priceTick: ids.length > 0 ? honest.intervals[0]!.priceTick : undefined,
        volumeWh: 100 * ids.length,
        fillsWh: Int32Array.of(100 * ids.length),
      },
    ],
  });
  const only = (session: Session, richOrder: RichOrder): Session => ({ ...session, richOrders: [richOrder] });

  it.each<[string, SessionClearing, string]>([
    ['a child without its parent', acceptedOnly(2, 4), 'order 4 is accepted without its parent'],
    ['two of a group', acceptedOnly(1, 2, 3), 'two orders of group 1 are accepted'],
    [
      'a fill of a rejected order',
      withRich(honest, 2, (one) => ({ ...one, fillsWh: [100], isAccepted: false })),
      'order 3 is rejected and filled',
    ],
    [
      'half a block',
      withRich(honest, 0, (one) => ({ ...one, fillsWh: [50] })),
      'order 1 is not filled between its least and its most units',
    ],
    [
      'a missing order',
      { ...honest, richFills: honest.richFills.slice(1) },
      'there is not one result for each rich order, by id',
    ],
    ['nobody at all', acceptedOnly(), 'the welfare is not what the fills are worth'],
    ['no node', { ...honest, nodes: 0 }, 'the search did not keep to its nodes'],
    ['an end before the limit', { ...honest, reachedLimit: true }, 'the search did not keep to its nodes'],
    [
      'someone listed who was not rejected',
      { ...honest, paradoxicallyRejected: [1] },
      'those rejected against the prices are not the ones listed',
    ],
  ])('%s', (_, clearing, flaw) => {
    expect(verifySession(session, rules, clearing)).toBe(flaw);
  });

  it('an order called accepted that got nothing, so that nobody of its group is listed as rejected against the prices', () => {
    const { session: grouped } = sessionStory(1, `0: buy anna 300 Wh @ 50 => 300`, [
      sell(1, 200, 30, { group: 1 }),
      sell(2, 100, 60, { leastUnits: 0, group: 1 } as Partial<RichOrder>),
      sell(3, 200, 20),
    ]);
    const clearing = clear(grouped);
    expect(clearing.paradoxicallyRejected).toEqual([1]);
    const called = withRich({ ...clearing, paradoxicallyRejected: [] }, 1, (one) => ({ ...one, isAccepted: true }));
    expect(verifySession(grouped, rules, called)).toBe('order 2 is accepted and got nothing');
  });

  it.each<[string, object, string]>([
    ['a clearing without intervals', { intervals: undefined }, 'there is not one result for each interval'],
    ['an interval that is none', { intervals: [null] }, 'there is not one fill for each plain order'],
    ['fills that are no energy', { intervals: [{ fillsWh: ['300'] }] }, 'there is not one fill for each plain order'],
    ['a clearing without rich orders', { richFills: undefined }, 'there is not one result for each rich order, by id'],
    ['a rich order without fills', { richFills: [{ id: 1 }] }, 'there is not one result for each rich order, by id'],
    [
      'no list of those rejected',
      { paradoxicallyRejected: undefined },
      'there is no list of those rejected against the prices',
    ],
  ])('%s', (_, changed, flaw) => {
    expect(verifySession(session, rules, { ...honest, ...changed })).toBe(flaw);
  });

  it('no clearing and no session', () => {
    expect(verifySession(session, rules, undefined as never)).toBe('there is not one result for each interval');
    expect(verifySession(undefined as never, rules, honest)).toContain('the session is not one');
  });

  it('less traded than could be, although it is worth nothing', () => {
    const { session: level } = sessionStory(
      1,
      `0: buy  anna 300 Wh @ 50 => 300
       0: sell ben  300 Wh @ 50 => 300`,
      [],
    );
    const clearing = clear(level);
    const less = withInterval(clearing, 0, (one) => ({ ...one, volumeWh: 200, fillsWh: Int32Array.of(200, 200) }));
    expect(verifySession(level, rules, less)).toBe(
      'interval 0: a buyer and a seller who could trade are both left over',
    );
  });

  it('a profile of which one part was taken twice', () => {
    const parts = [0, 1].map((interval) => ({ interval, side: 'SELL' as const, tick: 20, wh: 100 }));
    const table = `0: buy anna 300 Wh @ 50 => 300
                   1: buy anna 300 Wh @ 50 => 300`;
    const { session: two } = sessionStory(2, table, [sell(1, 100, 20, { parts, mostUnits: 2 } as Partial<RichOrder>)]);
    const torn = withRich(clear(two), 0, (one) => ({ ...one, fillsWh: [200, 100] }));
    expect(verifySession(two, rules, torn)).toBe('order 1 is not filled in whole units');
  });

  it('an accepted order that loses', () => {
    const losing = only(sessionStory(1, `0: buy anna 300 Wh @ 50 => 300`, []).session, sell(1, 300, 60));
    const clearing = clear(losing);
    const forced: SessionClearing = {
      ...clearing,
      richFills: [{ id: 1, isAccepted: true, fillsWh: [300] }],
      intervals: [{ ...clearing.intervals[0]!, priceTick: 50, volumeWh: 300, fillsWh: Int32Array.of(300) }],
    };
    expect(verifySession(losing, rules, forced)).toBe('order 1 is accepted and loses');
  });

  it('a deferrable order that did not buy where it was cheaper', () => {
    const table = `0: sell ben   500 Wh @ 10 => 500
                   1: sell carla 500 Wh @ 30 => 0`;
    const waiting: RichOrder = {
      kind: 'DEFERRABLE',
      id: 1,
      member: 9,
      tick: 50,
      fromInterval: 0,
      untilInterval: 2,
      leastWh: 0,
      mostWh: 300,
      mostWhPerInterval: 300,
    };
    const { session: cheap } = sessionStory(2, table, [waiting]);
    const clearing = clear(cheap);
    expect(clearing.richFills[0]!.fillsWh).toEqual([300, 0]);
    const dear: SessionClearing = {
      ...clearing,
      richFills: [{ id: 1, isAccepted: true, fillsWh: [0, 300] }],
      intervals: [
        { ...clearing.intervals[0]!, priceTick: undefined, volumeWh: 0, fillsWh: Int32Array.of(0) },
        { ...clearing.intervals[1]!, priceTick: 30, volumeWh: 300, fillsWh: Int32Array.of(300) },
      ],
    };
    expect(verifySession(cheap, rules, dear)).toBe('interval 0: no price suits everybody who may be filled in part');
  });
});
