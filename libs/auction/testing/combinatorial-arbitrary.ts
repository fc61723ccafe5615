import fc from 'fast-check';
import { type BookOrder, sortBook } from '../src/domain/book/book.js';
import { columnsOf } from '../src/domain/book/columns.js';
import type { BlockOrder, DeferrableOrder, RichOrder, Session } from '../src/domain/combinatorial/session.js';

export interface SessionShape {
  readonly intervals: number;
  readonly ticks: number;
  readonly plainOrders: number;
  readonly mostWh: number;
  readonly richOrders: number;
  readonly kinds: readonly RichOrder['kind'][];
  /** Parts of a block; 1 leaves blocks in one interval. */
  readonly parts: number;
  readonly isLinked: boolean;
}

/** Few ticks and small amounts: ties, rationed margins, empty intervals and blocks at the margin come up often. */
export const tinySessions: SessionShape = {
  intervals: 3,
  ticks: 7,
  plainOrders: 5,
  mostWh: 4,
  richOrders: 4,
  kinds: ['BLOCK', 'DEFERRABLE', 'CURVE', 'STORAGE'],
  parts: 2,
  isLinked: true,
};

const side = fc.constantFrom<'BUY' | 'SELL'>('BUY', 'SELL');
const nat = (most: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: most });
const whole = (least: number, most: number): fc.Arbitrary<number> => fc.integer({ min: least, max: most });

export const arbitraryPlainBook = ({ plainOrders, ticks, mostWh }: SessionShape): fc.Arbitrary<BookOrder[]> =>
  fc
    .array(
      fc.record({
        member: nat(5),
        side,
        tick: nat(ticks - 1),
        energyWh: whole(1, mostWh).map(BigInt),
      }),
      { maxLength: plainOrders },
    )
    .map(sortBook);

function arbitraryBlock(shape: SessionShape): fc.Arbitrary<Omit<BlockOrder, 'id'>> {
  const part = fc.record({ interval: nat(shape.intervals - 1), side, tick: nat(shape.ticks - 1), wh: whole(1, 2) });
  const units = fc
    .tuple(whole(0, 3), whole(1, 3))
    .map(([a, b]) => ({ leastUnits: Math.min(a, b), mostUnits: Math.max(a, b) }));
  return fc
    .record({
      member: nat(5),
      parts: fc.uniqueArray(part, { minLength: 1, maxLength: shape.parts, selector: ({ interval }) => interval }),
      units,
    })
    .map(({ member, parts, units: range }) => ({ kind: 'BLOCK', member, parts, ...range }));
}

function arbitraryDeferrable(shape: SessionShape): fc.Arbitrary<Omit<DeferrableOrder, 'id'>> {
  return fc
    .record({
      member: nat(5),
      from: nat(shape.intervals - 1),
      length: whole(1, shape.intervals),
      tick: nat(shape.ticks - 1),
      leastWh: nat(3),
      mostWh: whole(1, shape.mostWh),
      mostWhPerInterval: whole(1, 3),
    })
    .map(({ from, length, leastWh, ...rest }) => {
      const untilInterval = Math.min(shape.intervals, from + length);
      const roomWh = Math.min(rest.mostWh, rest.mostWhPerInterval * (untilInterval - from));
      return { kind: 'DEFERRABLE', ...rest, fromInterval: from, untilInterval, leastWh: Math.min(leastWh, roomWh) };
    });
}

function arbitraryRich(shape: SessionShape): fc.Arbitrary<Omit<RichOrder, 'id'>> {
  const step = fc.record({ tick: nat(shape.ticks - 1), wh: whole(1, 3) });
  const byKind: Record<RichOrder['kind'], fc.Arbitrary<Omit<RichOrder, 'id'>>> = {
    BLOCK: arbitraryBlock(shape),
    DEFERRABLE: arbitraryDeferrable(shape),
    CURVE: fc
      .record({
        kind: fc.constant('CURVE' as const),
        member: nat(5),
        interval: nat(shape.intervals - 1),
        side,
        steps: fc.uniqueArray(step, { minLength: 1, maxLength: 3, selector: ({ tick }) => tick }),
      })
      .map((curve) => ({
        ...curve,
        steps: curve.steps.toSorted((a, b) => (curve.side === 'BUY' ? b.tick - a.tick : a.tick - b.tick)),
      })),
    STORAGE: fc
      .record({
        kind: fc.constant('STORAGE' as const),
        member: nat(5),
        interval: nat(shape.intervals - 1),
        buy: fc.record({ tick: nat(shape.ticks - 2), wh: whole(1, 3) }),
        sell: step,
      })
      .map((pair) => ({ ...pair, sell: { ...pair.sell, tick: Math.max(pair.sell.tick, pair.buy.tick + 1) } })),
  };
  return fc.oneof(...shape.kinds.map((kind) => byKind[kind]));
}

/** Links go to an order before, so that there is no cycle; parents have a minimum. */
function linked(
  order: RichOrder,
  before: readonly RichOrder[],
  [parentPick, groupPick]: readonly [number, number],
): RichOrder {
  if (order.kind !== 'BLOCK' && order.kind !== 'DEFERRABLE') return order;
  const parents = before.filter(
    (each) => (each.kind === 'BLOCK' && each.leastUnits > 0) || (each.kind === 'DEFERRABLE' && each.leastWh > 0),
  );
  const parent = parentPick < parents.length ? { parent: parents[parentPick]!.id } : {};
  const group = groupPick < 2 ? { group: groupPick } : {};
  return { ...order, ...parent, ...group };
}

export function arbitrarySession(shape: SessionShape): fc.Arbitrary<Session> {
  const picks = fc.tuple(nat(6), nat(6));
  return fc
    .record({
      books: fc.array(fc.tuple(arbitraryPlainBook(shape), nat(9)), {
        minLength: shape.intervals,
        maxLength: shape.intervals,
      }),
      rich: fc.array(fc.tuple(arbitraryRich(shape), picks), { maxLength: shape.richOrders }),
    })
    .map(({ books, rich }) => {
      const richOrders: RichOrder[] = [];
      rich.forEach(([order, pick], id) => {
        const withId = { ...order, id } as RichOrder;
        richOrders.push(shape.isLinked ? linked(withId, richOrders, pick) : withId);
      });
      return { intervals: books.map(([book, tieStart]) => ({ book: columnsOf(book), tieStart })), richOrders };
    });
}
