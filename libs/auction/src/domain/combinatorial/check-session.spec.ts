import { sessionStory } from '../../../testing/combinatorial-story.js';
import { clearSession } from './clear-session.js';
import type { RichOrder, Session, SessionRules } from './session.js';

const rules: SessionRules = { priceRule: 'EQUILIBRIUM', mostNodes: 10 };
const table = `0: buy anna 300 Wh @ 50 => 0
               0: sell ben 300 Wh @ 50 => 0`;
const withRich = (...richOrders: object[]): Session => sessionStory(2, table, richOrders as RichOrder[]).session;

const part = { interval: 0, side: 'SELL', tick: 20, wh: 100 };
const block = { kind: 'BLOCK', id: 1, member: 9, parts: [part], leastUnits: 1, mostUnits: 1 };
const waiting = {
  kind: 'DEFERRABLE',
  id: 1,
  member: 9,
  tick: 50,
  fromInterval: 0,
  untilInterval: 2,
  leastWh: 0,
  mostWh: 300,
  mostWhPerInterval: 150,
};
const curve = {
  kind: 'CURVE',
  id: 1,
  member: 9,
  interval: 0,
  side: 'BUY',
  steps: [
    { tick: 30, wh: 1 },
    { tick: 20, wh: 1 },
  ],
};
const storage = { kind: 'STORAGE', id: 1, member: 9, interval: 0, buy: { tick: 20, wh: 1 }, sell: { tick: 30, wh: 1 } };

