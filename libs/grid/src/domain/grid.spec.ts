import { wh } from '@kwartier/units';
import { mostEnergyWh } from './connection.js';
import { shownSums } from './sum-of-homes.js';

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

describe('shownSums', () => {
  const cell = (homes: number) => ({ homes, importWh: wh(12n), exportWh: wh(2n), localWh: wh(4n) });
  const sizesShown = (...sizes: number[]) =>
    [...shownSums(sizes.map(cell), 5)].map(({ homes }) => homes).sort((a, b) => a - b);

  it.each([
    ['enough everywhere', [5, 6], [5, 6]],
    ['too few in the only one', [4], []],
    ['one too small: its neighbour would give it away', [4, 9], []],
    ['one too small among three: the next smallest hides with it', [1, 6, 9], [9]],
    ['two small ones hide each other', [2, 3, 9], [9]],
    ['two small ones are still too few', [1, 2, 9], []],
    ['no cell at all', [], []],
  ])('%s', (_, sizes, shown) => {
    expect(sizesShown(...sizes)).toEqual(shown);
  });
});
