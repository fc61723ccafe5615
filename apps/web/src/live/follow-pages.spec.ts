import { describe, expect, it } from '@jest/globals';
import { followPages } from './follow-pages.js';
import { type Connection, nodesOf } from './question.js';

interface Answer {
  readonly homes: Connection<number>;
}

/** `sizes` are the lengths of the pages; the nodes count up from 0. */
function server(...sizes: number[]) {
  const asked: (string | null)[] = [];
  const ask = async (after: string | null): Promise<Answer> => {
    asked.push(after);
    const page = after === null ? 0 : Number(after) + 1;
    const before = sizes.slice(0, page).reduce((sum, size) => sum + size, 0);
    const edges = Array.from({ length: sizes[page]! }, (_, i) => ({ node: before + i }));
    return { homes: { edges, pageInfo: { hasNextPage: page + 1 < sizes.length, endCursor: String(page) } } };
  };
  return { ask, asked };
}

describe('following pages', () => {
  it('asks once where one page is all', async () => {
    const { ask, asked } = server(3);
    expect(nodesOf((await followPages('homes', ask)).homes)).toEqual([0, 1, 2]);
    expect(asked).toEqual([null]);
  });

  it('goes on with the last cursor and keeps the order', async () => {
    const { ask, asked } = server(2, 2, 1);
    expect(nodesOf((await followPages('homes', ask)).homes)).toEqual([0, 1, 2, 3, 4]);
    expect(asked).toEqual([null, '0', '1']);
  });

  it('stops at a cursor that stands still', async () => {
    const stuck = async (): Promise<Answer> => ({
      homes: { edges: [{ node: 7 }], pageInfo: { hasNextPage: true, endCursor: 'same' } },
    });
    expect(nodesOf((await followPages('homes', stuck)).homes)).toEqual([7, 7]);
  });
});
