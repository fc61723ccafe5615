import { Live } from '@kwartier/platform';
import { getIntrospectionQuery } from 'graphql';
import type { Client } from 'graphql-ws';
import WebSocket from 'ws';
import { adminToken } from '../support/house.js';
import { codeOver, errorsOver } from '../support/live.js';
import { TestStreet } from '../support/street.js';

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

  it('answers nobody who does not say who they are', async () => {
    for (const token of [undefined, '', 'demo', 'demo:anna', 'x'.repeat(300), street.token('anna').slice(1)]) {
      const { status, errors } = await street.house.ask(token, '{ clock { now } }');
      expect([token, status, errors![0]!.extensions.code]).toEqual([token, 401, 'UNAUTHENTICATED']);
      const stranger = street.house.connect(token);
      await expect(codeOver(stranger, '{ clock { now } }')).rejects.toMatchObject({ code: 4403 });
      await stranger.dispose();
    }
  });

  it.each<[string, number, string, { method?: string; body?: string; headers?: Record<string, string> }]>([
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

  it.each(['\u0000', 'anna\u0000', 'x'.repeat(65), '../../etc', "' OR 1=1 --", '\ud800'])(
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

  it('ends a connection that floods it, before it has said who it is', async () => {
    const socket = new WebSocket(`${street.house.httpUrl.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await new Promise((opened) => socket.once('open', opened));
    const cut = new Promise<number>((closed) => socket.once('close', closed));
    socket.on('error', () => undefined);
    socket.send(Buffer.alloc(4 * 1024 * 1024));
    // Cut in the middle of the message: nobody read it to the end to refuse it in words.
    expect(await cut).toBe(1006);
    expect((await street.house.ask(adminToken, '{ viewer { role } }')).status).toBe(200);
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

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; !holds(); i++) {
    if (i > 500) throw new Error('It did not come to be');
    await new Promise((later) => setTimeout(later, 10));
  }
}
