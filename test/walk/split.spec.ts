import { spawnSync } from 'node:child_process';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { startHouse } from '@kwartier/house';
import { MarketClock } from '@kwartier/platform';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Aedes } from 'aedes';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { adminToken, at, type GraphqlAnswer } from '../support/house.js';
import { type MeterAnswer, TestMeter } from '../support/meter.js';
import { startTestPostgres, type TestPostgres } from '../support/postgres.js';
import { eventually, TestProcess } from '../support/processes.js';

const names = ['gateway', 'market', 'forecaster', 'api'] as const;
const zoneId = 'lindenhof';
const noon = '2026-06-21T12:00:00Z';

describe('the house in four processes', () => {
  let postgres: TestPostgres;
  let broker: Aedes;
  let brokerServer: Server;
  let running: TestProcess[] = [];

  beforeAll(async () => {
    const built = spawnSync(process.execPath, ['scripts/build.mjs'], { encoding: 'utf8' });
    if (built.status !== 0) throw new Error(built.stdout + built.stderr);
    postgres = await startTestPostgres();
    // As somebody else would run it: who enters there is that broker's matter, what a reading is worth is ours.
    broker = await Aedes.createBroker();
    brokerServer = createServer((socket) => broker.handle(socket));
    await new Promise<void>((listening) => brokerServer.listen(0, '127.0.0.1', listening));
  });
  afterEach(async () => {
    await Promise.all(running.map(async (one) => one.stop()));
    running = [];
  });
  afterAll(async () => {
    await new Promise<void>((closed) => broker.close(closed));
    brokerServer.close();
    await postgres.stop();
  });

  const mqttUrl = (): string => `mqtt://127.0.0.1:${(brokerServer.address() as AddressInfo).port}`;
  const start = async (databaseUrl: string) => {
    const env = { DATABASE_URL: databaseUrl, MQTT_URL: mqttUrl(), KWARTIER_ADMIN_TOKEN: adminToken };
    running = names.map((name) => TestProcess.start(name, env));
    const [gateway, market, forecaster, api] = await Promise.all(running.map(async (one) => one.ready()));
    return { gateway: gateway!, market: market!, forecaster: forecaster!, api: api! };
  };

  it('start together on an empty database, each with its own doors only, and stop when they are told', async () => {
    const urls = await start(await postgres.freshDatabase());
    const answers = async (path: string, method = 'GET') =>
      Promise.all(names.map(async (name) => (await fetch(urls[name] + path, { method })).status));
    expect(await answers('/health')).toEqual([200, 200, 200, 200]);
    expect(await answers('/metrics')).toEqual([200, 200, 200, 200]);
    expect(await answers('/graphql', 'POST')).toEqual([404, 404, 404, 400]);
    expect(await answers('/v1/zones/z/points/p/readings', 'POST')).toEqual([422, 404, 404, 404]);
    expect(await Promise.all(running.map(async (one) => one.stop()))).toEqual([0, 0, 0, 0]);
    expect(running.flatMap(({ lines }) => lines.filter(({ level }) => level === 'error'))).toEqual([]);
  });

  it('take one reading from the meter to the statement', async () => {
    const databaseUrl = await postgres.freshDatabase();
    // A house without parts holds the clock's hand; the processes only read it.
    const hand = await startHouse(databaseUrl, { parts: [], logLevel: 'error' });
    try {
      await hand.get(MarketClock).startDemo(at(noon));
      const { answers, line, heard } = await walk(hand, (await start(databaseUrl)).api);
      const taken = expect.objectContaining({
        code: 'TAKEN',
        readings: [expect.objectContaining({ outcome: 'ACCEPTED' })],
      });
      expect(answers).toEqual([taken, taken]);
      // Anna buys Ben's 150 Wh half-way between 0.081 and 0.315.
      expect(line).toEqual({
        run: 1,
        importWh: '200',
        boughtWh: '150',
        priceMicroPerKwh: '198000',
        localPaidNano: '29700000',
        feesNano: '750000',
        savedNano: String(150 * (320_000 - 198_000 - 5_000)),
        quality: 'MEASURED',
      });
      expect(heard).toEqual([{ statementUpdated: { startsAt: noon, run: 1 } }]);
    } finally {
      await hand.close();
    }
  });

  async function walk(hand: NestExpressApplication, api: string) {
    const ask = asker(api);
    await enrol(ask);
    const { token } = (
      await ask(
        'mutation { issueToken(token: { role: HOUSEHOLD, participantId: "anna" }) { ... on TokenIssued { token } } }',
      )
    ).issueToken;
    await eventually('the market opened the interval', async () => {
      const question = `{ intervals(zoneId: "${zoneId}", from: "${noon}", to: "2026-06-21T12:05:00Z", first: 1) { edges { node { state } } } }`;
      return (await ask(question)).intervals.edges[0];
    });
    const heard: unknown[] = [];
    const answers: MeterAnswer[] = [];
    const stopListening = listen(api, token, (update) => heard.push(update));
    await hand.get(MarketClock).stepTo(at('2026-06-21T12:05:00Z'));

    for (const [home, importWh, exportWh] of [
      ['anna', 200, 0],
      ['ben', 0, 150],
    ] as const) {
      const meter = meterOf(home);
      await meter.connect(mqttUrl());
      answers.push(await meter.send({ endsAt: '2026-06-21T12:05:00Z', importWh, exportWh }));
      await meter.stop();
    }

    const line = await eventually('the interval is settled', async () => {
      const question = `{ statementLines(pointId: "anna", from: "${noon}", to: "2026-06-21T12:05:00Z", first: 1) {
        edges { node { run importWh boughtWh priceMicroPerKwh localPaidNano feesNano savedNano quality } } } }`;
      return (await ask(question, {}, token)).statementLines.edges[0]?.node;
    });
    await eventually('those who watch were told', async () => heard[0]);
    await stopListening();
    return { answers, line, heard };
  }

  it('say what is missing and do not start', async () => {
    const lost = TestProcess.start('market', {});
    expect(await lost.exitCode()).toBe(2);
    expect(lost.lines.map(({ message }) => message)).toEqual([
      'DATABASE_URL is missing; all processes need the same one',
    ]);
  });
});

