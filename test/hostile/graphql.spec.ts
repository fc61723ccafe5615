import { Live } from '@kwartier/platform';
import { getIntrospectionQuery } from 'graphql';
import type { Client } from 'graphql-ws';
import { adminToken } from '../support/house.js';
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
    'eleven levels',
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

describe('questions that nobody should ask', () => {
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

  it('answers nobody who does not say who they are', async () => {
    for (const token of [undefined, '', 'demo', 'demo:anna', 'x'.repeat(300), street.token('anna').slice(1)]) {
      const { status, errors } = await street.house.ask(token, '{ clock { now } }');
      expect([token, status, errors![0]!.extensions.code]).toEqual([token, 401, 'UNAUTHENTICATED']);
      const stranger = street.house.connect(token);
      await expect(codeOver(stranger, '{ clock { now } }')).rejects.toMatchObject({ code: 4403 });
      await stranger.dispose();
    }
  });

  it.each<[string, number, string, RequestInit]>([
    ['a question in the address, as a link on another page would ask it', 400, '?query={clock{now}}', {}],
    [
      'a form of another page',
      400,
      '',
      { method: 'POST', body: 'query={clock{now}}', headers: { 'content-type': 'text/plain' } },
    ],
    [
      'a mutation in the address',
      405,
      '?query=mutation{setDemoSpeed(speed:1){speed}}',
      { headers: { 'apollo-require-preflight': '1' } },
    ],
    [
      'many operations at once',
      400,
      '',
      { method: 'POST', body: '[{"query":"{clock{now}}"},{"query":"{clock{now}}"}]' },
    ],
    ['half a body', 400, '', { method: 'POST', body: '{"query":' }],
    [
      'a body of 300 KiB',
      413,
      '',
      { method: 'POST', body: JSON.stringify({ query: '{clock{now}}', variables: { a: 'x'.repeat(300_000) } }) },
    ],
    [
      'a packed body',
      415,
      '',
      { method: 'POST', body: '{}', headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } },
    ],
  ])('refuses %s with %i', async (_name, status, address, request) => {
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${street.token('anna')}`,
      ...request.headers,
    };
    const { 'content-type': _, ...plain } = headers;
    const sent = request.method === 'POST' ? headers : plain;
    const response = await fetch(`${street.house.httpUrl}/graphql${address}`, { ...request, headers: sent });
    expect(response.status).toBe(status);
  });

  it('explains itself to tools', async () => {
    const { __schema } = await street.house.get(street.token('anna'), getIntrospectionQuery());
    expect(__schema.queryType.name).toBe('Query');
    expect(await codeOver(live, getIntrospectionQuery())).toBe('FINE');
  });

  it.each(['\u0000', 'anna\u0000', 'x'.repeat(10_000), '../../etc', "' OR 1=1 --", '\ud800'])(
    'finds nothing under the id %j, and says so',
    async (id) => {
      const questions = [
        'statement(pointId: $id, from: "2026-06-21T00:00:00Z", to: "2026-06-22T00:00:00Z") { pointId }',
        'orders(pointId: $id, first: 1) { edges { cursor } }',
        'wish(pointId: $id) { pointId }',
        'settlementStatus(zoneId: $id) { waitingBatches }',
      ];
      for (const question of questions) {
        const { errors } = await street.house.ask(street.token('anna'), `query ($id: ID!) { ${question} }`, { id });
        expect(errors![0]!.extensions.code).toBe('NOT_FOUND');
      }
    },
  );

  it('ends at once what a client who leaves was hearing, and lets each hear only so much', async () => {
    const events = street.house.app.get(Live)['events'];
    const before = events.listenerCount('event');
    const crowd = street.house.connect(street.token('anna'));
    const problems: unknown[] = [];
    const stops = Array.from({ length: 30 }, () =>
      crowd.subscribe(
        { query: 'subscription { clockChanged { now } }' },
        {
          next: ({ errors }) => problems.push(...(errors ?? [])),
          error: (problem) => Array.isArray(problem) && problems.push(...(problem as unknown[])),
          complete: () => undefined,
        },
      ),
    );
    await until(() => events.listenerCount('event') - before + problems.length === 30);
    expect(events.listenerCount('event') - before).toBe(24);
    expect(problems).toContainEqual(expect.objectContaining({ extensions: { code: 'TOO_MANY' } }));
    stops[0]!();
    await until(() => events.listenerCount('event') - before === 23);
    crowd.terminate();
    await until(() => events.listenerCount('event') === before);
  });

  it('tells nobody what broke', async () => {
    const question =
      '{ statement(pointId: "anna", from: "2026-06-21T00:00:00Z", to: "2026-06-22T00:00:00Z") { pointId } }';
    await street.house.database.execute('ALTER TABLE settlement.line RENAME TO line_away');
    try {
      const { status, errors } = await street.house.ask(street.token('anna'), question);
      expect([status, errors]).toEqual([
        200,
        [
          {
            message: 'Something went wrong here; it is not your fault',
            path: ['statement'],
            extensions: { code: 'INTERNAL_SERVER_ERROR' },
          },
        ],
      ]);
      const [problem] = await errorsOver(live, question);
      expect(JSON.stringify(problem)).not.toMatch(/line|relation|stack/);
      expect(problem).toMatchObject({ extensions: { code: 'INTERNAL_SERVER_ERROR' } });
    } finally {
      await street.house.database.execute('ALTER TABLE settlement.line_away RENAME TO line');
    }
    expect((await street.house.ask(adminToken, question)).errors).toBeUndefined();
  });
});

interface Problem {
  readonly extensions?: { readonly code?: string };
}

/** The code of the first error of an operation over WebSocket, or FINE; rejects when the connection is closed. */
async function codeOver(client: Client, query: string, variables?: object): Promise<string> {
  const [problem] = await errorsOver(client, query, variables);
  return problem ? (problem.extensions?.code ?? 'NO_CODE') : 'FINE';
}

const errorsOver = async (client: Client, query: string, variables?: object): Promise<readonly Problem[]> =>
  new Promise((resolve, reject) => {
    client.subscribe(
      { query, variables: { ...variables } },
      {
        next: ({ errors }) => resolve(errors ?? []),
        error: (problem) => (Array.isArray(problem) ? resolve(problem as Problem[]) : reject(problem as Error)),
        complete: () => resolve([]),
      },
    );
  });

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; !holds(); i++) {
    if (i > 500) throw new Error('It did not come to be');
    await new Promise((later) => setTimeout(later, 10));
  }
}
