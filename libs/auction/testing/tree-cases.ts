import fc from 'fast-check';
import { type NodalBook, type NodalRules } from '../src/domain/nodal/nodal-clearing.js';
import { type Network, unlimitedWh } from '../src/domain/nodal/network.js';

export interface TreeCase {
  readonly book: NodalBook;
  readonly network: Network;
  readonly rules: NodalRules;
}

export interface TreeShape {
  readonly nodes: number;
  readonly orders: number;
  readonly ticks: number;
  readonly mostWh: number;
  readonly mostLimitWh: number;
  readonly mostFeeTicks: number;
}

/** Few ticks, small amounts and tight lines, so that margins, full lines and dead zones come up often. */
export const smallTrees: TreeShape = { nodes: 8, orders: 20, ticks: 12, mostWh: 9, mostLimitWh: 12, mostFeeTicks: 3 };

export interface TreeOrder {
  readonly node: number;
  readonly sells: boolean;
  readonly tick: number;
  readonly wh: number;
}

export const nodalBook = (orders: readonly TreeOrder[]): NodalBook => ({
  count: orders.length,
  member: Int32Array.from(orders, (_, i) => i),
  limit: Uint16Array.from(orders, ({ tick, sells }) => tick * 2 + (sells ? 1 : 0)),
  wh: Int32Array.from(orders, ({ wh }) => wh),
  node: Int32Array.from(orders, ({ node }) => node),
});

export interface TreeLine {
  readonly parent: number;
  readonly importWh: number;
  readonly exportWh: number;
  readonly feeTicks: number;
}

/** The root first; a line's parent is taken modulo the nodes before it. */
export const network = (lines: readonly TreeLine[]): Network => ({
  count: lines.length,
  parent: Int32Array.from(lines, ({ parent }, v) => (v === 0 ? -1 : parent % v)),
  importWh: Int32Array.from(lines, ({ importWh }) => importWh),
  exportWh: Int32Array.from(lines, ({ exportWh }) => exportWh),
  feeTicks: Int32Array.from(lines, ({ feeTicks }) => feeTicks),
});

export const arbitraryOrders = ({ orders, ticks, mostWh }: TreeShape, nodes: number): fc.Arbitrary<TreeOrder[]> =>
  fc.array(
    fc.record({
      node: fc.nat({ max: nodes - 1 }),
      sells: fc.boolean(),
      tick: fc.nat({ max: ticks - 1 }),
      wh: fc.integer({ min: 1, max: mostWh }),
    }),
    { maxLength: orders },
  );

export function arbitraryLines(shape: TreeShape): fc.Arbitrary<TreeLine[]> {
  const limit = fc.oneof(
    { weight: 6, arbitrary: fc.nat({ max: shape.mostLimitWh }) },
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constant(unlimitedWh) },
  );
  const feeTicks = fc.oneof(fc.constant(0), fc.nat({ max: shape.mostFeeTicks }));
  const line = fc.record({ parent: fc.nat({ max: 1000 }), importWh: limit, exportWh: limit, feeTicks });
  return fc.array(line, { minLength: 1, maxLength: shape.nodes });
}

export const arbitraryTree = (shape: TreeShape): fc.Arbitrary<TreeCase> =>
  arbitraryLines(shape).chain((lines) =>
    fc.record({
      book: arbitraryOrders(shape, lines.length).map(nodalBook),
      network: fc.constant(network(lines)),
      rules: fc.record({ tieStart: fc.nat({ max: 50 }) }),
    }),
  );
