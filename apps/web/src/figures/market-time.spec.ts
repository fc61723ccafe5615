import { expect, it } from '@jest/globals';
import { marketNow } from './market-time.js';

it.each([
  [1, 2_000, 102_000],
  [60, 2_000, 220_000],
  [600, 0, 100_000],
  [60, -5_000, 100_000],
])('at %dx, %d ms after the word, the market stands at %d', (speed, passed, marketAt) => {
  expect(marketNow({ marketAt: 100_000, heardAt: 7_000, speed }, 7_000 + passed)).toBe(marketAt);
});
