import fc from 'fast-check';
import { priceAt, type PriceGrid, tickAtLeast, tickAtMost, tickOf } from './price-grid.js';
import { microPerKwh } from './quantities.js';

const grid: PriceGrid = { start: microPerKwh(-500n), tick: microPerKwh(100n), count: 11 };

describe('a price grid from -500 to 500 in steps of 100', () => {
  it.each([
    // price, tick of it, at most, at least
    [-501n, undefined, -1, 0],
    [-500n, 0, 0, 0],
    [-499n, undefined, 0, 1],
    [0n, 5, 5, 5],
    [99n, undefined, 5, 6],
    [500n, 10, 10, 10],
    [501n, undefined, 10, 11],
    [600n, undefined, 10, 11],
    [9_999n, undefined, 10, 11],
  ])('%d', (price, tick, atMost, atLeast) => {
    const asked = microPerKwh(price);
    expect([tickOf(grid, asked), tickAtMost(grid, asked), tickAtLeast(grid, asked)]).toEqual([tick, atMost, atLeast]);
  });
});

describe('any price grid', () => {
  const grids = fc.record({
    start: fc.bigInt({ min: -1_000_000n, max: 1_000_000n }).map(microPerKwh),
    tick: fc.bigInt({ min: 1n, max: 1_000n }).map(microPerKwh),
    count: fc.integer({ min: 1, max: 60 }),
  });

  it('knows its own prices', () => {
    fc.assert(
      fc.property(grids, (some) => {
        for (let tick = 0; tick < some.count; tick++) expect(tickOf(some, priceAt(some, tick))).toBe(tick);
      }),
    );
  });

  it('rounds like somebody who reads all of its prices', () => {
    fc.assert(
      fc.property(grids, fc.bigInt({ min: -70_000n, max: 70_000n }), (some, above) => {
        const price = microPerKwh(some.start + above);
        const prices = Array.from({ length: some.count }, (_, tick) => priceAt(some, tick));
        const higher = prices.findIndex((one) => one >= price);
        expect(tickAtMost(some, price)).toBe(prices.findLastIndex((one) => one <= price));
        expect(tickAtLeast(some, price)).toBe(higher === -1 ? some.count : higher);
      }),
    );
  });
});
