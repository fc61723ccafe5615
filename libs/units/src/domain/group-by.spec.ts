import { groupBy } from './group-by.js';

describe('groupBy', () => {
  it('keeps the items of each key in their order, and the keys in the order of their first', () => {
    expect([...groupBy([3, 1, 4, 1, 5, 2], (n) => n % 2)]).toEqual([
      [1, [3, 1, 1, 5]],
      [0, [4, 2]],
    ]);
  });

  it('makes nothing of nothing', () => {
    expect(groupBy([], String).size).toBe(0);
  });
});
