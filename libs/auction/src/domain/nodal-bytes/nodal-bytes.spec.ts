import fc from 'fast-check';
import { damaged } from '../../../testing/slow-codecs.js';
import type { Decoded } from '../book/varints.js';
import { unlimitedWh } from '../nodal/network.js';
import { readNetwork, writeNetwork } from './network-bytes.js';
import { type NodalResult, readNodalResult, writeNodalResult, writeNodalResultLeaves } from './nodal-result-bytes.js';
import { readPlaces, writePlaces } from './places-bytes.js';

const runs = { numRuns: Number(process.env['KWARTIER_RUNS'] ?? 1000) };
const limitWh = fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: unlimitedWh }), fc.constant(unlimitedWh));
const network = fc
  .array(fc.record({ parent: fc.nat(), importWh: limitWh, exportWh: limitWh, feeTicks: fc.nat({ max: 8192 }) }), {
    maxLength: 90,
  })
  .map((lines) => ({
    count: lines.length + 1,
    parent: Int32Array.of(-1, ...lines.map(({ parent }, i) => parent % (i + 1))),
    importWh: Int32Array.of(0, ...lines.map((line) => line.importWh)),
    exportWh: Int32Array.of(0, ...lines.map((line) => line.exportWh)),
    feeTicks: Int32Array.of(0, ...lines.map((line) => line.feeTicks)),
  }));
const flowWh = fc.oneof(fc.integer({ min: -300, max: 300 }), fc.integer({ min: -(2 ** 52) + 1, max: 2 ** 52 - 1 }));
const result: fc.Arbitrary<NodalResult> = fc
  .record({
    nodes: fc.array(fc.tuple(fc.nat({ max: 8191 }), flowWh), { minLength: 1, maxLength: 90 }),
    fills: fc.array(fc.nat({ max: 2 ** 31 - 1 }), { maxLength: 90 }),
    volumeWh: fc.nat({ max: 2 ** 53 - 1 }),
  })
  .map(({ nodes, fills, volumeWh }) => ({
    volumeWh,
    priceTick: Int32Array.from(nodes, ([tick]) => tick),
    flowWh: Float64Array.from(nodes, ([, flow], v) => (v === 0 ? 0 : flow)),
    fillsWh: Int32Array.from(fills),
  }));
const damage = fc.tuple(fc.nat(3), fc.nat(), fc.nat(255));

/** Bytes that came into disorder are another value or none, and that value has no other spelling. */
function expectOneSpelling<T>(changed: Uint8Array, read: Decoded<T>, write: (value: T) => Uint8Array): void {
  expect(read.ok ? write(read.value) : changed).toEqual(changed);
}

describe('the bytes of a network', () => {
  it('are read as they were written, and have one spelling', () => {
    fc.assert(
      fc.property(network, damage, (tree, [kind, at, byte]) => {
        const written = writeNetwork(tree);
        expect(readNetwork(written)).toEqual({ ok: true, value: tree });
        const changed = damaged(written, kind, at, byte);
        expectOneSpelling(changed, readNetwork(changed), writeNetwork);
      }),
      runs,
    );
  });

  it('are never written for what is no tree', () => {
    const tree = { count: 2, importWh: new Int32Array(2), exportWh: new Int32Array(2), feeTicks: new Int32Array(2) };
    expect(() => writeNetwork({ ...tree, parent: Int32Array.of(-1, 1) })).toThrow('a network is a tree');
  });
});

describe('the bytes of places', () => {
  it('are read as they were written, and have one spelling', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 999 })), damage, (nodes, [kind, at, byte]) => {
        const written = writePlaces(Int32Array.from(nodes));
        expect(readPlaces(written, nodes.length, 1000)).toEqual({ ok: true, value: Int32Array.from(nodes) });
        const changed = damaged(written, kind, at, byte);
        expectOneSpelling(changed, readPlaces(changed, nodes.length, 1000), writePlaces);
      }),
      runs,
    );
  });
});

describe('the bytes of a nodal result', () => {
  it('are read as they were written, have one spelling, and are their leaves', () => {
    fc.assert(
      fc.property(result, damage, (one, [kind, at, byte]) => {
        const [nodes, orders] = [one.priceTick.length, one.fillsWh.length];
        const written = writeNodalResult(one);
        expect(readNodalResult(written, nodes, orders)).toEqual({ ok: true, value: one });
        const leaves = writeNodalResultLeaves(one);
        expect(Uint8Array.from(leaves.flatMap((leaf) => [...leaf]))).toEqual(written);
        expect(leaves).toHaveLength(1 + Math.ceil(nodes / 64) + Math.ceil(orders / 64));
        const changed = damaged(written, kind, at, byte);
        expectOneSpelling(changed, readNodalResult(changed, nodes, orders), writeNodalResult);
      }),
      runs,
    );
  });

  it.each<[string, Partial<NodalResult>]>([
    ['a flow above the root', { flowWh: Float64Array.of(5) }],
    ['a price below the grid', { priceTick: Int32Array.of(-1) }],
    ['a fill below nothing', { fillsWh: Int32Array.of(-1) }],
    ['half a volume', { volumeWh: 0.5 }],
  ])('are never written with %s', (_, change) => {
    const one = { volumeWh: 0, priceTick: Int32Array.of(5), flowWh: Float64Array.of(0), fillsWh: Int32Array.of(0) };
    expect(() => writeNodalResult({ ...one, ...change })).toThrow('Invariant');
  });
});
