import { ByteWriter, instant, parseInstant, utf8Bytes, wh } from '@kwartier/units';
import fc from 'fast-check';
import { parseReadingsBytes, readingsBytes, type SignedReadings, type SignedRegisters } from './readings-bytes.js';

const noon = parseInstant('2026-06-21T12:00:00Z')!;
const reading = (change: Partial<SignedRegisters> = {}): SignedRegisters => ({
  endsAt: noon,
  importWh: wh(1_000n),
  exportWh: wh(250n),
  ...change,
});
const message = (...readings: SignedRegisters[]): SignedReadings => ({
  zoneId: 'sonnenweg',
  pointId: 'p1',
  deviceId: 'd1',
  keyNumber: 1,
  readings,
});

const total = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(wh);
const text = fc.string({ unit: 'grapheme' });
const anyMessage: fc.Arbitrary<SignedReadings> = fc.record({
  zoneId: text,
  pointId: text,
  deviceId: text,
  keyNumber: fc.nat({ max: 2 ** 31 - 1 }),
  readings: fc
    .uniqueArray(fc.nat({ max: 253_402_300_799 }), { minLength: 1, maxLength: 20 })
    .map((seconds) => seconds.toSorted((a, b) => a - b))
    .chain((seconds) =>
      fc.tuple(
        ...seconds.map((second) =>
          fc.record({ endsAt: fc.constant(instant(second * 1000)), importWh: total, exportWh: total }),
        ),
      ),
    ),
});

describe('the bytes that a device signs', () => {
  it('hold the whole message', () => {
    fc.assert(
      fc.property(anyMessage, (some) => {
        expect(parseReadingsBytes(readingsBytes(some))).toEqual({ ok: true, value: some });
      }),
    );
  });

  it('do not let a name run into the next', () => {
    const one = readingsBytes({ ...message(reading()), zoneId: 'ab', pointId: 'c' });
    const other = readingsBytes({ ...message(reading()), zoneId: 'a', pointId: 'bc' });
    expect(one).not.toEqual(other);
  });

  const head = (): ByteWriter =>
    new ByteWriter().raw(utf8Bytes('kwartier/readings/1\n')).text('sonnenweg').text('p1').text('d1').varint(1);
  const written = (...numbers: (number | bigint)[]): Uint8Array =>
    numbers.reduce((writer: ByteWriter, number) => writer.varint(number), head()).take();

  it('say what they say: later readings by the seconds since the one before', () => {
    const later = reading({ endsAt: instant(noon + 900_000), importWh: wh(1_100n) });
    const bytes = readingsBytes(message(reading(), later));
    expect(bytes).toEqual(written(2, noon / 1000, 1000, 250, 900, 1100, 250));
  });

  it.each<[string, Uint8Array]>([
    ['the format is another one', Uint8Array.of(...utf8Bytes('kwartier/readings/2\n'))],
    ['there is no reading', written(0)],
    ['readings are not in ascending time', written(2, 100, 1, 1, 0, 1, 1)],
    ['a reading ends after the year 9999', written(2, 253_402_300_799, 1, 1, 1, 1, 1)],
    ['a number is above 253402300799', written(1, 253_402_300_800, 1, 1)],
    [`a number is above ${2n ** 63n - 1n}`, written(1, 100, 2n ** 63n, 1)],
    ['bytes are missing', written(2, 100, 1, 1)],
    ['bytes are left over', written(1, 100, 1, 1, 0)],
  ])('are refused because %s', (why, bytes) => {
    expect(parseReadingsBytes(bytes)).toMatchObject({ ok: false, refusal: { code: 'MALFORMED', why } });
  });

  it.each<[string, SignedReadings]>([
    ['at least one reading', message()],
    ['ascending time', message(reading(), reading())],
    ['ascending time', message(reading(), reading({ endsAt: instant(noon - 1000) }))],
    ['a full second', message(reading({ endsAt: instant(noon + 1) }))],
    ['a full second', message(reading({ endsAt: instant(-1000) }))],
    ['fits 63 bits', message(reading({ exportWh: wh(2n ** 63n) }))],
    ['not negative', message(reading({ importWh: wh(-1n) }))],
    ['a key number', { ...message(reading()), keyNumber: 2 ** 31 }],
  ])('are never made without %s', (why, some) => {
    expect(() => readingsBytes(some)).toThrow(why);
  });
});
