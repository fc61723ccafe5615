import fc from 'fast-check';
import { arbitraryTrades, sideWh, type Traded } from '../../../testing/arbitrary-trades.js';
import { columnsOf } from '../book/columns.js';
import type { Pairs } from './pair-list.js';
import { pairInBookOrder } from './pair-loaded.js';
import { pairTrades } from './pair-trades.js';

const runs = { numRuns: Number(process.env['KWARTIER_RUNS'] ?? 1000) };
const few = arbitraryTrades({ orders: 10, owners: 3, nodes: 5, mostWh: 4 });
const many = arbitraryTrades({ orders: 40, owners: 12, nodes: 9, mostWh: 30 });
const unequal = arbitraryTrades({ orders: 24, owners: 4, nodes: 7, mostWh: 2 ** 31 - 1 });
const trades = fc.oneof(few, many, unequal);

const pairsOf = ({ book, fillsWh, owner, feeder }: Traded): Pairs => pairTrades(book, fillsWh, { owner, feeder });
const listed = ({ buy, sell, wh }: Pairs) => Array.from(wh, (each, i) => ({ buy: buy[i]!, sell: sell[i]!, wh: each }));
const total = (numbers: Iterable<number>): number => [...numbers].reduce((sum, each) => sum + each, 0);

describe('who supplied whom', () => {
  // Node 0 is the transformer; a and b are feeders, a1 hangs on a.
  const nodes = ['root', 'a', 'b', 'a1'];
  const parent = Int32Array.of(-1, 0, 0, 1);
  const line = /^\s*(buy|sell)\s+(\w+)\s+(\d+) Wh at (\w+)\s*$/;

  it.each<[string, string, string[]]>([
    [
      'neighbours first, then the next street',
      `buy  anna   500 Wh at a1
       sell ben    300 Wh at b
       sell carla  200 Wh at a1
       sell dora   100 Wh at a
       buy  emil   100 Wh at b`,
      ['anna<-carla 200', 'anna<-dora 100', 'anna<-ben 200', 'emil<-ben 100'],
    ],
    [
      'nobody from themselves while another pairing exists',
      `buy  anna   300 Wh at a
       sell anna   300 Wh at a
       buy  ben    300 Wh at b
       sell carla  300 Wh at b`,
      ['anna<-carla 300', 'ben<-anna 300'],
    ],
    [
      'the excess of one who is more than all others together',
      `buy  anna   500 Wh at a
       sell anna   400 Wh at a
       buy  ben    100 Wh at b
       sell carla  200 Wh at b`,
      ['anna<-carla 200', 'ben<-anna 100', 'anna<-anna 300'],
    ],
    [
      'book order where all are equally near',
      'buy anna 5 Wh at b\nbuy ben 5 Wh at b\nsell carla 10 Wh at b',
      ['anna<-carla 5', 'ben<-carla 5'],
    ],
    ['nothing', '', []],
  ])('is told: %s', (_, table, expected) => {
    const names: string[] = [];
    const node: number[] = [];
    const orders = table
      .split('\n')
      .filter((row) => row.trim() !== '')
      .map((row) => {
        const [, side, name, wh, place] = line.exec(row)!;
        if (!names.includes(name!)) names.push(name!);
        node.push(nodes.indexOf(place!));
        const member = names.indexOf(name!);
        return { member, side: side === 'buy' ? ('BUY' as const) : ('SELL' as const), tick: 9, energyWh: BigInt(wh!) };
      });
    const book = columnsOf(orders);
    const pairs = pairTrades(book, book.wh, { feeder: { parent, node: Int32Array.from(node) } });
    const name = (order: number): string => names[book.member[order]!]!;
    expect(
      listed(pairs)
        .map(({ buy, sell, wh }) => `${name(buy)}<-${name(sell)} ${wh}`)
        .toSorted(),
    ).toEqual(expected.toSorted());
  });

  it('adds up to every fill, from a seller to a buyer, with no more pairs than orders that traded', () => {
    fc.assert(
      fc.property(trades, (traded) => {
        const { book, fillsWh } = traded;
        const pairs = listed(pairsOf(traded));
        const paired = new Float64Array(book.count);
        const fromSellToBuy = ({ buy, sell, wh }: (typeof pairs)[number]): boolean =>
          wh > 0 && (book.limit[buy]! & 1) === 0 && (book.limit[sell]! & 1) === 1;
        expect(pairs.every(fromSellToBuy)).toBe(true);
        for (const { buy, sell, wh } of pairs) {
          paired[buy]! += wh;
          paired[sell]! += wh;
        }
        expect([...paired]).toEqual([...fillsWh]);
        expect(pairs.length).toBeLessThanOrEqual(fillsWh.filter((wh) => wh > 0).length);
        expect(pairsOf(traded)).toEqual(pairsOf(traded));
      }),
      runs,
    );
  });

  it('leaves nobody with themselves but for the excess of one owner over all others', () => {
    fc.assert(
      fc.property(trades, (traded) => expect(suppliedByThemselves(traded)).toBe(unavoidable(traded))),
      runs,
    );
  });

  it('could not leave less with themselves, whatever else one tried', () => {
    const tiny = arbitraryTrades({ orders: 7, owners: 3, nodes: 1, mostWh: 2 });
    fc.assert(
      fc.property(tiny, (traded) => expect(suppliedByThemselves(traded)).toBe(leastByTrying(traded))),
      runs,
    );
  });

  it('is near before far: no exchange of partners keeps more energy inside a subtree', () => {
    fc.assert(
      fc.property(trades, (traded) => {
        const { owner } = traded;
        const exchangeable = subtrees(traded).filter(({ comesIn, goesOut }) =>
          comesIn.some((into) =>
            goesOut.some((out) => owner[into.buy] !== owner[out.sell] && owner[out.buy] !== owner[into.sell]),
          ),
        );
        expect(exchangeable).toEqual([]);
      }),
      runs,
    );
  });

  it('lets every subtree supply itself as far as it can where no owner both buys and sells', () => {
    fc.assert(
      fc.property(trades, (some) => {
        const traded = { ...some, owner: some.owner.map((owner, i) => 2 * owner + (some.book.limit[i]! & 1)) };
        const { book, fillsWh, feeder } = traded;
        const kept = subtrees(traded).map(({ isIn, comesIn }) => {
          const inside = fillsWh.map((wh, i) => (isIn(i) ? wh : 0));
          return [
            sideWh(book, inside, 0) - total(comesIn.map(({ wh }) => wh)),
            sideWh(book, inside, 0),
            sideWh(book, inside, 1),
          ];
        });
        expect(kept.map(([keptWh]) => keptWh)).toEqual(kept.map(([, bought, sold]) => Math.min(bought!, sold!)));
        expect(kept).toHaveLength(feeder.parent.length);
      }),
      runs,
    );
  });

  it('is the same on the short way, taken where nobody is on both sides', () => {
    fc.assert(
      fc.property(trades, fc.boolean(), ({ book, fillsWh, owner }, own) => {
        const everybody = own ? { owner } : {};
        const longWay = { ...everybody, feeder: { parent: Int32Array.of(-1), node: new Int32Array(book.count) } };
        expect(pairTrades(book, fillsWh, everybody)).toEqual(pairTrades(book, fillsWh, longWay));
        expect(pairTrades(book, fillsWh)).toEqual(pairTrades(book, fillsWh, { owner: book.member }));
      }),
      runs,
    );
  });

  it('is the same on both kernels, for any part of a large book', () => {
    const sizes = fc.tuple(
      fc.nat({ max: 3000 }),
      fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      fc.integer({ min: 1, max: 6 }),
    );
    fc.assert(
      fc.property(sizes, fc.array(fc.nat(), { minLength: 1, maxLength: 60 }), ([count, most, sides], random) => {
        const some = (i: number, salt: number): number => Math.imul(random[i % random.length]! + salt, 2 * i + 1) >>> 1;
        const book = {
          count,
          member: Int32Array.from({ length: count }, (_, i) => i),
          limit: Uint16Array.from({ length: count }, (_, i) => 10 + (some(i, 97) % sides === 0 ? 1 : 0)),
          wh: Int32Array.from({ length: count }, (_, i) => some(i + 1, 5) % most),
        };
        const [bought, sold] = [sideWh(book, book.wh, 0), sideWh(book, book.wh, 1)];
        let surplus = Math.abs(bought - sold);
        const fillsWh = book.wh.map((wh, i) => {
          const cut = (book.limit[i]! & 1) === (bought > sold ? 0 : 1) ? Math.min(surplus, wh) : 0;
          surplus -= cut;
          return wh - cut;
        });
        expect(pairInBookOrder(book, fillsWh, 'WASM')).toEqual(pairInBookOrder(book, fillsWh, 'JS'));
      }),
      runs,
    );
  });

  it('is found in a city on one long feeder where one owner is everywhere', () => {
    const count = 60_000;
    const book = {
      count,
      member: Int32Array.from({ length: count }, (_, i) => i),
      limit: Uint16Array.from({ length: count }, (_, i) => 10 + (i & 1)),
      wh: new Int32Array(count).fill(7),
    };
    const parent = Int32Array.from({ length: count }, (_, i) => i - 1);
    const owner = book.member.map((member) => (member < count / 2 + 2 ? 0 : member));
    const traded = { book, fillsWh: book.wh, owner, feeder: { parent, node: book.member } };
    expect([suppliedByThemselves(traded), unavoidable(traded)]).toEqual([14, 14]);
  });

  it('is not told where more was bought than sold', () => {
    const book = columnsOf([{ member: 0, side: 'BUY', tick: 3, energyWh: 5n }]);
    expect(() => pairTrades(book, book.wh)).toThrow('as much bought as sold');
    expect(() => pairTrades(book, book.wh, { owner: book.member })).toThrow('as much bought as sold');
  });
});

