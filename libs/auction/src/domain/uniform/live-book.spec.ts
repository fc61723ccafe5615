import fc from 'fast-check';
import type { PriceRule } from '../book/clearing.js';
import type { Kernel, KernelKind } from '../kernels/kernel.js';
import { openKernel } from '../kernels/thread-kernel.js';
import { pairInBookOrder, pairLoaded } from '../pairing/pair-loaded.js';
import { compareInBook } from '../book/book.js';
import { type BookColumns, type ClearingColumns, ordersOf } from '../book/columns.js';
import type { Checked } from '../refusal.js';
import { clearUniform } from './clear-uniform.js';
import { LiveBook, type OrderHandle, type SlotClearing } from './live-book.js';

const runs = { numRuns: Number(process.env['KWARTIER_RUNS'] ?? 1000) };

type Step =
  | { readonly do: 'add'; readonly member: number; readonly sells: boolean; readonly tick: number; readonly wh: number }
  | { readonly do: 'cancel'; readonly which: number }
  | { readonly do: 'replace'; readonly which: number; readonly tick: number; readonly wh: number };

const steps = (ticks: number, mostWh: number): fc.Arbitrary<Step[]> => {
  const tick = fc.nat({ max: ticks - 1 });
  const wh = fc.integer({ min: 1, max: mostWh });
  return fc.array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          do: fc.constant('add' as const),
          member: fc.nat({ max: 5 }),
          sells: fc.boolean(),
          tick,
          wh,
        }),
      },
      fc.record({ do: fc.constant('cancel' as const), which: fc.nat() }),
      fc.record({ do: fc.constant('replace' as const), which: fc.nat(), tick, wh }),
    ),
    { maxLength: 60 },
  );
};

/** A live book after some changes, and what it must hold. */
function play(
  all: readonly Step[],
  live = new LiveBook(100),
): { live: LiveBook; held: string[]; handles: OrderHandle[] } {
  const handles: OrderHandle[] = [];
  const held: { member: number; sells: boolean; tick: number; wh: number }[] = [];
  for (const step of all) {
    if (step.do === 'add') {
      handles.push(valueOf(live.add(step.member, step.sells ? 'SELL' : 'BUY', step.tick, step.wh)));
      held.push({ ...step });
      continue;
    }
    if (handles.length === 0) continue;
    const i = step.which % handles.length;
    if (step.do === 'cancel') {
      valueOf(live.cancel(handles[i]!));
      handles.splice(i, 1);
      held.splice(i, 1);
    } else {
      valueOf(live.replace(handles[i]!, step.tick, step.wh));
      Object.assign(held[i]!, { tick: step.tick, wh: step.wh });
    }
  }
  return { live, handles, held: held.map(({ member, sells, tick, wh }) => `${member} ${sells} ${tick} ${wh}`).sort() };
}

const valueOf = <T>(checked: Checked<T>): T => {
  if (!checked.ok) throw new Error(`refused: ${checked.refusal.why}`);
  return checked.value;
};

const words = (book: BookColumns): string[] =>
  ordersOf(book)
    .map(({ member, side, tick, energyWh }) => `${member} ${side === 'SELL'} ${tick} ${energyWh}`)
    .sort();

const columnsIn = (kernel: Kernel, count: number) => [kernel.limit.slice(0, count), kernel.wh.slice(0, count)];

const inBookOrder = ({ slotFillsWh, ...clearing }: SlotClearing, slots: Int32Array): ClearingColumns => ({
  ...clearing,
  fillsWh: Int32Array.from(slots, (slot) => slotFillsWh[slot]!),
});

