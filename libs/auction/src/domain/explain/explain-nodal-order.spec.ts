import fc from 'fast-check';
import { arbitraryTree, type TreeCase } from '../../../testing/tree-cases.js';
import { treeStory } from '../../../testing/tree-story.js';
import { clearNodal } from '../nodal/clear-nodal.js';
import type { NodalClearing } from '../nodal/nodal-clearing.js';
import { nodalBound } from '../nodal/nodal-gap.js';
import { explainNodalOrder, type NodalExplanation, type NodalPriceEnd } from './explain-nodal-order.js';

const runs = { numRuns: Number(process.env['KWARTIER_RUNS'] ?? 1000) };
const trees = arbitraryTree({ nodes: 8, orders: 16, ticks: 12, mostWh: 9, mostLimitWh: 12, mostFeeTicks: 3 });
const tinyTrees = arbitraryTree({ nodes: 3, orders: 6, ticks: 6, mostWh: 4, mostLimitWh: 4, mostFeeTicks: 2 });

function clearingOf({ book, network, rules }: TreeCase): NodalClearing {
  const clearing = clearNodal(book, network, rules);
  if (!clearing.ok) throw new Error(clearing.refusal.why);
  return clearing.value;
}

const explainAll = (tree: TreeCase, clearing: NodalClearing): NodalExplanation[] =>
  Array.from({ length: tree.book.count }, (_, i) => explainNodalOrder(tree.book, tree.network, clearing, i));

describe('why an order on a feeder got what it got', () => {
  it('names the line that is full, and the seller behind the fees that sets the price', () => {
    const { book, network, indexOf } = treeStory(`
      node station => @ 610
      node east under station, imports 600, fee 20 => @ 2800
      node west under station, exports 300, fee 10 => @ 600
      buy  east    800 Wh @ 2800 => 600
      sell west    500 Wh @ 600 => 290
      sell station 310 Wh @ 600 => 310`);
    const tree = { book, network, rules: { tieStart: 0 } };
    const [buyer, seller, neighbour] = explainAll(tree, clearingOf(tree));
    const [east, west] = [indexOf.get('east'), indexOf.get('west')];
    const here = { tick: 2800, order: 0, way: [] };
    expect(buyer).toMatchObject({ kind: 'MARGINAL', fillWh: 600, low: here, high: here });
    expect(buyer!.borders).toEqual([
      { line: east, state: 'FULL', flowWh: -600, feeTicks: 20, differenceTicks: 610 - 2800 },
    ]);
    expect(seller).toMatchObject({ kind: 'MARGINAL', fillWh: 290, low: { tick: 600, order: 1, way: [] } });
    const behindTheFee = { tick: 610, order: 1, way: [{ line: west, walked: 'DOWN', addsTicks: 10 }] };
    expect(neighbour).toMatchObject({ kind: 'FILLED', gainTicks: 10, low: behindTheFee, high: behindTheFee });
  });

  it('names the line that nobody found worth its fee', () => {
    const { book, network } = treeStory(`
      node station => @ 25
      node street under station, fee 20 => @ 25
      buy  street  100 Wh @ 30 => 0
      sell station 100 Wh @ 20 => 0`);
    const tree = { book, network, rules: { tieStart: 0 } };
    const [buyer] = explainAll(tree, clearingOf(tree));
    expect(buyer).toMatchObject({ fillWh: 0 });
    expect(buyer!.borders).toMatchObject([{ state: 'IDLE', flowWh: 0, feeTicks: 20 }]);
  });
});

describe('what a nodal explanation says can be found again', () => {
  it('the fill follows from its kind, and the price lies between its ends', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const clearing = clearingOf(tree);
        const told = explainAll(tree, clearing);
        const demanded = told.map(({ kind, energyWh, fillWh }) =>
          kind === 'MARGINAL' ? fillWh : kind === 'FILLED' ? energyWh : 0,
        );
        expect(demanded).toEqual([...clearing.fillsWh]);
        expect(told.every(({ low, priceTick }) => (low?.tick ?? -Infinity) <= priceTick)).toBe(true);
        expect(told.every(({ high, priceTick }) => (high?.tick ?? Infinity) >= priceTick)).toBe(true);
      }),
      runs,
    );
  });

  it('a way leads from the order explained to the one that sets the price, and its fees add up', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        for (const told of explainAll(tree, clearingOf(tree))) {
          for (const end of [told.low, told.high]) if (end) expectToLead(tree, told.node, end);
        }
      }),
      runs,
    );
  });

  it('the ends are those of all prices that prove the same clearing', () => {
    fc.assert(
      fc.property(tinyTrees, (tree) => {
        const clearing = clearingOf(tree);
        const proven = everyPrices(tree.network.count).filter(
          (prices) => nodalBound(tree.book, tree.network, prices) === clearing.welfare,
        );
        for (const { node, low, high } of explainAll(tree, clearing)) {
          const ticks = proven.map((prices) => prices[node]!);
          expect([low?.tick ?? least, high?.tick ?? most]).toEqual([Math.min(...ticks), Math.max(...ticks)]);
        }
      }),
      { numRuns: Math.ceil(runs.numRuns / 4) },
    );
  });

  it('a border is a line whose prices differ by another amount than its fee, full or idle', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const clearing = clearingOf(tree);
        const { importWh, exportWh, parent } = tree.network;
        for (const { borders } of explainAll(tree, clearing)) {
          for (const { line, state, flowWh, feeTicks, differenceTicks } of borders) {
            const full = differenceTicks > 0 ? exportWh[line] : 0 - importWh[line]!;
            const between = clearing.priceTick[parent[line]!]! - clearing.priceTick[line]!;
            const isFull = Math.abs(differenceTicks) > feeTicks;
            const told = [state, flowWh, differenceTicks];
            expect(told).toEqual(isFull ? ['FULL', full, between] : ['IDLE', 0, between]);
          }
        }
      }),
      runs,
    );
  });
});

function expectToLead({ book, network }: TreeCase, from: number, { order, tick, way }: NodalPriceEnd): void {
  let at = from;
  let adds = 0;
  for (const { line, walked, addsTicks } of way) {
    const isOnTheWay = at === (walked === 'UP' ? line : network.parent[line]);
    if (!isOnTheWay || Math.abs(addsTicks) !== network.feeTicks[line]) throw new Error(`Not a way: ${line} ${walked}`);
    at = walked === 'UP' ? network.parent[line]! : line;
    adds += addsTicks;
  }
  expect([at, tick]).toEqual([book.node[order], (book.limit[order]! >> 1) + adds]);
}

/** Ticks beyond which no end can lie in a tiny tree: its limits and all its fees. */
const [least, most] = [-4, 10];

function everyPrices(nodes: number): Int32Array[] {
  const ticks = Array.from({ length: most - least + 1 }, (_, i) => least + i);
  let all: number[][] = [[]];
  for (let v = 0; v < nodes; v++) all = all.flatMap((prices) => ticks.map((tick) => [...prices, tick]));
  return all.map((prices) => Int32Array.from(prices));
}
