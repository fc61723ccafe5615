import fc from 'fast-check';
import { arbitraryBook } from '../../../testing/arbitrary-book.js';
import {
  arbitraryTree,
  network as networkFrom,
  nodalBook,
  smallTrees,
  type TreeCase,
  type TreeShape,
} from '../../../testing/tree-cases.js';
import { welfareByHighs } from '../../../testing/tree-highs.js';
import { welfareWhByWh } from '../../../testing/tree-oracle.js';
import { columnsOf } from '../book/columns.js';
import { referenceClear } from '../reference/reference-clear.js';
import { clearNodal } from './clear-nodal.js';
import { walkOf } from './feeder-walk.js';
import type { Network } from './network.js';
import { nodalBound, nodalGap } from './nodal-gap.js';
import type { NodalBook, NodalClearing } from './nodal-clearing.js';
import { nodalPrices, priceRange } from './nodal-prices.js';
import { treeAudit, treePrices, treeWith } from './tree-passes.js';
import { verifyNodal } from './verify-nodal.js';

const runs = { numRuns: Number(process.env.KWARTIER_RUNS ?? 1000) };
const bigTrees: TreeShape = {
  nodes: 60,
  orders: 400,
  ticks: 8192,
  mostWh: 2 ** 31 - 1,
  mostLimitWh: 2 ** 31 - 2,
  mostFeeTicks: 300,
};
/** Two or three limits and wide lines: nearly everybody is marginal. */
const flatTrees: TreeShape = { ...smallTrees, ticks: 3, mostLimitWh: 40, mostFeeTicks: 1 };
const tree = fc.oneof(arbitraryTree(smallTrees), arbitraryTree(flatTrees), arbitraryTree(bigTrees));

function cleared({ book, network, rules }: TreeCase): NodalClearing {
  const clearing = clearNodal(book, network, rules);
  if (!clearing.ok) throw new Error(`${clearing.refusal.at}: ${clearing.refusal.why}`);
  return clearing.value;
}

const copyOf = (clearing: NodalClearing): NodalClearing => ({
  ...clearing,
  priceTick: clearing.priceTick.slice(),
  flowWh: clearing.flowWh.slice(),
  fillsWh: clearing.fillsWh.slice(),
});

