import fc from 'fast-check';
import { arbitraryBook, largeBooks, smallBooks } from '../../../testing/arbitrary-book.js';
import { damaged } from '../../../testing/slow-codecs.js';
import { clearUniform } from '../uniform/clear-uniform.js';
import { certifyUniform } from '../uniform/verify-uniform.js';
import type { ClearingRules, PriceRule } from './clearing.js';
import { type CertifiedClearing, readCertificate, writeCertificate } from './certificate-bytes.js';
import { columnsOf } from './columns.js';

const runs = { numRuns: Number(process.env['KWARTIER_RUNS'] ?? 1000) };
const rules: fc.Arbitrary<ClearingRules> = fc.record({
  priceRule: fc.constantFrom<PriceRule>('EQUILIBRIUM', 'SHARED_MARGIN'),
  tieStart: fc.nat({ max: 2 ** 53 - 1 }),
});
const certified = fc
  .tuple(fc.oneof(arbitraryBook(smallBooks), arbitraryBook(largeBooks)), rules)
  .map(([orders, rule]): CertifiedClearing => {
    const book = columnsOf(orders);
    return { rules: rule, certificate: certifyUniform(book, clearUniform(book, rule), rule) };
  });

describe('the bytes of a certificate', () => {
  it('are read as they were written, whatever the book', () => {
    fc.assert(
      fc.property(certified, (one) => {
        expect(readCertificate(writeCertificate(one))).toEqual({ ok: true, value: one });
      }),
      runs,
    );
  });

  it('have one spelling: changed bytes are another certificate or none', () => {
    fc.assert(
      fc.property(certified, fc.nat(3), fc.nat(), fc.nat(255), (one, kind, at, byte) => {
        const written = writeCertificate(one);
        const changed = damaged(written, kind, at, byte);
        const read = readCertificate(changed);
        expect(read.ok ? writeCertificate(read.value) : changed).toEqual(changed);
      }),
      runs,
    );
  });

  it('are never written for one that contradicts itself', () => {
    const traded = certified.filter(({ certificate }) => certificate.priceTick !== undefined);
    const fields = ['volumeWh', 'wantedAboveWh', 'offeredBelowWh', 'lowTick', 'lastAskTick'] as const;
    fc.assert(
      fc.property(traded, fc.constantFrom(...fields), ({ rules: rule, certificate }, field) => {
        const untrue = { ...certificate, [field]: Number.MAX_SAFE_INTEGER };
        expect(() => writeCertificate({ rules: rule, certificate: untrue })).toThrow('does not contradict itself');
      }),
      runs,
    );
  });

  const example: CertifiedClearing = {
    rules: { priceRule: 'SHARED_MARGIN', tieStart: 0 },
    certificate: {
      priceTick: 1700,
      volumeWh: 800,
      wantedAboveWh: 800,
      wantedWh: 800,
      offeredBelowWh: 0,
      offeredWh: 810,
      lowTick: 600,
      highTick: 600,
      lastAskTick: 600,
      lastBidTick: 2800,
      buyThreshold: undefined,
      sellThreshold: { remainder: 670, place: 0 },
    },
  };

  it.each<[string, Partial<CertifiedClearing['certificate']>]>([
    ['a sum is less than a part of it', { wantedWh: 799 }],
    ['a sum is less than a part of it', { offeredBelowWh: 811 }],
    ['the sums prove another low price', { offeredBelowWh: 800 }],
    ['the sums prove another low price', { wantedAboveWh: 811, wantedWh: 811 }],
    ['the volume is not the smaller of wanted and offered', { volumeWh: 799 }],
    ['a tick lies where the sums do not put it', { highTick: 601 }],
    ['a tick lies where the sums do not put it', { lastAskTick: 599 }],
    ['a tick lies where the sums do not put it', { lastBidTick: 600 }],
    ['the price is not the one that the rule names', { priceTick: 1701 }],
    ['a side is split that is not', { sellThreshold: { remainder: 810, place: 0 } }],
    ['a side is split that is not', { buyThreshold: { remainder: 1, place: 0 }, sellThreshold: undefined }],
    ['a price without a volume, or a volume without a price', { priceTick: undefined }],
    ['a price comes from four ticks', { highTick: undefined }],
  ])('are never written where %s (%j)', (flaw, change) => {
    expect(readCertificate(writeCertificate(example))).toEqual({ ok: true, value: example });
    const untrue = { ...example, certificate: { ...example.certificate, ...change } };
    expect(() => writeCertificate(untrue)).toThrow(flaw);
  });
});
