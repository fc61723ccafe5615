import fc from 'fast-check';
import { nodalBook } from '../../../testing/tree-cases.js';
import { clearNodal } from './clear-nodal.js';
import { type Line, type Network, networkOf, unlimitedWh } from './network.js';

const line = (node: string, parent?: string, change: Partial<Line> = {}): Line => ({
  node,
  parent,
  importWh: 10,
  exportWh: 20,
  feeTicks: 1,
  ...change,
});

describe('a network', () => {
  it('puts parents before children, level by level and by name', () => {
    const made = networkOf([line('c', 'b'), line('z', 'a'), line('b', 'a'), line('a')]);
    expect(made.ok && [...made.value.indexOf.keys()]).toEqual(['a', 'b', 'z', 'c']);
    expect(made.ok && [...made.value.network.parent]).toEqual([-1, 0, 0, 1]);
  });

  it('is the same in whatever order its lines are told', () => {
    const lines = [line('a'), line('b', 'a'), line('c', 'a'), line('d', 'b'), line('e', 'b', { feeTicks: 4 })];
    const inOrder = networkOf(lines);
    fc.assert(
      fc.property(fc.shuffledSubarray(lines, { minLength: lines.length }), (shuffled) => {
        expect(networkOf(shuffled)).toEqual(inOrder);
      }),
    );
  });

  it.each<[string, Line[], string, string | number]>([
    ['without a node', [], 'NOT_A_TREE', 'lines'],
    ['without a root', [line('a', 'b'), line('b', 'a')], 'NOT_A_TREE', 'lines'],
    ['with two roots', [line('a'), line('b')], 'NOT_A_TREE', 'b'],
    ['with a cycle', [line('a'), line('b', 'c'), line('c', 'b')], 'NOT_A_TREE', 'b'],
    ['with a node that is its own parent', [line('a'), line('b', 'b')], 'NOT_A_TREE', 'b'],
    ['with a node told twice', [line('a'), line('b', 'a'), line('b', 'a')], 'DUPLICATE', 'b'],
    ['under an unknown node', [line('a'), line('b', 'x')], 'UNKNOWN_NODE', 'b.parent'],
    ['with a limit below zero', [line('a'), line('b', 'a', { importWh: -1 })], 'OUT_OF_RANGE', 'b.importWh'],
    ['with half a Wh', [line('a'), line('b', 'a', { exportWh: 0.5 })], 'OUT_OF_RANGE', 'b.exportWh'],
    [
      'with a limit that does not fit',
      [line('a'), line('b', 'a', { exportWh: 2 ** 31 })],
      'OUT_OF_RANGE',
      'b.exportWh',
    ],
    [
      'with a fee that is no number',
      [line('a'), line('b', 'a', { feeTicks: Number.NaN })],
      'OUT_OF_RANGE',
      'b.feeTicks',
    ],
    ['with a fee beyond the grid', [line('a'), line('b', 'a', { feeTicks: 8193 })], 'OUT_OF_RANGE', 'b.feeTicks'],
  ])('is refused %s', (_, lines, code, at) => {
    expect(networkOf(lines)).toMatchObject({ ok: false, refusal: { code, at } });
  });
});

describe('a nodal auction is refused, and nothing has changed,', () => {
  const good = networkOf([line('a'), line('b', 'a')]);
  if (!good.ok) throw new Error(good.refusal.why);
  const { network } = good.value;
  const book = nodalBook([
    { node: 0, sells: false, tick: 5, wh: 3 },
    { node: 1, sells: true, tick: 4, wh: 3 },
  ]);
  const rules = { tieStart: 0 };
  const with_ = (change: Partial<Network>): Network => ({ ...network, ...change });

  it.each([
    ['with an order of nothing', { ...book, wh: Int32Array.of(3, 0) }, network, 'OUT_OF_RANGE', 1],
    ['with an order below nothing', { ...book, wh: Int32Array.of(-3, 1) }, network, 'OUT_OF_RANGE', 0],
    ['with a limit beyond the grid', { ...book, limit: Uint16Array.of(5, 16384) }, network, 'OUT_OF_RANGE', 1],
    ['at an unknown node', { ...book, node: Int32Array.of(0, 2) }, network, 'UNKNOWN_NODE', 1],
    ['at a node below zero', { ...book, node: Int32Array.of(-1, 1) }, network, 'UNKNOWN_NODE', 0],
    ['with too many orders', { ...book, count: 1e8 }, network, 'TOO_MANY', 'count'],
    ['with orders missing', { ...book, count: 3 }, network, 'MALFORMED', 'book'],
    ['with a parent that comes later', book, with_({ parent: Int32Array.of(-1, 1) }), 'NOT_A_TREE', 1],
    ['with a second root', book, with_({ parent: Int32Array.of(-1, -1) }), 'NOT_A_TREE', 1],
    ['without a root', book, with_({ parent: Int32Array.of(0, 0) }), 'NOT_A_TREE', 0],
    ['with a limit below zero', book, with_({ exportWh: Int32Array.of(0, -1) }), 'OUT_OF_RANGE', 1],
    ['with a fee below zero', book, with_({ feeTicks: Int32Array.of(0, -1) }), 'OUT_OF_RANGE', 1],
    ['without nodes', book, with_({ count: 0 }), 'TOO_MANY', 'network.count'],
    ['with columns missing', book, with_({ importWh: Int32Array.of(1) }), 'MALFORMED', 'network'],
  ] as const)('%s', (_, orders, lines, code, at) => {
    const before = structuredClone(orders);
    expect(clearNodal(orders, lines, rules)).toMatchObject({ ok: false, refusal: { code, at } });
    expect(orders).toEqual(before);
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('with ties counted from %p', (tieStart) => {
    expect(clearNodal(book, network, { tieStart })).toMatchObject({ ok: false, refusal: { code: 'OUT_OF_RANGE' } });
  });

  it('never for what only looks wrong: the numbers of the line above the root', () => {
    const odd = with_({
      importWh: Int32Array.of(-5, unlimitedWh),
      exportWh: Int32Array.of(-5, 9),
      feeTicks: Int32Array.of(-9, 0),
    });
    expect(clearNodal(book, odd, rules)).toMatchObject({ ok: true, value: { volumeWh: 3 } });
  });
});