describe('any feeder tree', () => {
  it('passes its own check, and its prices prove that nothing better could trade', () => {
    fc.assert(
      fc.property(tree, (one) => {
        const clearing = cleared(one);
        expect(verifyNodal(one.book, one.network, one.rules, clearing)).toBeUndefined();
        expect(verifyNodal(one.book, one.network, one.rules, clearing, 'JS')).toBeUndefined();
        expect(nodalGap(one.book, one.network, clearing)).toBe(0n);
      }),
      runs,
    );
  });

  it('has the same prices whether its ladders are short or tall', () => {
    fc.assert(
      fc.property(tree, ({ book, network }) => {
        const [short, mixed, tall] = [96, 5, -1].map((longest) => {
          return nodalPrices(walkOf(book, network), priceRange(book), longest).priceTick;
        });
        expect(mixed).toEqual(short);
        expect(tall).toEqual(short);
      }),
      runs,
    );
  });

  it('clears the same on the compiled passes and in JavaScript, and so does any change of a ladder', () => {
    fc.assert(
      fc.property(tree, ({ book, network, rules }) => {
        const compiled = cleared({ book, network, rules });
        expect(clearNodal(book, network, rules, 'JS')).toEqual({ ok: true, value: compiled });
        expect(treeAudit(treeWith(book, network)!, book, network.count, compiled)).toBeDefined();
        for (const [longestShort, mostLong] of [
          [0, 0],
          [5, 0],
          [5, 50],
        ] as const) {
          const passes = treeWith(book, network)!;
          treePrices(passes, book, network.count, longestShort, mostLong);
          expect(passes.ints('priceTick', network.count)).toEqual(compiled.priceTick);
        }
      }),
      runs,
    );
  });

  it('is worth what a Wh by Wh search finds', () => {
    fc.assert(
      fc.property(arbitraryTree(smallTrees), (one) => {
        expect(Number(cleared(one).welfare)).toBe(welfareWhByWh(one));
      }),
      runs,
    );
  });

  it('is worth what HiGHS finds, on two thousand trees', async () => {
    const wanted = Math.max(2000, runs.numRuns);
    for (let seed = 0; seed < wanted / 100; seed += 1) {
      const some = fc.sample(fc.oneof(arbitraryTree(smallTrees), arbitraryTree(flatTrees)), { seed, numRuns: 100 });
      const welfare = await welfareByHighs(some);
      some.forEach((one, i) => expect(Number(cleared(one).welfare)).toBeCloseTo(welfare[i]!, 5));
    }
  });

  it('pays the sellers, the fees and the full lines from what the buyers pay, to the last tick', () => {
    fc.assert(
      fc.property(tree, ({ book, network, rules }) => {
        const { priceTick, fillsWh, flowWh } = cleared({ book, network, rules });
        let surplus = 0n;
        for (let i = 0; i < book.count; i += 1) {
          const paid = BigInt(priceTick[book.node[i]!]!) * BigInt(fillsWh[i]!);
          surplus += book.limit[i]! & 1 ? -paid : paid;
        }
        let [lines, fees] = [0n, 0n];
        for (let v = 1; v < network.count; v += 1) {
          lines += BigInt(flowWh[v]!) * BigInt(priceTick[network.parent[v]!]! - priceTick[v]!);
          fees += BigInt(Math.abs(flowWh[v]!)) * BigInt(network.feeTicks[v]!);
        }
        expect(surplus).toBe(lines);
        expect(surplus >= fees).toBe(true);
      }),
      runs,
    );
  });

  it('keeps every price between the cheapest ask and the dearest bid', () => {
    fc.assert(
      fc.property(tree, (one) => {
        const { lowest, highest } = priceRange(one.book);
        expect(cleared(one).priceTick.every((tick) => tick >= lowest && tick <= highest)).toBe(true);
      }),
      runs,
    );
  });

  it('is worth no less with wider lines and no more with dearer ones', () => {
    fc.assert(
      fc.property(tree, fc.nat(), fc.nat({ max: 40 }), fc.nat({ max: 5 }), (one, at, moreWh, moreTicks) => {
        const v = at % one.network.count;
        const { welfare } = cleared(one);
        const wider = changed(one.network, v, { importWh: moreWh, exportWh: moreWh });
        const dearer = changed(one.network, v, { feeTicks: moreTicks });
        expect(cleared({ ...one, network: wider }).welfare >= welfare).toBe(true);
        expect(cleared({ ...one, network: dearer }).welfare <= welfare).toBe(true);
      }),
      runs,
    );
  });

  it('does not depend on the order of arrival, but for the odd Wh of a margin', () => {
    fc.assert(
      fc.property(tree, fc.infiniteStream(fc.nat()), ({ book, network, rules }, dice) => {
        const places = [...Array(book.count).keys()];
        for (let i = places.length - 1; i > 0; i -= 1) {
          const j = dice.next().value! % (i + 1);
          [places[i], places[j]] = [places[j]!, places[i]!];
        }
        const one = cleared({ book, network, rules });
        const other = cleared({ book: rearranged(book, places), network, rules });
        expect(other.priceTick).toEqual(one.priceTick);
        expect([other.welfare, other.volumeWh]).toEqual([one.welfare, one.volumeWh]);
        places.forEach((place, i) => {
          const marginal = book.limit[place]! >>> 1 === one.priceTick[book.node[place]!];
          expect(marginal || other.fillsWh[i] === one.fillsWh[place]).toBe(true);
        });
      }),
      runs,
    );
  });

  it('moves with its prices', () => {
    fc.assert(
      fc.property(arbitraryTree(smallTrees), fc.integer({ min: 1, max: 8000 }), ({ book, network, rules }, ticks) => {
        const one = cleared({ book, network, rules });
        const moved = { ...book, limit: book.limit.map((limit) => limit + 2 * ticks) };
        const other = cleared({ book: moved, network, rules });
        expect([other.fillsWh, other.flowWh, other.welfare]).toEqual([one.fillsWh, one.flowWh, one.welfare]);
        const by = book.count > 0 ? ticks : 0;
        expect(other.priceTick).toEqual(one.priceTick.map((tick) => tick + by));
      }),
      runs,
    );
  });

  it('is bounded by any prices one may think of', () => {
    fc.assert(
      fc.property(
        arbitraryTree(smallTrees),
        fc.array(fc.nat({ max: 15 }), { minLength: 8, maxLength: 8 }),
        (one, prices) => {
          const bound = nodalBound(one.book, one.network, Int32Array.from(prices));
          expect(bound === undefined || bound >= cleared(one).welfare).toBe(true);
        },
      ),
      runs,
    );
  });
});

