import { wh } from '@kwartier/units';
import { mostEnergyWh } from './connection.js';
import { shownSum } from './sum-of-homes.js';

describe('mostEnergyWh', () => {
  it.each([
    [24_000, 15, 6_000n],
    [11_001, 15, 2_750n],
    [11_000, 60, 11_000n],
    [3_680, 5, 306n],
  ] as const)('a connection of %i W carries in %i minutes %i Wh', (limitW, length, most) => {
    expect(mostEnergyWh(limitW, length)).toBe(most);
  });
});

describe('shownSum', () => {
  const sum = { homes: 5, importWh: wh(12n), exportWh: wh(2n), localWh: wh(4n) };

  it('shows what enough homes did together', () => {
    expect(shownSum(sum, 5)).toBe(sum);
  });

  it('says nothing where too few homes stand', () => {
    expect(shownSum(sum, 6)).toBeUndefined();
  });
});