type Ask = (query: string, variables?: object, token?: string) => Promise<any>;

const asker =
  (api: string): Ask =>
  async (query, variables = {}, token = adminToken) => {
    const response = await fetch(`${api}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as Omit<GraphqlAnswer, 'status'>;
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };

const meterOf = (home: string): TestMeter => new TestMeter(zoneId, home, `meter-${home}`, `split key of ${home}`);

/** A zone of two homes with intervals of five minutes, by the same questions that an operator asks. */
async function enrol(ask: Ask): Promise<void> {
  await ask(`mutation { enrolZone(zone: { id: "${zoneId}", name: "Lindenhof", timeZone: "Europe/Vienna", currency: "EUR",
    intervalMinutes: 5, leastHomes: 5 }) { ... on RegisterChanged { pointId } } }`);
  await ask(`mutation { publishTariff(tariff: { supplierId: "ewerk", supplierName: "E-Werk", tariffId: "flat", name: "Flat",
    version: 1, from: "${noon}", rates: [{ fromMinute: 0, toMinute: 1440, weekdays: ALL, retailMicroPerKwh: "320000",
    feedInMicroPerKwh: "80000" }] }) { ... on TariffPublished { version } } }`);
  for (const home of ['anna', 'ben']) {
    const { deviceId, publicKeyHex: publicKey } = meterOf(home);
    await ask(
      `mutation ($point: EnrolPointInput!) { enrolPoint(point: $point) { ... on RegisterChanged { pointId } } }`,
      {
        point: {
          pointId: home,
          zoneId,
          kind: 'CONNECTION',
          from: noon,
          participant: { id: home, name: home, kind: 'HOME' },
          installation: { deviceId, publicKey, from: noon, startImportWh: '0', startExportWh: '0' },
        },
      },
    );
    await ask(`mutation { supplyPoint(pointId: "${home}", tariffId: "flat", from: "${noon}") }`);
  }
  const { openMarket } =
    await ask(`mutation { openMarket(market: { zoneId: "${zoneId}", mode: METERED, priceRule: SHARED_MARGIN,
    buyerFeeMicroPerKwh: "5000", sellerFeeMicroPerKwh: "1000", allowanceNano: "100000000000" }) {
    ... on MarketOpened { rulesHash } ... on MarketRefused { code } } }`);
  expect(openMarket).toEqual({ rulesHash: expect.any(String) });
}

function listen(api: string, token: string, hear: (data: unknown) => void): () => Promise<void> {
  const url = `${api.replace('http', 'ws')}/graphql`;
  const client = createClient({ url, webSocketImpl: WebSocket, connectionParams: { token } });
  const query = 'subscription { statementUpdated(pointId: "anna") { startsAt run } }';
  const stop = client.subscribe(
    { query },
    { next: ({ data }) => hear(data), error: () => undefined, complete: () => undefined },
  );
  return async () => {
    stop();
    await client.dispose();
  };
}
