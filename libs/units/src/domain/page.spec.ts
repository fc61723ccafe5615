import { pageOf } from './page.js';

describe('a page', () => {
  it.each([
    [[], { items: [], more: false }],
    [[1, 2], { items: [1, 2], more: false }],
    [[1, 2, 3], { items: [1, 2], more: true }],
  ])('of two from %j', (fetched, page) => {
    expect(pageOf<number>(fetched, 2)).toEqual(page);
  });
});
