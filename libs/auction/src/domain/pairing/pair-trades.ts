import type { BookColumns } from '../book/columns.js';
import { BadInput } from '../bad-input.js';
import { invariant } from '../invariant.js';
import { LargestOwner } from './largest-owner.js';
import { type Meeting, meetOnTree } from './meet-on-tree.js';
import { numbered, type NumberedOwners } from './owners.js';
import { PairList, type Pairs } from './pair-list.js';
import { pairInBookOrder } from './pair-loaded.js';
import { memberOnBothSides, tradedOrders } from './traded-orders.js';

/** Where the orders stand. Without a feeder everybody is equally near; without owners each member owns itself. */
export interface Whereabouts {
  /** Of each order; orders with the same number are of one owner. */
  readonly owner?: Int32Array | undefined;
  readonly feeder?:
    | {
        /** Of each node: an earlier node, -1 for the root. */
        readonly parent: Int32Array;
        /** Of each order. */
        readonly node: Int32Array;
      }
    | undefined;
}

const onlyRoot = Int32Array.of(-1);

/**
 * Says where the traded energy came from, for certificates of origin; no money depends on it. Whole Wh: every order's
 * pairs add up to its fill. In this order of weight:
 *
 * 1. Nobody supplies themselves while another pairing exists. One does unless an owner's fills, bought and sold together,
 *    are more than the volume; then exactly the excess stays with that owner.
 * 2. Near before far. Of a pair that brings energy into a subtree and one that takes energy out of it, no exchange of
 *    partners would keep energy inside without somebody supplying themselves. Where no owner both buys and sells,
 *    every subtree thus supplies itself as far as it can.
 * 3. Book order. The same book and fills always give the same pairs, and never more of them than orders that traded.
 */
export function pairTrades(book: BookColumns, fillsWh: Int32Array, { owner, feeder }: Whereabouts = {}): Pairs {
  mustBalance(book, fillsWh);
  const owners = owner && numbered(owner, book.limit, fillsWh);
  const contested = owners ? owners.sides.includes(3) : memberOnBothSides(book, fillsWh);
  if (!contested && !feeder) return pairInBookOrder(book, fillsWh);

  const traded = tradedOrders(book, fillsWh);
  const { parent, node } = feeder ?? { parent: onlyRoot, node: undefined };
  const pairs = new PairList(traded.buys.length + traded.sells.length);
  const meeting = { traded, leftWh: fillsWh.slice(), pairs, owner: owner ?? book.member, parent, node };
  if (contested) pairContested(book, meeting, owners ?? numbered(book.member, book.limit, fillsWh));
  else meetOnTree(meeting);
  invariant(
    meeting.leftWh.every((wh) => wh === 0),
    'bought is sold',
  );
  return pairs.take();
}

function mustBalance({ count, limit }: BookColumns, fillsWh: Int32Array): void {
  if (fillsWh.length !== count) throw new BadInput({ code: 'MALFORMED', at: 'fillsWh', why: 'a fill for every order' });
  let boughtLessSoldWh = 0;
  for (let i = 0; i < count; i++) boughtLessSoldWh += limit[i]! & 1 ? -fillsWh[i]! : fillsWh[i]!;
  if (boughtLessSoldWh !== 0)
    throw new BadInput({ code: 'CONTRADICTION', at: 'fillsWh', why: 'as much bought as sold' });
}

/** Where owners on both sides must be kept from meeting themselves, and from being left alone with themselves. */
function pairContested(book: BookColumns, meeting: Meeting, { of, sides }: NumberedOwners): void {
  const { leftWh, pairs } = meeting;
  const half = meetOnTree({ ...meeting, owner: of }, new LargestOwner(of, sides, leftWh));
  if (half === undefined) return;
  // From here on there are two: this owner, and all others, who no longer meet each other.
  meetOnTree({ ...meeting, owner: of.map((one) => (one === half ? 0 : 1)) });
  pairs.addAll(pairInBookOrder(book, leftWh));
  leftWh.fill(0);
}