describe('a tree without limits and fees', () => {
  const shape = { orders: 40, ticks: 8, mostWh: 1_000_000n };
  const anyTree = fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 10 });
  it.each([
    ['small', { ...shape, mostWh: 6n }],
    ['large', shape],
  ])('is the uniform auction: price, volume and every fill (%s)', (_, books) => {
    fc.assert(
      fc.property(arbitraryBook(books), anyTree, fc.nat(), fc.nat(), (orders, parents, places, tieStart) => {
        const free = { importWh: 2 ** 31 - 1, exportWh: 2 ** 31 - 1, feeTicks: 0 };
        const network = networkFrom(parents.map((parent) => ({ parent, ...free })));
        const node = Int32Array.from(orders, (_order, i) => (places + i * 7 + (i >> 2)) % network.count);
        const uniform = referenceClear(orders, { priceRule: 'EQUILIBRIUM', tieStart });
        const nodal = cleared({ book: { ...columnsOf(orders), node }, network, rules: { tieStart } });
        expect([...nodal.fillsWh].map(BigInt)).toEqual(uniform.fillsWh);
        expect(BigInt(nodal.volumeWh)).toBe(uniform.volumeWh);
        expect(new Set(nodal.priceTick).size).toBe(1);
        expect([undefined, nodal.priceTick[0]]).toContain(uniform.priceTick);
      }),
      runs,
    );
  });
});

describe('its check', () => {
  it('refuses any single changed number, and says why', () => {
    const field = fc.constantFrom('priceTick', 'flowWh', 'fillsWh', 'welfare', 'volumeWh');
    fc.assert(
      fc.property(tree, field, fc.nat(), fc.constantFrom(-2, -1, 1, 2), ({ book, network, rules }, name, at, by) => {
        const clearing = copyOf(cleared({ book, network, rules }));
        const tampered =
          name === 'welfare'
            ? { ...clearing, welfare: clearing.welfare + BigInt(by) }
            : name === 'volumeWh'
              ? { ...clearing, volumeWh: clearing.volumeWh + by }
              : clearing;
        if (name !== 'welfare' && name !== 'volumeWh') {
          fc.pre(tampered[name].length > 0);
          tampered[name][at % tampered[name].length]! += by;
        }
        const flaw = verifyNodal(book, network, rules, tampered);
        expect(flaw).toEqual(expect.any(String));
        expect(flaw).toBe(verifyNodal(book, network, rules, tampered, 'JS'));
      }),
      runs,
    );
  });

  it('refuses a Wh that moved between two orders of a margin', () => {
    fc.assert(
      fc.property(arbitraryTree({ ...flatTrees, nodes: 3 }), fc.nat(), fc.nat(), ({ book, network, rules }, a, b) => {
        fc.pre(book.count > 1);
        const clearing = copyOf(cleared({ book, network, rules }));
        const [from, to] = [a % book.count, b % book.count];
        const alike = book.node[from] === book.node[to] && ((book.limit[from]! ^ book.limit[to]!) & 1) === 0;
        fc.pre(from !== to && alike && clearing.fillsWh[from]! > 0 && clearing.fillsWh[to]! < book.wh[to]!);
        clearing.fillsWh[from]! -= 1;
        clearing.fillsWh[to]! += 1;
        expect(verifyNodal(book, network, rules, clearing)).toEqual(expect.any(String));
      }),
      runs,
    );
  });

  it('refuses a trade left out although the prices allow it', () => {
    const network = networkFrom([{ parent: 0, importWh: 0, exportWh: 0, feeTicks: 0 }]);
    const book = nodalBook([
      { node: 0, sells: false, tick: 5, wh: 3 },
      { node: 0, sells: true, tick: 5, wh: 3 },
    ]);
    const rules = { tieStart: 0 };
    const idle = { ...cleared({ book, network, rules }), fillsWh: Int32Array.of(0, 0), volumeWh: 0 };
    expect(verifyNodal(book, network, rules, idle)).toBe(
      'node 0: a marginal bid and a marginal ask are both left over',
    );
  });
});

function changed(
  network: Network,
  v: number,
  more: Partial<Record<'importWh' | 'exportWh' | 'feeTicks', number>>,
): Network {
  const raised = (name: 'importWh' | 'exportWh' | 'feeTicks'): Int32Array =>
    network[name].map((value, at) => (at === v ? Math.min(2 ** 31 - 1, value + (more[name] ?? 0)) : value));
  return { ...network, importWh: raised('importWh'), exportWh: raised('exportWh'), feeTicks: raised('feeTicks') };
}

const rearranged = ({ count, member, limit, wh, node }: NodalBook, places: readonly number[]): NodalBook => ({
  count,
  member: Int32Array.from(places, (place) => member[place]!),
  limit: Uint16Array.from(places, (place) => limit[place]!),
  wh: Int32Array.from(places, (place) => wh[place]!),
  node: Int32Array.from(places, (place) => node[place]!),
});
