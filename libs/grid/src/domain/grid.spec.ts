import { wh } from '@kwartier/units';
import { mostEnergyWh } from './connection.js';
import { sumOfHomes } from './sum-of-homes.js';

const home = (pointId: string, importWh: bigint) => ({
  pointId,
  importWh: wh(importWh),
  exportWh: wh(1n),
  localWh: wh(2n),
});

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

describe('sumOfHomes', () => {
  it('adds up what a cell of homes did', () => {
    expect(sumOfHomes([home('a', 5n), home('b', 7n)], 2)).toEqual({
      homes: 2,
      importWh: 12n,
      exportWh: 2n,
      localWh: 4n,
    });
  });

  it('says nothing where too few homes stand', () => {
    expect(sumOfHomes([home('a', 5n)], 2)).toBeUndefined();
  });
});