describe('a live book', () => {
  const changes = fc.oneof(steps(4, 4), steps(200, 6), steps(8192, 2 ** 31 - 1));
  const rules = fc.record({
    priceRule: fc.constantFrom<PriceRule>('EQUILIBRIUM', 'SHARED_MARGIN'),
    tieStart: fc.nat(),
  });

  it('holds what was added, replaced and not cancelled, and freezes it in book order', () => {
    fc.assert(
      fc.property(changes, (all) => {
        const { live, held } = play(all);
        const { book } = live.freeze();
        expect(live.count).toBe(held.length);
        expect(words(book)).toEqual(held);
        const orders = ordersOf(book);
        orders.slice(1).forEach((order, i) => expect(compareInBook(orders[i]!, order)).toBeLessThanOrEqual(0));
      }),
      runs,
    );
  });

  it.each<KernelKind>(['WASM', 'JS'])('clears and quotes as its frozen book clears (%s)', (kind) => {
    fc.assert(
      fc.property(changes, rules, (all, rule) => {
        const { live } = play(all);
        const { book, slots } = live.freeze();
        const clearing = clearUniform(book, rule, kind);
        expect(inBookOrder(live.clear(rule, kind), slots)).toEqual(clearing);
        const { fillsWh: _, ...outcome } = clearing;
        expect(live.indicative(rule.priceRule)).toEqual(clearing.volumeWh === 0 ? undefined : outcome);
      }),
      runs,
    );
  });

  it.each<KernelKind>(['WASM', 'JS'])('clears into a kernel in book order, where it can be paired (%s)', (kind) => {
    const kernel = openKernel(100, kind);
    fc.assert(
      fc.property(changes, rules, (all, rule) => {
        const { live } = play(all);
        const { book } = live.freeze();
        const clearing = clearUniform(book, rule);
        const loaded = live.clearInto(kernel, rule);
        expect(loaded).toEqual(clearing);
        expect(columnsIn(kernel, book.count)).toEqual([book.limit, book.wh]);
        expect(pairLoaded(kernel, book.count)).toEqual(pairInBookOrder(book, clearing.fillsWh));
      }),
      runs,
    );
  });

  it('takes limits as it takes sides and ticks', () => {
    fc.assert(
      fc.property(changes, (all) => {
        const { live } = play(all);
        const { book } = live.freeze();
        const again = new LiveBook(100);
        for (let i = 0; i < book.count; i++) {
          expect(again.addLimit(book.member[i]!, book.limit[i]!, book.wh[i]!)).toBeUndefined();
          expect(again.slotOf(again.latest)).toBe(i);
        }
        expect(again.freeze().book).toEqual(book);
        expect(again.indicative('EQUILIBRIUM')).toEqual(live.indicative('EQUILIBRIUM'));
      }),
      runs,
    );
  });

  it('is as new when it was emptied, but knows no order from before', () => {
    fc.assert(
      fc.property(changes, changes, (before, after) => {
        const { live, handles } = play(before);
        live.reset();
        expect([live.count, live.indicative('EQUILIBRIUM'), live.freeze().book.count]).toEqual([0, undefined, 0]);
        const rule = { priceRule: 'EQUILIBRIUM', tieStart: 3 } as const;
        const fresh = play(after);
        expect(play(after, live).held).toEqual(fresh.held);
        expect(live.clear(rule)).toEqual(fresh.live.clear(rule));
        expect(live.freeze()).toEqual(fresh.live.freeze());
        for (const handle of handles) expect(live.slotOf(handle)).toBeUndefined();
      }),
      runs,
    );
  });

  it.each([
    ['a member below zero', -1, 'BUY', 5, 5, 'member'],
    ['half a member', 0.5, 'BUY', 5, 5, 'member'],
    ['a member from 2^31 on', 2 ** 31, 'BUY', 5, 5, 'member'],
    ['no side', 1, 'LEND', 5, 5, 'side'],
    ['a tick below the grid', 1, 'BUY', -1, 5, 'tick'],
    ['a tick above the grid', 1, 'BUY', 10, 5, 'tick'],
    ['half a tick', 1, 'BUY', 0.25, 5, 'tick'],
    ['no tick', 1, 'SELL', Number.NaN, 5, 'tick'],
    ['no energy', 1, 'SELL', 5, 0, 'energyWh'],
    ['energy below zero', 1, 'SELL', 5, -5, 'energyWh'],
    ['half a Wh', 1, 'SELL', 5, 0.5, 'energyWh'],
    ['an energy that is no number', 1, 'SELL', 5, Number.NaN, 'energyWh'],
    ['an energy from 2^31 on', 1, 'SELL', 5, 2 ** 31, 'energyWh'],
  ])('refuses %s and changes nothing', (_, member, side, tick, energyWh, at) => {
    const live = new LiveBook(2, 10);
    expect(live.add(member, side as 'BUY', tick, energyWh)).toMatchObject({ ok: false, refusal: { at } });
    const limit = Number(tick) * 2 + (side === 'SELL' ? 1 : 0);
    const asLimit = live.addLimit(side === 'LEND' ? -1 : member, limit, energyWh);
    expect(asLimit).toMatchObject({ at: side === 'LEND' ? 'member' : at });
    expect([live.count, live.freeze().book.count]).toEqual([0, 0]);
    const handle = valueOf(live.add(1, 'BUY', 3, 7));
    const replaced = live.replace(handle, at === 'tick' ? tick : 4, at === 'energyWh' ? energyWh : 8);
    expect(replaced.ok).toBe(at === 'member' || at === 'side');
    expect(words(live.freeze().book)).toEqual([replaced.ok ? '1 false 4 8' : '1 false 3 7']);
  });

  it('takes columns as it takes their orders one by one, into free slots too', () => {
    fc.assert(
      fc.property(changes, changes, (some, more) => {
        const arrivals = play(more).live.freeze().book;
        const [one, other] = [play(some).live, play(some).live];
        const handles = valueOf(one.addAll(arrivals));
        ordersOf(arrivals).forEach(({ member, side, tick, energyWh }, i) => {
          expect(valueOf(other.add(member, side, tick, Number(energyWh)))).toBe(handles[i]);
        });
        expect(one.freeze()).toEqual(other.freeze());
        expect(one.indicative('EQUILIBRIUM')).toEqual(other.indicative('EQUILIBRIUM'));
      }),
      runs,
    );
  });

  it.each([
    ['too many', { count: 3 }, 'orders'],
    ['a column too short', { member: new Int32Array(1) }, 'columns'],
    ['a member below zero', { member: Int32Array.of(1, -1) }, 1],
    ['a limit beside the grid', { limit: Uint16Array.of(1, 20) }, 1],
    ['an energy of zero', { wh: Int32Array.of(5, 0) }, 1],
  ])('takes none of several orders with %s', (_, change, at) => {
    const live = new LiveBook(2, 10);
    const good = { count: 2, member: Int32Array.of(1, 2), limit: Uint16Array.of(1, 2), wh: Int32Array.of(5, 5) };
    expect(live.addAll({ ...good, ...change })).toMatchObject({ ok: false, refusal: { at } });
    expect(live.count).toBe(0);
    expect(live.addAll(good).ok).toBe(true);
  });

  it('refuses an order too many, and takes one when another is cancelled', () => {
    const live = new LiveBook(1);
    const first = valueOf(live.add(1, 'BUY', 5, 5));
    expect(live.add(1, 'BUY', 5, 5)).toMatchObject({ ok: false, refusal: { code: 'TOO_MANY' } });
    live.cancel(first);
    const second = valueOf(live.add(2, 'SELL', 6, 7));
    expect(live.slotOf(second)).toBe(0);
    expect(live.slotOf(first)).toBeUndefined();
    expect(live.replace(first, 1, 1)).toMatchObject({ ok: false, refusal: { code: 'UNKNOWN_ORDER' } });
  });

  it.each([-1, 0.5, Number.NaN, Infinity, 1, 2 ** 26, 2 ** 53])('knows no order %p that it never took', (handle) => {
    const live = new LiveBook(10);
    expect(live.slotOf(live.latest)).toBeUndefined();
    live.add(1, 'BUY', 5, 5);
    expect(live.cancel(handle as OrderHandle)).toMatchObject({ ok: false, refusal: { code: 'UNKNOWN_ORDER' } });
    expect(live.count).toBe(1);
  });

  it.each([0, 0.5, -1, 2 ** 26 + 1, 1e8, Number.NaN])('has no room for %p orders', (capacity) => {
    expect(() => new LiveBook(capacity)).toThrow('OUT_OF_RANGE at capacity');
  });

  it('of a neighbourhood takes kilobytes, so that a thousand of them fit', () => {
    const before = process.memoryUsage().arrayBuffers;
    const books = Array.from({ length: 1000 }, () => new LiveBook(100_000));
    for (const live of books)
      for (let i = 0; i < 100; i++) live.add(i, i % 2 ? 'SELL' : 'BUY', [60, 170, 280][i % 3]!, 500);
    expect((process.memoryUsage().arrayBuffers - before) / books.length).toBeLessThan(16_384);
    expect(books[999]!.indicative('SHARED_MARGIN')?.volumeWh).toBeGreaterThan(0);
  });
});

