import { mostMessageBytes, parseReadings } from './readings-message.js';

const good = {
  device: 'meter-1',
  key: 1,
  readings: [{ endsAt: '2026-06-21T12:00:00Z', importWh: '100', exportWh: '0' }],
  signature: 'ab'.repeat(64),
};
const parse = (text: string | Uint8Array) =>
  parseReadings('zone', 'point', typeof text === 'string' ? new TextEncoder().encode(text) : text);
const withReading = (change: object) => JSON.stringify({ ...good, readings: [{ ...good.readings[0], ...change }] });

describe('parseReadings', () => {
  it('reads what is written in the one spelling', () => {
    const message = parse(JSON.stringify(good));
    expect(message).toMatchObject({
      ok: true,
      value: { zoneId: 'zone', pointId: 'point', deviceId: 'meter-1', keyNumber: 1 },
    });
  });

  it('does not mind white space between the words', () => {
    expect(parse(JSON.stringify(good, undefined, 2)).ok).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[1]'],
    ['half of it', JSON.stringify(good).slice(0, -3)],
    ['something behind it', `${JSON.stringify(good)}x`],
    ['a key twice', JSON.stringify(good).replace('"key":1', '"key":1,"key":1')],
    ['a reading key twice', JSON.stringify(good).replace('"importWh":"100"', '"importWh":"1","importWh":"100"')],
    ['a key too many', JSON.stringify({ ...good, more: 1 })],
    ['a key missing', JSON.stringify({ ...good, signature: undefined })],
    ['__proto__', JSON.stringify(good).replace('"device"', '"__proto__":{},"device"')],
    ['a device with a space', JSON.stringify({ ...good, device: 'meter 1' })],
    ['a key of text', JSON.stringify({ ...good, key: '1' })],
    ['a key below zero', JSON.stringify({ ...good, key: -1 })],
    ['1e0 as key', JSON.stringify(good).replace('"key":1', '"key":1e0')],
    ['a short signature', JSON.stringify({ ...good, signature: 'ab'.repeat(63) })],
    ['a signature in capitals', JSON.stringify({ ...good, signature: 'AB'.repeat(64) })],
    ['no readings', JSON.stringify({ ...good, readings: [] })],
    ['too many', JSON.stringify({ ...good, readings: Array.from({ length: 1_001 }, () => good.readings[0]) })],
    ['the same time twice', JSON.stringify({ ...good, readings: [good.readings[0], good.readings[0]] })],
    ['"-1"', withReading({ importWh: '-1' })],
    ['"1.5"', withReading({ importWh: '1.5' })],
    ['"1e3"', withReading({ importWh: '1e3' })],
    ['"0x10"', withReading({ importWh: '0x10' })],
    ['"" as energy', withReading({ importWh: '' })],
    ['"007"', withReading({ importWh: '007' })],
    ['null as energy', withReading({ importWh: null })],
    ['a number', withReading({ importWh: 100 })],
    ['a list as energy', withReading({ importWh: [1] })],
    ['2^63', withReading({ importWh: '9223372036854775808' })],
    ['2^53', withReading({ importWh: '9007199254740992' })],
    ['local time', withReading({ endsAt: '2026-06-21T12:00:00+02:00' })],
    ['a day that does not exist', withReading({ endsAt: '2026-02-30T12:00:00Z' })],
    ['half a second', withReading({ endsAt: '2026-06-21T12:00:00.500Z' })],
    ['100,000 levels', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['bad UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d)],
    ['a byte order mark', `\ufeff${JSON.stringify(good)}`],
    ['more bytes than allowed', ' '.repeat(mostMessageBytes) + JSON.stringify(good)],
  ])('refuses %s', (_, text) => {
    expect(parse(text)).toMatchObject({ ok: false, refusal: { code: 'MALFORMED' } });
  });
});
