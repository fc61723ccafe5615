import { network as networkFrom, nodalBook } from '../../../testing/tree-cases.js';
import { clearNodal } from './clear-nodal.js';
import { walkOf } from './feeder-walk.js';
import { nodalPrices, priceRange } from './nodal-prices.js';
import { unlimitedWh } from './network.js';
import { treePrices, treeWith } from './tree-passes.js';
import { verifyNodal } from './verify-nodal.js';

/** A seeded sequence of whole numbers below `end`. */
function dice(seed: number): (end: number) => number {
  let state = seed;
  return (end) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}

interface Work {
  readonly inJavaScript: number;
  readonly compiled: number;
  readonly flaw: string | undefined;
}

/** One line of `depth` nodes, `orders` on it; every second order takes all there is when `swings`. */
function feeder(depth: number, orders: number, feeTicks: number, swings = false): Work {
  const roll = dice(depth + orders);
  const limitWh = swings ? unlimitedWh : 400_000;
  const network = networkFrom(
    Array.from({ length: depth }, (_, v) => ({ parent: v - 1, importWh: limitWh, exportWh: limitWh, feeTicks })),
  );
  const book = nodalBook(
    Array.from({ length: orders }, (_, i) => {
      const node = swings && i < 8000 ? depth - 1 : roll(depth);
      if (swings && i >= 8000) return { node, sells: node % 2 === 0, tick: node % 2 === 0 ? 0 : 8191, wh: 1_000_000 };
      return { node, sells: roll(2) === 1, tick: roll(8192), wh: 1 + (swings ? 0 : roll(5000)) };
    }),
  );
  const inJavaScript = nodalPrices(walkOf(book, network), priceRange(book)).moves;
  const compiled = treePrices(treeWith(book, network)!, book, depth);
  const rules = { tieStart: 0 };
  const clearing = clearNodal(book, network, rules);
  return {
    inJavaScript,
    compiled,
    flaw: clearing.ok ? verifyNodal(book, network, rules, clearing.value) : clearing.refusal.why,
  };
}

const log2 = Math.log2;

describe('the work on a deep feeder, in rungs and levels moved,', () => {
  it.each([
    [3_000, 3_000],
    [3_000, 30_000],
    [3_000, 100_000],
    [300, 100_000],
    [100_000, 100_000],
  ])('stays within n log n: %i deep, %i orders', (depth, orders) => {
    const { inJavaScript, compiled, flaw } = feeder(depth, orders, 3);
    expect(flaw).toBeUndefined();
    expect(inJavaScript).toBeLessThan(1.5 * (orders + depth) * log2(orders));
    expect(compiled).toBeLessThan(1.5 * (orders + depth) * log2(orders));
  });

  it('grows with the orders, not with orders times depth', () => {
    const [few, many] = [feeder(3_000, 20_000, 1), feeder(3_000, 80_000, 1)];
    expect(many.inJavaScript / few.inJavaScript).toBeLessThan(4 * 1.3);
    expect(many.compiled / few.compiled).toBeLessThan(4 * 1.3);
    const [flat, deep] = [feeder(1_000, 50_000, 1), feeder(8_000, 50_000, 1)];
    expect(deep.inJavaScript / flat.inJavaScript).toBeLessThan(3);
    expect(deep.compiled / flat.compiled).toBeLessThan(3);
  });

  it('stays within n log² n even where every hop turns the whole book over', () => {
    const orders = 100_000;
    const { inJavaScript, compiled, flaw } = feeder(3_000, orders, 0, true);
    expect(flaw).toBeUndefined();
    expect(inJavaScript).toBeLessThan(orders * log2(orders) ** 2);
    expect(compiled).toBeLessThan(orders * log2(orders) ** 2);
  });
});
