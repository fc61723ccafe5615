import { mostTicks, mostWh } from './book.js';
import type { Outcome } from './clearing.js';
import { invariant } from '../invariant.js';
import { inLeaves } from './leaves.js';
import { type Decoded, malformed, packVarints, unpackVarints } from './varints.js';

/** Result v1 (docs/formats.md): the price (0 for none, else tick + 1), the volume, then the fills in book order. */
export function encodeResult(outcome: Outcome): Uint8Array {
  return packVarints([...head(outcome), ...outcome.fillsWh]);
}

/** The number of orders comes from the book that was committed; a result for another one is refused. */
export function decodeResult(bytes: Uint8Array, orders: number): Decoded<Outcome> {
  const unpacked = unpackVarints(bytes);
  if (!unpacked.ok) return unpacked;
  const [price, volume, ...fills] = unpacked.value;
  if (!price || !volume || fills.length < orders) return malformed(bytes.length, 'bytes are missing');
  if (fills.length > orders) return malformed(fills[orders]!.at, 'bytes are left over');
  if (price.value > BigInt(mostTicks)) return malformed(price.at, 'a price lies beside every price grid');
  if ((price.value === 0n) !== (volume.value === 0n))
    return malformed(price.at, 'a price without a volume, or a volume without a price');
  const tooMuch = fills.find((fill) => fill.value > mostWh);
  if (tooMuch) return malformed(tooMuch.at, 'a fill is out of range');
  return {
    ok: true,
    value: {
      priceTick: price.value === 0n ? undefined : Number(price.value) - 1,
      volumeWh: volume.value,
      fillsWh: fills.map((fill) => fill.value),
    },
  };
}

/** First the leaf of price and volume, then the fills: an order's fill stands one leaf after its order's leaf in the book. */
export const resultLeaves = (outcome: Outcome): Uint8Array[] => [
  packVarints(head(outcome)),
  ...inLeaves(outcome.fillsWh).map(packVarints),
];

function head({ priceTick, volumeWh }: Outcome): [number, bigint] {
  invariant((priceTick === undefined) === (volumeWh === 0n), 'there is a price exactly where something traded');
  return [priceTick === undefined ? 0 : priceTick + 1, volumeWh];
}
