import type { Client } from 'graphql-ws';
import { codeOver } from '../support/live.js';
import { TestStreet, zoneId } from '../support/street.js';

const times = (count: number, word: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => word(i)).join(' ');

const lines = (i: number, first: string) =>
  `l${i}: statementLines(pointId: "anna", from: "2026-06-21T00:00:00Z", to: "2026-06-22T00:00:00Z", first: ${first}) {
    edges { node { startsAt run importWh exportWh boughtWh soldWh feesNano savedNano quality } } pageInfo { endCursor } }`;
const points = (page: string) => `{ points(zoneId: "${zoneId}", ${page}) { edges { cursor node { id } } } }`;
const intervals = (page: string) => `{ intervals(zoneId: "${zoneId}", ${page}) { edges { cursor node { id } } } }`;
const orders = (page: string) => `{ orders(pointId: "anna", ${page}) { edges { node { id } } } }`;
const cursor = (...key: unknown[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/** Fragments that double each other: 2^20 fields in a few words. */
const laughs = `{ ...F0 } ${times(20, (i) => `fragment F${i} on Query { ...F${i + 1} a${i}: zones { name } ...F${i + 1} }`)} fragment F20 on Query { clock { now } }`;

// Each is refused with its code, over HTTP as 400 and over WebSocket as an error of that one operation.
const refusals: readonly [name: string, code: string, query: string, variables?: object][] = [
  [
    'seventeen levels of types',
    'TOO_DEEP',
    `{ __type(name: "Query") { fields { type ${'{ ofType '.repeat(14)} { name } ${'}'.repeat(16)} }`,
  ],
  ['401 fields under other names', 'TOO_WIDE', `{ ${times(401, (i) => `a${i}: __typename`)} }`],
  ['fragments that double each other', 'TOO_WIDE', laughs],
  ['many lists of a hundred', 'TOO_COSTLY', `{ ${times(10, (i) => lines(i, '100'))} }`],
  [
    'many lists whose length is a variable',
    'TOO_COSTLY',
    `query ($n: Int!) { ${times(10, (i) => lines(i, '$n'))} }`,
    { n: 100 },
  ],
  ['more than 2,000 words', 'GRAPHQL_PARSE_FAILED', `{ ${times(700, (i) => `a${i}: __typename`)} }`],
  ['a thousand open braces', 'GRAPHQL_PARSE_FAILED', '{ a '.repeat(1_000)],
  ['no query', 'GRAPHQL_PARSE_FAILED', '#'],
  ['a fragment in itself', 'GRAPHQL_VALIDATION_FAILED', '{ ...F } fragment F on Query { clock { now } ...F }'],
  [
    'two fragments in each other',
    'GRAPHQL_VALIDATION_FAILED',
    '{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }',
  ],
  ['a field that is not there', 'GRAPHQL_VALIDATION_FAILED', '{ passwords }'],
  [
    'a variable of another kind',
    'BAD_USER_INPUT',
    'query ($n: Int!) { points(zoneId: "x", first: $n) { edges { cursor } } }',
    { n: 'many' },
  ],
  [
    'a variable that is missing',
    'BAD_USER_INPUT',
    'query ($n: Int!) { points(zoneId: "x", first: $n) { edges { cursor } } }',
  ],
  [
    'a variable with a prototype',
    'BAD_USER_INPUT',
    'query ($n: Int!) { points(zoneId: "x", first: $n) { edges { cursor } } }',
    JSON.parse('{"__proto__": {"n": 1}}') as object,
  ],
];

// Only the resolver sees what is wrong with these; the operation ran, so HTTP says 200.
const refusedByResolver: typeof refusals = [
  ['no row', 'BAD_USER_INPUT', points('first: 0')],
  ['101 rows', 'BAD_USER_INPUT', points('first: 101')],
  ['-1 rows', 'BAD_USER_INPUT', points('first: -1')],
  ['a malformed cursor', 'BAD_USER_INPUT', points('first: 1, after: "%%%"')],
  ['the cursor of another list', 'BAD_USER_INPUT', intervals(`first: 1, after: "${cursor('anna')}"`)],
  ['a cursor with too much', 'BAD_USER_INPUT', points(`first: 1, after: "${cursor('anna', 'ben')}"`)],
  ['a cursor beyond all time', 'BAD_USER_INPUT', intervals(`first: 1, after: "${cursor(Number.MAX_SAFE_INTEGER)}"`)],
  ['a cursor with a made-up id', 'BAD_USER_INPUT', orders(`first: 1, after: "${cursor(0, 'made up')}"`)],
  ['a cursor that no database can hold', 'BAD_USER_INPUT', points(`first: 1, after: "${cursor('\u0000')}"`)],
  [
    'ten years of forecasts',
    'BAD_USER_INPUT',
    '{ forecasts(pointId: "anna", from: "2026-01-01T00:00:00Z", to: "2036-01-01T00:00:00Z", first: 1) { edges { cursor } } }',
  ],
  [
    'three days of balance',
    'BAD_USER_INPUT',
    `{ gridBalance(zoneId: "${zoneId}", from: "2026-06-20T00:00:00Z", to: "2026-06-23T00:00:00Z") { cellId } }`,
  ],
];
// A row of three would be handed a callback as its fourth.
const refused = [
  ...refusals.map(([name, code, query, variables = {}]) => [400, name, code, query, variables] as const),
  ...refusedByResolver.map(([name, code, query, variables = {}]) => [200, name, code, query, variables] as const),
];

describe('questions that cost too much, or make no sense', () => {
  let street: TestStreet;
  let live: Client;
  beforeAll(async () => {
    street = await TestStreet.open({
      mode: 'FORWARD',
      from: '2026-06-21T10:00:00Z',
      homes: [{ name: 'anna' }, { name: 'ben' }],
    });
    live = street.house.connect(street.token('anna'));
  });
  afterAll(async () => {
    await live.dispose();
    await street.close();
  });

  it.each(refused)('%i, %s: %s over HTTP', async (expected, _name, code, query, variables) => {
    const { status, data, errors } = await street.house.ask(street.token('anna'), query, variables);
    expect({ status, data: data ?? null, code: errors?.[0]!.extensions.code }).toEqual({
      status: expected,
      data: null,
      code,
    });
  });

  it.each(refused)(
    '%i, %s: %s over WebSocket, and the connection lives on',
    async (_status, _name, code, query, variables) => {
      expect(await codeOver(live, query, variables)).toBe(code);
      expect(await codeOver(live, '{ clock { now } }')).toBe('FINE');
    },
  );
});
