import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decimal } from './decimal.js';
import { formatCents, formatMoney } from './money.js';

describe('money on the screen', () => {
  it.each([
    [0n, 'EUR', '€0.00'],
    [714_000_000n, 'EUR', '€0.71'],
    [715_000_000n, 'EUR', '€0.72'],
    [-1_234_567_890_000n, 'EUR', '-€1,234.57'],
    [-4_999_999n, 'EUR', '€0.00'],
    [-5_000_000n, 'EUR', '-€0.01'],
    [710_000_000n, 'cr', '0.71 cr'],
    // Beyond 2^53 a float would print another last cent.
    [9_007_199_254_740_993_010_000_000n, 'EUR', '€9,007,199,254,740,993.01'],
  ])('%d nano-credits in %s read %s', (nano, currency, text) => {
    expect(formatMoney(nano, currency)).toBe(text);
  });

  it.each([
    [194_000n, '19.4 ct'],
    [194_499n, '19.4 ct'],
    [194_500n, '19.5 ct'],
    [-20_000n, '-2.0 ct'],
    [-1n, '0.0 ct'],
  ])('%d micro per kWh read %s', (micro, text) => {
    expect(formatCents(micro)).toBe(text);
  });

  it.each([
    [0n, 3, '0.000'],
    [7n, 2, '0.07'],
    [-1_250n, 3, '-1.250'],
    [42n, 0, '42'],
  ])('%d with %d places is %s', (value, places, text) => {
    expect(decimal(value, places)).toBe(text);
  });

  it('a decimal holds exactly the digits of its whole number', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.integer({ min: 0, max: 12 }), (value, places) => {
        const text = decimal(value, places);
        expect(BigInt(text.replace('.', ''))).toBe(value);
        expect(text.split('.')[1]?.length ?? 0).toBe(places);
      }),
    );
  });
});
