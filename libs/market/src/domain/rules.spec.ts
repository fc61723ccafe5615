import { createHash } from 'node:crypto';
import { ByteWriter, hex, instant, type IntervalMinutes, microPerKwh, parseInstant, utf8Bytes } from '@kwartier/units';
import fc from 'fast-check';
import { decodeRules, encodeRules, type Rules, rulesHash, tieStart } from './rules.js';

const rules = (change: Partial<Rules> = {}): Rules => ({
  grid: { start: microPerKwh(0n), tick: microPerKwh(100n), count: 8192 },
  priceRule: 'SHARED_MARGIN',
  buyerFeeMicroPerKwh: microPerKwh(5_000n),
  sellerFeeMicroPerKwh: microPerKwh(1_000n),
  tieRule: 'BY_INTERVAL',
  intervalMinutes: 15,
  undeliveredSharePpm: 0,
  ...change,
});
const fee = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(microPerKwh);
const anyRules: fc.Arbitrary<Rules> = fc.record({
  grid: fc.record({
    start: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 40n }).map(microPerKwh),
    tick: fc.bigInt({ min: 1n, max: 2n ** 40n }).map(microPerKwh),
    count: fc.integer({ min: 1, max: 8192 }),
  }),
  priceRule: fc.constantFrom('EQUILIBRIUM', 'SHARED_MARGIN'),
  buyerFeeMicroPerKwh: fee,
  sellerFeeMicroPerKwh: fee,
  tieRule: fc.constantFrom('FROM_FIRST', 'BY_INTERVAL'),
  intervalMinutes: fc.constantFrom(5, 15, 30, 60),
  undeliveredSharePpm: fc.nat({ max: 1_000_000 }),
});

describe('the bytes of rules', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(anyRules, (some) => expect(decodeRules(encodeRules(some))).toEqual({ ok: true, value: some })),
    );
  });

  it('differ for different rules, so their hashes do', () => {
    const changes: Partial<Rules>[] = [
      {},
      { grid: { ...rules().grid, start: microPerKwh(-1n) } },
      { grid: { ...rules().grid, tick: microPerKwh(99n) } },
      { grid: { ...rules().grid, count: 8191 } },
      { priceRule: 'EQUILIBRIUM' },
      { buyerFeeMicroPerKwh: microPerKwh(0n) },
      { sellerFeeMicroPerKwh: microPerKwh(0n) },
      { tieRule: 'FROM_FIRST' },
      { intervalMinutes: 60 },
      { undeliveredSharePpm: 1 },
    ];
    expect(new Set(changes.map((change) => hex(rulesHash(rules(change))))).size).toBe(changes.length);
  });

  // Written out by hand: start, tick, count, price rule, fees, tie rule, seconds, share.
  const written = (...numbers: (number | bigint)[]): Uint8Array =>
    numbers
      .reduce(
        (writer: ByteWriter, number) => writer.varint(number),
        new ByteWriter().raw(utf8Bytes('kwartier/rules/1\n')),
      )
      .take();

  it('say what they say', () => {
    expect(encodeRules(rules())).toEqual(written(0, 100, 8192, 1, 5000, 1000, 1, 900, 0));
  });

  it.each<[string, Uint8Array]>([
    ['the format is another one', Uint8Array.of(...utf8Bytes('kwartier/rules/2\n'), 0, 100, 1, 1, 0, 0, 1, 60, 0)],
    ['a price grid has no prices, or too many', written(0, 0, 8192, 1, 0, 0, 1, 900, 0)],
    ['a price grid has no prices, or too many', written(0, 100, 0, 1, 0, 0, 1, 900, 0)],
    ['a number is above 8192', written(0, 100, 8193, 1, 0, 0, 1, 900, 0)],
    ['a price grid is wider than 64 bits', written(2n ** 64n - 2n, 1, 2, 1, 0, 0, 1, 900, 0)],
    ['a rule has an unknown number', written(0, 100, 8192, 2, 0, 0, 1, 900, 0)],
    ['a rule has an unknown number', written(0, 100, 8192, 1, 0, 0, 2, 900, 0)],
    [`a number is above ${2n ** 63n - 1n}`, written(0, 100, 8192, 1, 2n ** 63n, 0, 1, 900, 0)],
    ['an interval has an unknown length', written(0, 100, 8192, 1, 0, 0, 1, 600, 0)],
    ['a number is above 1000000', written(0, 100, 8192, 1, 0, 0, 1, 900, 1_000_001)],
    ['bytes are missing', written(0, 100, 8192, 1, 0, 0, 1, 900)],
    ['bytes are left over', written(0, 100, 8192, 1, 0, 0, 1, 900, 0, 0)],
  ])('are refused because %s', (why, bytes) => {
    expect(decodeRules(bytes)).toMatchObject({ ok: false, refusal: { code: 'MALFORMED', why } });
  });

  it.each<Partial<Rules>>([
    { grid: { ...rules().grid, tick: microPerKwh(0n) } },
    { grid: { ...rules().grid, count: 8193 } },
    { buyerFeeMicroPerKwh: microPerKwh(-1n) },
    { undeliveredSharePpm: 1_000_001 },
  ])('are never written for %p', (change) => {
    expect(() => encodeRules(rules(change))).toThrow('rules can be written down');
  });

  it('are what their hash is taken of', () => {
    const digest = createHash('sha256').update(encodeRules(rules())).digest('hex');
    expect(hex(rulesHash(rules()))).toBe(digest);
  });
});

describe('ties', () => {
  it.each<[string, IntervalMinutes, number]>([
    ['1970-01-01T00:00:00Z', 15, 0],
    ['1970-01-01T00:45:00Z', 15, 3],
    ['2026-06-21T12:00:00Z', 15, 1_980_048],
    ['2026-06-21T12:15:00Z', 15, 1_980_049],
    ['2026-06-21T12:15:00Z', 5, 5_940_147],
    ['2026-06-21T12:00:00Z', 60, 495_012],
  ])('of the interval at %s of %d minutes are counted from %d', (text, intervalMinutes, start) => {
    expect(tieStart(rules({ intervalMinutes }), parseInstant(text)!)).toBe(start);
    expect(tieStart(rules({ intervalMinutes, tieRule: 'FROM_FIRST' }), parseInstant(text)!)).toBe(0);
  });

  it('are not counted from an instant that starts no interval', () => {
    expect(() => tieStart(rules(), instant(60_000))).toThrow('starts on its grid');
  });
});
