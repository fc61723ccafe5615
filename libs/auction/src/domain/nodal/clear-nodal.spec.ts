import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodalBook } from '../../../testing/tree-cases.js';
import { treeStory } from '../../../testing/tree-story.js';
import type { KernelKind } from '../kernels/kernel.js';
import { clearNodal } from './clear-nodal.js';
import { type Network, networkOf, unlimitedWh } from './network.js';
import { nodalGap } from './nodal-gap.js';
import type { NodalBook, NodalClearing } from './nodal-clearing.js';
import { verifyNodal } from './verify-nodal.js';

const rules = { tieStart: 0 };

describe.each<KernelKind>(['WASM', 'JS'])('a feeder, on the %s passes,', (kind) => {
  const cleared = clearedOn(kind);

  it.each<[string, string]>([
    [
      'without limits and fees is one market',
      `node station                => @ 200
       node north under station    => @ 200
       node south under station    => @ 200
       buy  north  500 Wh @ 300    => 500
       sell south  400 Wh @ 100    => 400
       sell north  300 Wh @ 200    => 100`,
    ],
    [
      'full one way: the sun behind it is worth less, and shared pro rata behind it',
      `node station                          => @ 240
       node street under station, exports 400 => @ 100
       buy  station 600 Wh @ 300    => 600
       sell station 500 Wh @ 240    => 200
       sell street  300 Wh @ 100    => 200
       sell street  300 Wh @ 100    => 200`,
    ],
    [
      'limits what comes in by another number than what goes out',
      `node station                                       => @ 100
       node street under station, imports 300, exports 9 => @ 250
       sell station 900 Wh @ 100    => 300
       buy  street  500 Wh @ 250    => 400
       sell street  100 Wh @ 240    => 100`,
    ],
    [
      'takes its fee on every hop, and nothing crosses that does not earn it',
      `node station                        => @ 195
       node north under station, fee 5    => @ 190
       node south under station, fee 5    => @ 200
       sell north  100 Wh @ 190    => 60
       buy  south   60 Wh @ 200    => 60
       buy  south   60 Wh @ 199    => 0`,
    ],
    [
      'cut off is a market of its own, at its own middle',
      `node station                                     => @ 150
       node island under station, imports 0, exports 0 => @ 30
       buy  station 10 Wh @ 200    => 10
       sell station 10 Wh @ 100    => 10
       buy  island  10 Wh @ 41     => 10
       sell island  10 Wh @ 20     => 10`,
    ],
    [
      'in a dead zone keeps its own price as far as the fees allow',
      `node station                      => @ 100
       node street under station, fee 8 => @ 105
       buy  station 10 Wh @ 100    => 5
       sell station  5 Wh @ 99     => 5
       buy  street   5 Wh @ 106    => 5
       sell street   5 Wh @ 104    => 5
       buy  street   5 Wh @ 104    => 0
       sell street   5 Wh @ 106    => 0`,
    ],
    [
      'shares a margin over the whole tree, except behind a line that stands in the way',
      `node station                             => @ 100
       node north under station               => @ 100
       node south under station, exports 30   => @ 100
       buy  station 200 Wh @ 200    => 200
       sell station  90 Wh @ 100    => 62
       sell north    99 Wh @ 100    => 69
       sell north    70 Wh @ 100    => 48
       sell south    60 Wh @ 100    => 11
       sell south    60 Wh @ 100    => 10`,
    ],
  ])('%s', (_, table) => {
    const { book, network, fillsWh, priceTicks } = treeStory(table);
    const clearing = cleared(book, network);
    expect([...clearing.priceTick]).toEqual(priceTicks);
    expect([...clearing.fillsWh]).toEqual(fillsWh);
    expect(verifyNodal(book, network, rules, clearing, kind)).toBeUndefined();
    expect(nodalGap(book, network, clearing)).toBe(0n);
  });

  it.each(['assume-coupling', 'gsy-constant-fee-path', 'fee-dead-zone'])('clears the golden case %s', (name) => {
    const golden = JSON.parse(
      readFileSync(join(process.cwd(), `test/golden/auction/${name}.json`), 'utf8'),
    ) as GoldenTree;
    const { edges, nodes } = golden.network;
    const made = networkOf(
      nodes.map((node) => {
        const edge = edges.find(({ a }) => a === node);
        const limitWh = edge?.capacity ?? unlimitedWh;
        return { node, parent: edge?.b, importWh: limitWh, exportWh: limitWh, feeTicks: edge?.fee ?? 0 };
      }),
    );
    if (!made.ok) throw new Error(made.refusal.why);
    const { network, indexOf } = made.value;
    const book = nodalBook(
      golden.orders.map(({ side, qty, price, node }) => {
        return { node: indexOf.get(node)!, sells: side === 'sell', tick: price, wh: qty };
      }),
    );
    const clearing = cleared(book, network);
    expect(Number(clearing.welfare)).toBe(golden.expect.welfare);
    expect(verifyNodal(book, network, rules, clearing, kind)).toBeUndefined();
  });

  it('has a price at every node even where nobody came', () => {
    const { book, network } = treeStory('node station => @ 0\nnode street under station => @ 0');
    expect(cleared(book, network)).toEqual({
      priceTick: Int32Array.of(0, 0),
      flowWh: Float64Array.of(0, 0),
      fillsWh: new Int32Array(),
      welfare: 0n,
      volumeWh: 0,
    });
  });

  it('moves the odd Wh of a margin with the start of the ties', () => {
    const { book, network } = treeStory(`
      node station => @ 100
      node street under station => @ 100
      buy  street  100 Wh @ 200 => 0
      sell station  60 Wh @ 100 => 0
      sell street   60 Wh @ 100 => 0
      sell station  60 Wh @ 100 => 0`);
    const luckiest = [0, 1, 2, 3].map((tieStart) => cleared(book, network, tieStart).fillsWh.indexOf(34));
    expect(luckiest).toEqual([1, 2, 3, 1]);
  });
});

interface GoldenTree {
  readonly network: {
    readonly nodes: readonly string[];
    readonly edges: readonly { a: string; b: string; capacity: number; fee: number }[];
  };
  readonly orders: readonly { side: 'buy' | 'sell'; qty: number; price: number; node: string }[];
  readonly expect: { readonly welfare: number };
}

function clearedOn(kind: KernelKind) {
  return (book: NodalBook, network: Network, tieStart = 0): NodalClearing => {
    const clearing = clearNodal(book, network, { tieStart }, kind);
    if (!clearing.ok) throw new Error(`${clearing.refusal.at}: ${clearing.refusal.why}`);
    return clearing.value;
  };
}
