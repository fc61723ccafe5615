import fc from 'fast-check';
import { arbitraryBook, largeBooks, smallBooks } from '../../../testing/arbitrary-book.js';
import { story } from '../../../testing/story.js';
import type { ClearingRules, PriceRule } from '../book/clearing.js';
import { type BookColumns, type ClearingColumns, columnsOf } from '../book/columns.js';
import type { KernelKind } from '../kernels/kernel.js';
import { referenceClear } from '../reference/reference-clear.js';
import { clearUniform } from './clear-uniform.js';
import { certifyUniform, verifyUniform } from './verify-uniform.js';

const runs = { numRuns: Number(process.env['KWARTIER_RUNS'] ?? 1000) };
const arbitrary = fc.record({
  orders: fc.oneof(
    arbitraryBook(smallBooks),
    arbitraryBook(largeBooks),
    arbitraryBook({ orders: 40, ticks: 2, mostWh: 9n }),
  ),
  rules: fc.record({ priceRule: fc.constantFrom<PriceRule>('EQUILIBRIUM', 'SHARED_MARGIN'), tieStart: fc.nat() }),
});

/** The reference's clearing, so that the verifier is held against something it shares no line with. */
function cleared(
  orders: Parameters<typeof columnsOf>[0],
  rules: ClearingRules,
): { book: BookColumns; clearing: ClearingColumns } {
  const clearing = referenceClear(orders, rules);
  return {
    book: columnsOf(orders),
    clearing: { ...clearing, volumeWh: Number(clearing.volumeWh), fillsWh: Int32Array.from(clearing.fillsWh, Number) },
  };
}