describe('bad input', () => {
  it.each<[string, Session, string, string]>([
    ['no interval', { intervals: [], richOrders: [] }, 'MALFORMED', 'intervals'],
    ['an id twice', withRich(block, curve), 'DUPLICATE', 'richOrders[id 1]'],
    ['a negative id', withRich({ ...block, id: -1 }), 'OUT_OF_RANGE', 'richOrders[id -1].id'],
    ['half a member', withRich({ ...block, member: 0.5 }), 'OUT_OF_RANGE', 'richOrders[id 1].member'],
    ['an unknown kind', withRich({ ...block, kind: 'ICEBERG' }), 'MALFORMED', 'richOrders[id 1].kind'],
    ['a block without a part', withRich({ ...block, parts: [] }), 'MALFORMED', 'richOrders[id 1].parts'],
    [
      'two parts in one interval',
      withRich({ ...block, parts: [part, part] }),
      'CONTRADICTION',
      'richOrders[id 1].parts',
    ],
    [
      'a part in no interval',
      withRich({ ...block, parts: [{ ...part, interval: 2 }] }),
      'OUT_OF_RANGE',
      'richOrders[id 1].parts[0].interval',
    ],
    [
      'a part on no side',
      withRich({ ...block, parts: [{ ...part, side: 'HOLD' }] }),
      'MALFORMED',
      'richOrders[id 1].parts[0].side',
    ],
    [
      'a tick off the grid',
      withRich({ ...block, parts: [{ ...part, tick: 8192 }] }),
      'OUT_OF_RANGE',
      'richOrders[id 1].parts[0].tick',
    ],
    ['nothing', withRich({ ...block, parts: [{ ...part, wh: 0 }] }), 'OUT_OF_RANGE', 'richOrders[id 1].parts[0].wh'],
    [
      'a negative energy',
      withRich({ ...block, parts: [{ ...part, wh: -1 }] }),
      'OUT_OF_RANGE',
      'richOrders[id 1].parts[0].wh',
    ],
    [
      'more than a column holds',
      withRich({ ...block, parts: [{ ...part, wh: 2 ** 31 }] }),
      'OUT_OF_RANGE',
      'richOrders[id 1].parts[0].wh',
    ],
    [
      'units that add up to more',
      withRich({ ...block, parts: [{ ...part, wh: 2 ** 20 }], mostUnits: 2 ** 20 }),
      'OUT_OF_RANGE',
      'richOrders[id 1].parts[0].wh times mostUnits',
    ],
    [
      'a minimum above the quantity',
      withRich({ ...block, leastUnits: 2 }),
      'CONTRADICTION',
      'richOrders[id 1].leastUnits',
    ],
    [
      'an empty window',
      withRich({ ...waiting, fromInterval: 1, untilInterval: 1 }),
      'CONTRADICTION',
      'richOrders[id 1].untilInterval',
    ],
    [
      'a window beyond the session',
      withRich({ ...waiting, untilInterval: 3 }),
      'OUT_OF_RANGE',
      'richOrders[id 1].untilInterval',
    ],
    [
      'a deferrable minimum above its quantity',
      withRich({ ...waiting, leastWh: 301 }),
      'CONTRADICTION',
      'richOrders[id 1].leastWh',
    ],
    [
      'a deferrable minimum that its intervals cannot hold',
      withRich({ ...waiting, leastWh: 300, untilInterval: 1 }),
      'CONTRADICTION',
      'richOrders[id 1].leastWh',
    ],
    ['a curve without a step', withRich({ ...curve, steps: [] }), 'MALFORMED', 'richOrders[id 1].steps'],
    [
      'a buyer who pays more for more',
      withRich({ ...curve, steps: curve.steps.toReversed() }),
      'CONTRADICTION',
      'richOrders[id 1].steps[1].tick',
    ],
    [
      'a seller who takes less for more',
      withRich({ ...curve, side: 'SELL' }),
      'CONTRADICTION',
      'richOrders[id 1].steps[1].tick',
    ],
    [
      'a battery that would buy dear and sell cheap',
      withRich({ ...storage, buy: { tick: 30, wh: 1 } }),
      'CONTRADICTION',
      'richOrders[id 1].buy.tick',
    ],
    ['an unknown parent', withRich({ ...block, parent: 7 }), 'UNKNOWN_ORDER', 'richOrders[id 1].parent'],
    [
      'a parent that may be filled with nothing',
      withRich({ ...block, id: 2, parent: 1 }, waiting),
      'CONTRADICTION',
      'richOrders[id 2].parent',
    ],
    [
      'a circle of parents',
      withRich({ ...block, parent: 2 }, { ...block, id: 2, parent: 1 }),
      'CONTRADICTION',
      'richOrders[id 1].parent',
    ],
    ['its own parent', withRich({ ...block, parent: 1 }), 'CONTRADICTION', 'richOrders[id 1].parent'],
    ['half a group', withRich({ ...block, group: 0.5 }), 'OUT_OF_RANGE', 'richOrders[id 1].group'],
  ])('%s', (_, session, code, at) => {
    expect(clearSession(session, rules)).toMatchObject({ ok: false, refusal: { code, at } });
  });

  it('more energy than sums stay exact for', () => {
    const large = { ...block, parts: [{ ...part, wh: 2 ** 31 - 1 }] };
    const richOrders = Array.from({ length: 513 }, (_, id) => ({ ...large, id }));
    expect(clearSession(withRich(...richOrders), rules)).toMatchObject({
      ok: false,
      refusal: { code: 'TOO_MANY', at: 'session' },
    });
  });

  it('more to wait for than a search reads in a moment', () => {
    const day = sessionStory(101, '', []).session;
    const richOrders = Array.from({ length: 100 }, (_, id) => ({ ...waiting, id, untilInterval: 101 }));
    expect(clearSession({ ...day, richOrders: richOrders as RichOrder[] }, rules)).toMatchObject({
      refusal: { code: 'TOO_MANY', at: 'richOrders' },
    });
  });

  it.each<[string, unknown, string]>([
    ['no session', undefined, 'session'],
    ['no list of intervals', { richOrders: [] }, 'intervals'],
    ['an interval that is none', { intervals: [null], richOrders: [] }, 'intervals'],
    ['an interval without a book', { intervals: [{ tieStart: 0 }], richOrders: [] }, 'intervals[0].book'],
    ['no list of rich orders', { ...withRich(), richOrders: undefined }, 'richOrders'],
    ['an order that is none', { ...withRich(), richOrders: [null] }, 'richOrders'],
    ['a block without parts', withRich({ ...block, parts: undefined }), 'richOrders[id 1].parts'],
    ['a part that is none', withRich({ ...block, parts: [null] }), 'richOrders[id 1].parts'],
    ['a curve without steps', withRich({ ...curve, steps: undefined }), 'richOrders[id 1].steps'],
    ['a battery that does not buy', withRich({ ...storage, buy: undefined }), 'richOrders[id 1].buy'],
    ['a battery that does not sell', withRich({ ...storage, sell: null }), 'richOrders[id 1].sell'],
  ])('%s', (_, session, at) => {
    expect(clearSession(session as Session, rules)).toMatchObject({ refusal: { code: 'MALFORMED', at } });
  });

  it('no rules', () => {
    expect(clearSession(withRich(), undefined as never)).toMatchObject({ refusal: { code: 'MALFORMED', at: 'rules' } });
  });

  it('more orders than a search goes deep', () => {
    const richOrders = Array.from({ length: 4097 }, (_, id) => ({ ...block, id }));
    expect(clearSession(withRich(...richOrders), rules)).toMatchObject({
      refusal: { code: 'TOO_MANY', at: 'richOrders' },
    });
  });

  it('a book out of order, or off the grid', () => {
    const { intervals } = withRich();
    const { book } = intervals[0]!;
    const clearBook = (changed: object): unknown =>
      clearSession({ intervals: [{ book: { ...book, ...changed }, tieStart: 0 }], richOrders: [] }, rules);
    expect(clearBook({ member: book.member.toReversed() })).toMatchObject({ refusal: { at: 'intervals[0].book[1]' } });
    expect(clearBook({ limit: book.limit.with(1, 16_384) })).toMatchObject({
      refusal: { at: 'intervals[0].book.limit[1]' },
    });
    expect(clearBook({ wh: book.wh.with(0, 0) })).toMatchObject({ refusal: { at: 'intervals[0].book.wh[0]' } });
    expect(clearBook({ member: Int32Array.of(-1, 0) })).toMatchObject({
      refusal: { at: 'intervals[0].book.member[0]' },
    });
    for (const count of [3, -1, 1.5, NaN]) {
      expect(clearBook({ count })).toMatchObject({ refusal: { at: 'intervals[0].book' } });
    }
  });

  it.each([0, -1, 0.5, NaN, 2 ** 31])('%p nodes', (mostNodes) => {
    expect(clearSession(withRich(), { ...rules, mostNodes })).toMatchObject({ refusal: { at: 'rules.mostNodes' } });
  });

  it.each([-1, 0.5, NaN])('a tie start of %p', (tieStart) => {
    const { intervals, richOrders } = withRich();
    const session = { intervals: intervals.map((interval) => ({ ...interval, tieStart })), richOrders };
    expect(clearSession(session, rules)).toMatchObject({ refusal: { at: 'intervals[0].tieStart' } });
  });

  it('an unknown price rule', () => {
    expect(clearSession(withRich(), { ...rules, priceRule: 'CHEAP' as never })).toMatchObject({
      refusal: { at: 'rules.priceRule' },
    });
  });
});
