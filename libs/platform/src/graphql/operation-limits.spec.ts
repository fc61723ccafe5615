import { buildSchema, parse } from 'graphql';
import { operationFlaw } from './operation-limits.js';

const schema = buildSchema(
  'type Query { node: Node, nodes(first: Int!): [Node!]! } type Node { id: ID node: Node nodes(first: Int!): [Node!]! }',
);
const flawOf = (text: string, variables: Record<string, unknown> = {}) =>
  operationFlaw(schema, parse(text), undefined, variables)?.extensions['code'];
const nested = (levels: number): string => '{ node '.repeat(levels) + '{ id }' + '}'.repeat(levels);

describe('operationFlaw', () => {
  it.each([
    ['a usual question', '{ nodes(first: 100) { id node { id } } }', undefined],
    ['nine levels', nested(9), undefined],
    ['ten levels and more', nested(10), 'TOO_DEEP'],
    [
      'levels hidden in fragments',
      'query { node { ...a } } fragment a on Node { node { node { node { ...b } } } } fragment b on Node { node { node { node { node { node { node { id } } } } } } }',
      'TOO_DEEP',
    ],
    ['many aliases', `{ ${Array.from({ length: 401 }, (_, i) => `n${i}: node { id }`).join(' ')} }`, 'TOO_WIDE'],
    [
      'a fragment spread again and again',
      `{ node { ${'...a '.repeat(50)} } } fragment a on Node { ${Array.from({ length: 10 }, (_, i) => `i${i}: id`).join(' ')} }`,
      'TOO_WIDE',
    ],
    ['rows times rows', '{ nodes(first: 100) { nodes(first: 100) { id } } }', 'TOO_COSTLY'],
    ['a cycle, which validation names', 'query { node { ...a } } fragment a on Node { node { ...a } }', undefined],
  ])('%s', (_, text, code) => {
    expect(flawOf(text)).toBe(code);
  });

  it('counts rows that are asked for by a variable', () => {
    const text = 'query ($n: Int!) { nodes(first: $n) { nodes(first: $n) { id } } }';
    expect(flawOf(text, { n: 10 })).toBeUndefined();
    expect(flawOf(text, { n: 100 })).toBe('TOO_COSTLY');
  });
});