describe.each<KernelKind>(['WASM', 'JS'])('verifying on the %s kernel', (kind) => {
  it('finds nothing wrong with what is right', () => {
    fc.assert(
      fc.property(arbitrary, ({ orders, rules }) => {
        const { book, clearing } = cleared(orders, rules);
        expect(verifyUniform(book, clearing, rules, kind)).toBeUndefined();
      }),
      runs,
    );
  });

  it('finds out any single changed fill', () => {
    const change = fc.oneof(fc.constantFrom(-1, 1), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
    fc.assert(
      fc.property(arbitrary, fc.nat(), change, ({ orders, rules }, at, by) => {
        fc.pre(orders.length > 0);
        const { book, clearing } = cleared(orders, rules);
        const fillsWh = clearing.fillsWh.slice();
        fillsWh[at % fillsWh.length]! += by;
        fc.pre(fillsWh[at % fillsWh.length] !== clearing.fillsWh[at % fillsWh.length]);
        expect(verifyUniform(book, { ...clearing, fillsWh }, rules, kind)).toBeDefined();
      }),
      runs,
    );
  });

  it('finds out energy moved between two orders of a side', () => {
    fc.assert(
      fc.property(arbitrary, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 3 }), ({ orders, rules }, a, b, wh) => {
        fc.pre(orders.length > 1);
        const [from, to] = [a % orders.length, b % orders.length];
        fc.pre(from !== to && orders[from]!.side === orders[to]!.side);
        const { book, clearing } = cleared(orders, rules);
        const fillsWh = clearing.fillsWh.slice();
        fillsWh[from]! -= wh;
        fillsWh[to]! += wh;
        expect(verifyUniform(book, { ...clearing, fillsWh }, rules, kind)).toBeDefined();
      }),
      runs,
    );
  });

  it('finds out a price, an end of the range, a last limit or a volume that is changed', () => {
    const field = fc.constantFrom('priceTick', 'lowTick', 'highTick', 'lastAskTick', 'lastBidTick', 'volumeWh');
    fc.assert(
      fc.property(arbitrary, field, fc.constantFrom(-1, 1, -40, 40), ({ orders, rules }, name, by) => {
        const { book, clearing } = cleared(orders, rules);
        const changed = { ...clearing, [name]: (clearing[name as 'lowTick'] ?? 0) + by };
        expect(verifyUniform(book, changed, rules, kind)).toBeDefined();
        if (clearing[name as 'lowTick'] === undefined || name === 'volumeWh') return;
        expect(verifyUniform(book, { ...clearing, [name]: undefined }, rules, kind)).toBeDefined();
      }),
      runs,
    );
  });

  it('finds out other rules where they lead to another price', () => {
    fc.assert(
      fc.property(arbitrary, ({ orders, rules }) => {
        const { book, clearing } = cleared(orders, rules);
        const other: ClearingRules = {
          ...rules,
          priceRule: rules.priceRule === 'EQUILIBRIUM' ? 'SHARED_MARGIN' : 'EQUILIBRIUM',
        };
        const same = referenceClear(orders, other).priceTick === clearing.priceTick;
        expect(verifyUniform(book, clearing, other, kind) === undefined).toBe(same);
      }),
      runs,
    );
  });

  it('finds out that nothing traded although somebody could', () => {
    const rules: ClearingRules = { priceRule: 'EQUILIBRIUM', tieStart: 0 };
    const { book: orders } = story('buy anna 800 Wh @ 60 => 0\nsell ben 800 Wh @ 60 => 0');
    const nothing: ClearingColumns = {
      priceTick: undefined,
      lowTick: undefined,
      highTick: undefined,
      lastAskTick: undefined,
      lastBidTick: undefined,
      volumeWh: 0,
      fillsWh: new Int32Array(2),
    };
    expect(verifyUniform(columnsOf(orders), nothing, rules, kind)).toMatch('both left over');
    expect(verifyUniform(columnsOf([]), nothing, rules, kind)).toMatch('one fill for each order');
  });

  it('certifies with sums that prove the volume, and thresholds from which anybody finds their own fill', () => {
    fc.assert(
      fc.property(arbitrary, ({ orders, rules }) => {
        const { book, clearing } = cleared(orders, rules);
        const proof = certifyUniform(book, clearing, rules, kind);
        if (clearing.lowTick === undefined) return;
        expect(proof.offeredWh).toBeGreaterThanOrEqual(proof.wantedAboveWh);
        expect(proof.wantedWh).toBeGreaterThan(proof.offeredBelowWh);
        expect(proof.volumeWh).toBe(Math.min(proof.wantedWh, proof.offeredWh));
        for (const [sell, beyondWh, sideWh, threshold] of [
          [0, proof.wantedAboveWh, proof.wantedWh, proof.buyThreshold],
          [1, proof.offeredBelowWh, proof.offeredWh, proof.sellThreshold],
        ] as const) {
          const margin = orders.flatMap((_, i) => (book.limit[i] === 2 * clearing.lowTick! + sell ? [i] : []));
          const [amount, total] = [BigInt(proof.volumeWh - beyondWh), BigInt(sideWh - beyondWh)];
          margin.forEach((i, place) => {
            const product = BigInt(book.wh[i]!) * amount;
            const remainder = Number(product % total);
            const counted = (place - (rules.tieStart % margin.length) + margin.length) % margin.length;
            const odd =
              threshold &&
              (remainder > threshold.remainder || (remainder === threshold.remainder && counted <= threshold.place));
            expect(clearing.fillsWh[i]).toBe(Number(product / total) + (odd ? 1 : 0));
          });
        }
      }),
      runs,
    );
  });

  it('reads the fills where they were made', () => {
    fc.assert(
      fc.property(arbitrary, ({ orders, rules }) => {
        const book = columnsOf(orders);
        expect(clearUniform(book, rules, kind)).toEqual(cleared(orders, rules).clearing);
        expect(certifyUniform(book, clearUniform(book, rules, kind), rules, kind)).toEqual(
          certifyUniform(book, cleared(orders, rules).clearing, rules, kind === 'JS' ? 'WASM' : 'JS'),
        );
      }),
      runs,
    );
  });
});
