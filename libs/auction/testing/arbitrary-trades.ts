import fc from 'fast-check';
import { type BookOrder, sortBook } from '../src/index.js';
import { type BookColumns, columnsOf } from '../src/domain/book/columns.js';

export interface Traded {
  readonly book: BookColumns;
  readonly fillsWh: Int32Array;
  /** Of each order. */
  readonly owner: Int32Array;
  readonly feeder: { readonly parent: Int32Array; readonly node: Int32Array };
}

export interface TradedShape {
  readonly orders: number;
  readonly owners: number;
  readonly nodes: number;
  readonly mostWh: number;
}

/** Fills as no auction would make them, except that as much is bought as is sold: pairing must cope with any. */
export const arbitraryTrades = ({ orders, owners, nodes, mostWh }: TradedShape): fc.Arbitrary<Traded> =>
  fc
    .record({
      parents: fc.array(fc.nat(), { minLength: nodes - 1, maxLength: nodes - 1 }),
      entries: fc.array(
        fc.record({
          member: fc.nat({ max: 2 * owners }),
          sell: fc.boolean(),
          wh: fc.integer({ min: 1, max: mostWh }),
          filled: fc.nat({ max: 4 }),
        }),
        { maxLength: orders },
      ),
      ownerOfMember: fc.array(fc.nat({ max: owners - 1 }), { minLength: 2 * owners + 1, maxLength: 2 * owners + 1 }),
      nodeOfMember: fc.array(fc.nat({ max: nodes - 1 }), { minLength: 2 * owners + 1, maxLength: 2 * owners + 1 }),
    })
    .map(({ parents, entries, ownerOfMember, nodeOfMember }) => {
      const book = columnsOf(
        sortBook(
          entries.map(({ member, sell, wh }): BookOrder => {
            return { member, side: sell ? 'SELL' : 'BUY', tick: 5, energyWh: BigInt(wh) };
          }),
        ),
      );
      const fillsWh = balanced(
        book,
        book.wh.map((wh, i) => (entries[i]!.filled === 0 ? 0 : wh)),
      );
      return {
        book,
        fillsWh,
        owner: book.member.map((member) => ownerOfMember[member]!),
        feeder: {
          parent: Int32Array.of(-1, ...parents.map((parent, i) => parent % (i + 1))),
          node: book.member.map((member) => nodeOfMember[member]!),
        },
      };
    });

export const sideWh = ({ limit }: BookColumns, wh: Int32Array, side: 0 | 1): number =>
  wh.reduce((sum, each, i) => ((limit[i]! & 1) === side ? sum + each : sum), 0);

/** The longer side gives up what the shorter one lacks, the last orders first. */
function balanced(book: BookColumns, fillsWh: Int32Array): Int32Array {
  const bought = sideWh(book, fillsWh, 0);
  const sold = sideWh(book, fillsWh, 1);
  let surplus = Math.abs(bought - sold);
  for (let i = book.count - 1; i >= 0; i--) {
    if ((book.limit[i]! & 1) !== (bought > sold ? 0 : 1)) continue;
    const cut = Math.min(surplus, fillsWh[i]!);
    fillsWh[i]! -= cut;
    surplus -= cut;
  }
  return fillsWh;
}
