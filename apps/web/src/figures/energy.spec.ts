import { describe, expect, it } from '@jest/globals';
import { averageW, formatKw, formatKwh, percentOf } from './energy.js';

describe('energy on the screen', () => {
  it.each([
    [0n, '0 kWh'],
    [2n, '2 Wh'],
    [10n, '0.01 kWh'],
    [412n, '0.41 kWh'],
    [9_994n, '9.99 kWh'],
    [12_449n, '12.4 kWh'],
    [1_234_567n, '1,234.6 kWh'],
  ])('%d Wh read %s', (energyWh, text) => {
    expect(formatKwh(energyWh)).toBe(text);
  });

  it('a quarter of an hour with 3,100 Wh is 12.4 kW', () => {
    expect(formatKw(averageW(3_100n, 15))).toBe('12.4 kW');
    expect(formatKw(averageW(3_100n, 60))).toBe('3.1 kW');
  });

  it.each([
    [1n, 3n, 33],
    [2n, 3n, 67],
    [1n, 8n, 13],
    [5n, 4n, 125],
    [5n, 0n, 0],
  ])('%d of %d is %d percent', (part, whole, percent) => {
    expect(percentOf(part, whole)).toBe(percent);
  });
});
