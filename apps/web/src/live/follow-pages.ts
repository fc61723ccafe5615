import type { Connection } from './question.js';

/** Asks page after page and hands back one answer with the edges of all. */
export async function followPages<Data extends object>(
  field: keyof Data & string,
  ask: (after: string | null) => Promise<Data>,
): Promise<Data> {
  const first = await ask(null);
  const edges = [...pageOf(first, field).edges];
  let { hasNextPage, endCursor } = pageOf(first, field).pageInfo;
  while (hasNextPage && endCursor !== null) {
    const page = pageOf(await ask(endCursor), field);
    edges.push(...page.edges);
    // A cursor that stands still would ask for ever.
    if (page.pageInfo.endCursor === endCursor) break;
    ({ hasNextPage, endCursor } = page.pageInfo);
  }
  return { ...first, [field]: { edges, pageInfo: { hasNextPage: false, endCursor } } };
}

const pageOf = <Data extends object>(data: Data, field: keyof Data): Connection<unknown> =>
  data[field] as Connection<unknown>;