describe('a book too large to be counted as a whole', () => {
  // The sample is taken in evenly spaced groups of eight: a period in the book may make it as wrong as it likes.
  const shape = fc.record({
    count: fc.integer({ min: 16_385, max: 30_000 }),
    seed: fc.integer(),
    period: fc.constantFrom(1, 8, 16, 24, 32, 64),
    ticks: fc.constantFrom([60, 170, 280], [0, 8191], [4000, 4001, 4002, 4063, 4064, 4065], undefined),
    mostWh: fc.constantFrom(1, 5000, 2 ** 31 - 1),
  });

  it('clears the same on both kernels and as a live book, whatever its sample says', () => {
    fc.assert(
      fc.property(shape, fc.nat(), ({ count, seed, period, ticks, mostWh }, tieStart) => {
        const next = numbers(seed);
        const live = new LiveBook(count);
        for (let i = 0; i < count; i++) {
          // Of each period the first eight lie elsewhere than the rest.
          const odd = i % period < 8;
          const tick = ticks ? ticks[(next() + (odd ? 1 : 0)) % ticks.length]! : (next() % 3000) + (odd ? 0 : 3000);
          valueOf(live.add(i >> 1, next() % (odd ? 4 : 2) === 0 ? 'SELL' : 'BUY', tick, 1 + (next() % mostWh)));
        }
        const rule = { priceRule: 'EQUILIBRIUM' as const, tieStart };
        const { book, slots } = live.freeze();
        const clearing = clearUniform(book, rule, 'WASM');
        expect(sameClearing(clearUniform(book, rule, 'JS'), clearing)).toBe(true);
        expect(sameClearing(inBookOrder(live.clear(rule, 'WASM'), slots), clearing)).toBe(true);
      }),
      { numRuns: Math.ceil(runs.numRuns / 5) },
    );
  });
});

/** Without the words of `toEqual`, which takes its time over thousands of fills. */
const sameClearing = (a: ClearingColumns, b: ClearingColumns): boolean =>
  a.priceTick === b.priceTick && a.volumeWh === b.volumeWh && a.fillsWh.every((fillWh, i) => fillWh === b.fillsWh[i]);

function numbers(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 1;
  };
}
