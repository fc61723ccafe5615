import type { SplitThreshold, UniformCertificate } from '../uniform/uniform-certificate.js';
import { invariant } from '../invariant.js';
import { type ClearingRules, middle, type PriceRule } from './clearing.js';
import { RangeReader, most53Bits, mostTick } from './range-reader.js';
import { type Decoded, VarintWriter } from './varints.js';
import { widestWh } from './columns.js';

export interface CertifiedClearing {
  readonly rules: ClearingRules;
  readonly certificate: UniformCertificate;
}

const priceRules: readonly PriceRule[] = ['EQUILIBRIUM', 'SHARED_MARGIN'];
const sides = [undefined, 'buyThreshold', 'sellThreshold'] as const;
const mostBytes = 120;

/** Certificate v1 (docs/formats.md): what proves a uniform price. Which book it is about is said outside, by the book's root. */
export function writeCertificate({ rules, certificate }: CertifiedClearing): Uint8Array {
  const flaw = flawOf({ rules, certificate });
  invariant(flaw === undefined, `a certificate does not contradict itself (${flaw})`);
  const { priceTick, lastAskTick, lowTick, highTick, lastBidTick } = certificate;
  const writer = new VarintWriter(mostBytes);
  writer.putWide(priceRules.indexOf(rules.priceRule));
  writer.putWide(rules.tieStart);
  writer.putWide(priceTick === undefined ? 0 : priceTick + 1);
  if (priceTick === undefined) return writer.take();

  const { volumeWh, wantedAboveWh, wantedWh, offeredBelowWh, offeredWh } = certificate;
  for (const wh of [volumeWh, wantedAboveWh, wantedWh, offeredBelowWh, offeredWh]) writer.putWide(wh);
  for (const tick of [lastAskTick!, lowTick!, highTick!, lastBidTick!]) writer.putWide(tick);
  const side = sides.findIndex((name) => name !== undefined && certificate[name] !== undefined);
  writer.putWide(Math.max(0, side));
  if (side > 0) putThreshold(writer, certificate[sides[side]!]!);
  return writer.take();
}

export function readCertificate(bytes: Uint8Array): Decoded<CertifiedClearing> {
  const fields = new RangeReader(bytes);
  const priceRule = priceRules[fields.next('a price rule', 0, 1)]!;
  const rules = { priceRule, tieStart: fields.next('a tie start', 0, most53Bits) };
  const price = fields.next('a price', 0, mostTick + 1);
  if (price === 0) return fields.end({ rules, certificate: nothingTraded });

  const wh = (what: string): number => fields.next(what, 0, most53Bits);
  const tick = (what: string): number => fields.next(what, 0, mostTick);
  const certificate = {
    priceTick: price - 1,
    volumeWh: fields.next('a volume', 1, most53Bits),
    wantedAboveWh: wh('a sum'),
    wantedWh: wh('a sum'),
    offeredBelowWh: wh('a sum'),
    offeredWh: wh('a sum'),
    lastAskTick: tick('the last ask'),
    lowTick: tick('the low price'),
    highTick: tick('the high price'),
    lastBidTick: tick('the last bid'),
    buyThreshold: undefined,
    sellThreshold: undefined,
  };
  const side = sides[fields.next('a side', 0, 2)];
  const threshold = side && { [side]: nextThreshold(fields) };
  return fields.end({ rules, certificate: { ...certificate, ...threshold } }, flawOf);
}

const nothingTraded: UniformCertificate = {
  priceTick: undefined,
  volumeWh: 0,
  wantedAboveWh: 0,
  wantedWh: 0,
  offeredBelowWh: 0,
  offeredWh: 0,
  lowTick: undefined,
  highTick: undefined,
  lastAskTick: undefined,
  lastBidTick: undefined,
  buyThreshold: undefined,
  sellThreshold: undefined,
};

function putThreshold(writer: VarintWriter, { remainder, place }: SplitThreshold): void {
  writer.putWide(remainder);
  writer.putWide(place);
}

const nextThreshold = (fields: RangeReader): SplitThreshold => ({
  remainder: fields.next('a remainder', 1, most53Bits),
  place: fields.next('a place', 0, widestWh),
});

/** What a certificate says against itself, whatever the book: then it proves nothing. */
function flawOf({ rules, certificate }: CertifiedClearing): string | undefined {
  const { priceTick, volumeWh, wantedAboveWh, wantedWh, offeredBelowWh, offeredWh } = certificate;
  const { lastAskTick, lowTick, highTick, lastBidTick } = certificate;
  if (priceTick === undefined)
    return volumeWh === 0 ? undefined : 'a price without a volume, or a volume without a price';
  if (lowTick === undefined || highTick === undefined || lastAskTick === undefined || lastBidTick === undefined)
    return 'a price comes from four ticks';
  if (wantedAboveWh > wantedWh || offeredBelowWh > offeredWh) return 'a sum is less than a part of it';
  if (offeredBelowWh >= wantedWh || wantedAboveWh > offeredWh) return 'the sums prove another low price';
  if (volumeWh !== Math.min(wantedWh, offeredWh)) return 'the volume is not the smaller of wanted and offered';
  const liesBeyond = [
    [highTick - lowTick, offeredWh === wantedAboveWh],
    [lowTick - lastAskTick, volumeWh === offeredBelowWh],
    [lastBidTick - lowTick, volumeWh === wantedAboveWh],
  ] as const;
  if (highTick > lastBidTick || liesBeyond.some(([ticks, beyond]) => (beyond ? ticks <= 0 : ticks !== 0)))
    return 'a tick lies where the sums do not put it';
  const [from, to] = rules.priceRule === 'EQUILIBRIUM' ? [lowTick, highTick] : [lastAskTick, lastBidTick];
  if (priceTick !== middle(from, to)) return 'the price is not the one that the rule names';
  return thresholdFlaw(certificate);
}

function thresholdFlaw(certificate: UniformCertificate): string | undefined {
  const { volumeWh, wantedAboveWh, wantedWh, offeredBelowWh, offeredWh, buyThreshold, sellThreshold } = certificate;
  if (buyThreshold && !isSplit(buyThreshold, volumeWh, wantedAboveWh, wantedWh)) return 'a side is split that is not';
  if (sellThreshold && !isSplit(sellThreshold, volumeWh, offeredBelowWh, offeredWh))
    return 'a side is split that is not';
  return undefined;
}

const isSplit = ({ remainder }: SplitThreshold, volumeWh: number, beyondWh: number, withinWh: number): boolean =>
  beyondWh < volumeWh && volumeWh < withinWh && remainder < withinWh - beyondWh;