const suppliedByThemselves = (traded: Traded): number =>
  total(
    listed(pairsOf(traded))
      .filter(({ buy, sell }) => traded.owner[buy] === traded.owner[sell])
      .map(({ wh }) => wh),
  );

function unavoidable({ book, fillsWh, owner }: Traded): number {
  const volumeWh = sideWh(book, fillsWh, 0);
  const ofOwner = new Map<number, number>();
  fillsWh.forEach((wh, i) => ofOwner.set(owner[i]!, (ofOwner.get(owner[i]!) ?? 0) + wh));
  return Math.max(0, ...[...ofOwner.values()].map((wh) => wh - volumeWh));
}

/** Deals every sold Wh to every bought Wh in all ways there are. */
function leastByTrying({ book, fillsWh, owner }: Traded): number {
  const owners = (side: 0 | 1): number[] =>
    [...fillsWh].flatMap((wh, i) => ((book.limit[i]! & 1) === side ? Array<number>(wh).fill(owner[i]!) : []));
  const least = (buyers: readonly number[], sellers: readonly number[]): number => {
    const [buyer, ...others] = buyers;
    if (buyer === undefined) return 0;
    return Math.min(
      ...[...new Set(sellers)].map((seller) => {
        const at = sellers.indexOf(seller);
        return (buyer === seller ? 1 : 0) + least(others, sellers.toSpliced(at, 1));
      }),
    );
  };
  return least(owners(0), owners(1));
}

/** Of each subtree: the pairs that bring energy in, and those that take energy out. */
function subtrees(traded: Traded) {
  const { parent, node } = traded.feeder;
  const pairs = listed(pairsOf(traded));
  return Array.from(parent, (_, top) => {
    const within = Array.from(parent, (above, v) => v === top || above === top);
    parent.forEach((above, v) => (within[v] ||= v > top && within[above] === true));
    const isIn = (order: number): boolean => within[node[order]!]!;
    return {
      isIn,
      comesIn: pairs.filter(({ buy, sell }) => isIn(buy) && !isIn(sell)),
      goesOut: pairs.filter(({ buy, sell }) => !isIn(buy) && isIn(sell)),
    };
  });
}
