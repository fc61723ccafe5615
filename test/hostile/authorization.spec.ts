import { Sessions } from '@kwartier/identity/module';
import { adminToken } from '../support/house.js';
import { errorsOver } from '../support/live.js';
import { TestMeter } from '../support/meter.js';
import { TestStreet, zoneId } from '../support/street.js';

// Who sees what of Anna's home, of the transformer and of the zone: y is an answer, - is "there is no such thing".
const table = `
                    | anna | ben | operator | manager | meters | auditor | stranger | admin
  statement         |  y   |  -  |    -     |    -    |   -    |    y    |    -     |   y
  statementLines    |  y   |  -  |    -     |    -    |   -    |    y    |    -     |   y
  forecasts         |  y   |  -  |    -     |    -    |   -    |    y    |    -     |   y
  orders            |  y   |  -  |    -     |    -    |   -    |    y    |    -     |   y
  wish              |  y   |  -  |    -     |    -    |   -    |    y    |    -     |   y
  readings          |  y   |  -  |    -     |    -    |   y    |    y    |    -     |   y
  readings of trafo |  -   |  -  |    y     |    -    |   y    |    y    |    -     |   y
  placeOrder        |  y   |  -  |    -     |    -    |   -    |    -    |    -     |   -
  setWish           |  y   |  -  |    -     |    -    |   -    |    -    |    -     |   -
  points            |  y   |  y  |    y     |    y    |   y    |    y    |    -     |   y
  intervals         |  y   |  y  |    y     |    y    |   y    |    y    |    -     |   y
  gridBalance       |  y   |  y  |    y     |    y    |   y    |    y    |    -     |   y
  transformerLoad   |  y   |  y  |    y     |    y    |   y    |    y    |    -     |   y
  settlementStatus  |  y   |  y  |    y     |    y    |   y    |    y    |    -     |   y
`;
const day = 'from: "2026-06-21T00:00:00Z", to: "2026-06-22T00:00:00Z"';
const questions: Readonly<Record<string, string>> = {
  statement: `query ($point: ID!) { statement(pointId: $point, ${day}) { importWh } }`,
  statementLines: `query ($point: ID!) { statementLines(pointId: $point, ${day}, first: 9) { edges { node { importWh } } } }`,
  forecasts: `query ($point: ID!) { forecasts(pointId: $point, ${day}, first: 9) { edges { node { level } } } }`,
  orders: 'query ($point: ID!) { orders(pointId: $point, first: 9) { edges { node { energyWh } } } }',
  wish: 'query ($point: ID!) { wish(pointId: $point) { preset } }',
  readings: `query ($point: ID!) { readings(pointId: $point, ${day}, first: 9) { edges { node { importWh } } } }`,
  placeOrder: `mutation ($point: ID!) { placeOrder(order: { clientId: "x", pointId: $point, startsAt: "2026-06-21T13:00:00Z",
    side: BUY, energyWh: "10", limitMicroPerKwh: "100000" }) { ... on PlacedOrder { orderId } } }`,
  setWish:
    'mutation ($point: ID!) { setWish(wish: { pointId: $point, preset: BEST_PRICE }) { ... on Wish { preset } } }',
  points: 'query ($zone: ID!) { points(zoneId: $zone, first: 9) { edges { node { id } } } }',
  intervals: 'query ($zone: ID!) { intervals(zoneId: $zone, first: 9) { edges { node { id } } } }',
  gridBalance: `query ($zone: ID!) { gridBalance(zoneId: $zone, ${day}) { cellId } }`,
  transformerLoad: `query ($zone: ID!) { transformerLoad(zoneId: $zone, ${day}) { startsAt } }`,
  settlementStatus: 'query ($zone: ID!) { settlementStatus(zoneId: $zone) { waitingBatches } }',
};

const installation = `{ deviceId: "m", publicKey: "${'0'.repeat(64)}", from: "2026-06-21T12:00:00Z", startImportWh: "0", startExportWh: "0" }`;
const forAdministrators = [
  'enrolZone(zone: { id: "z", name: "Z", timeZone: "Europe/Berlin", currency: "EUR", intervalMinutes: 15, leastHomes: 5 }) { __typename }',
  `enrolPoint(point: { pointId: "p", zoneId: "${zoneId}", kind: CONNECTION, from: "2026-06-21T12:00:00Z", participant: { id: "p", name: "P", kind: HOME } }) { __typename }`,
  'issueToken(token: { role: ADMIN }) { __typename }',
  'moveOut(pointId: "anna", at: "2026-06-21T12:00:00Z") { __typename }',
  'moveIn(pointId: "anna", participant: { id: "p", name: "P", kind: HOME }, at: "2026-06-21T12:00:00Z") { __typename }',
  `exchangeDevice(pointId: "anna", installation: ${installation}) { __typename }`,
  `addKey(pointId: "anna", key: { deviceId: "meter-anna", number: 2, publicKey: "${'0'.repeat(64)}", from: "2026-06-21T12:00:00Z" }) { __typename }`,
  'revokeToken(token: "any")',
  'revokeKey(deviceId: "meter-anna", number: 1, at: "2026-06-21T12:00:00Z")',
  `openMarket(market: { zoneId: "${zoneId}", mode: METERED, priceRule: EQUILIBRIUM, buyerFeeMicroPerKwh: "0", sellerFeeMicroPerKwh: "0", allowanceNano: "0" }) { __typename }`,
  'publishTariff(tariff: { supplierId: "s", supplierName: "S", tariffId: "t", name: "T", version: 1, from: "2026-06-21T12:00:00Z", rates: [] }) { __typename }',
  'supplyPoint(pointId: "anna", tariffId: "tariff-320000-80000", from: "2026-06-21T12:00:00Z")',
  `buildNetwork(zoneId: "${zoneId}", feeders: [], connections: []) { id }`,
];

// Judged elsewhere in this file, and readings by their signatures.
const forOthers = ['placeOrder', 'cancelOrder', 'setWish', 'setDemoSpeed', 'submitReadings'];

describe('who may see and do what', () => {
  let street: TestStreet;
  const tokens: Record<string, string> = { admin: adminToken };
  beforeAll(async () => {
    const homes = ['anna', 'ben', 'carla', 'dora', 'emil'].map((name) => ({ name }));
    street = await TestStreet.open({ mode: 'FORWARD', from: '2026-06-21T11:00:00Z', homes, leastHomes: 3 });
    await enrolOperatorAndStranger();
    await settleAnHour();
  }, 240_000);
  afterAll(() => street.close());

  async function enrolOperatorAndStranger(): Promise<void> {
    const meter = new TestMeter(zoneId, 'trafo', 'meter-trafo', 'key of the transformer');
    await street.admin(
      `mutation ($point: EnrolPointInput!) { enrolPoint(point: $point) { ... on RegisterRefused { code } } }`,
      {
        point: {
          pointId: 'trafo',
          zoneId,
          kind: 'TRANSFORMER',
          from: '2026-06-21T11:00:00Z',
          participant: { id: 'netz', name: 'Netz', kind: 'GRID_OPERATOR' },
          installation: {
            deviceId: meter.deviceId,
            publicKey: meter.publicKeyHex,
            from: '2026-06-21T11:00:00Z',
            startImportWh: '0',
            startExportWh: '0',
          },
        },
      },
    );
    // Dora and Emil hang on a feeder of their own: one fewer than may be shown.
    await street.house.get(
      adminToken,
      `mutation { buildNetwork(zoneId: "${zoneId}", feeders: [{ id: "feeder-2", name: "Feeder 2", limitImportW: 9000, limitExportW: 9000 }],
        connections: [{ pointId: "dora", feederId: "feeder-2", limitW: 9000 }, { pointId: "emil", feederId: "feeder-2", limitW: 9000 }]) { id } }`,
    );
    const elsewhere =
      '{ id: "elsewhere", name: "Elsewhere", timeZone: "Europe/Berlin", currency: "EUR", intervalMinutes: 15, leastHomes: 5 }';
    await street.admin(`mutation { enrolZone(zone: ${elsewhere}) { ... on RegisterRefused { code } } }`, {});
    const { issueToken } = await street.house.get(
      adminToken,
      'mutation { issueToken(token: { role: AUDITOR, zoneId: "elsewhere" }) { ... on TokenIssued { token } } }',
    );
    Object.assign(tokens, {
      anna: street.token('anna'),
      ben: street.token('ben'),
      operator: await street.tokenFor('GRID_OPERATOR', 'netz'),
      manager: await street.tokenFor('COMMUNITY_MANAGER'),
      meters: await street.tokenFor('METER_OPERATOR'),
      auditor: await street.tokenFor('AUDITOR'),
      stranger: issueToken.token,
    });
  }

  async function settleAnHour(): Promise<void> {
    expect(await street.order('anna', '2026-06-21T12:00:00Z', 'BUY 10 @ 120000 as a1')).toMatch(/-/);
    await street.itIs('2026-06-21T12:15:00Z');
    for (const { name } of street.plan.homes)
      await street.meter(name).send(
        ...['11:15', '11:30', '11:45', '12:00', '12:15'].map((time, i) => ({
          endsAt: `2026-06-21T${time}:00Z`,
          importWh: 100 * i,
          exportWh: 0,
        })),
      );
    await street.house.settleDown();
  }

  const [header, ...rows] = table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const viewers = header!.slice(1);
  const cells = rows.flatMap(([name, ...marks]) => viewers.map((viewer, i) => [viewer, name!, marks[i]!] as const));

  it.each(cells)('%s asks for %s: %s', async (viewer, name, mark) => {
    const query = questions[name.replace(' of trafo', '')]!;
    const foreign = { point: name.endsWith('trafo') ? 'trafo' : 'anna', zone: zoneId };
    const { data, errors } = await street.house.ask(tokens[viewer], query, foreign);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(mark === 'y' ? undefined : ['NOT_FOUND']);
    if (mark === 'y') return;
    // What is not theirs looks to the letter like what is not there.
    const absent = await street.house.ask(tokens[viewer], query, { point: 'nobody', zone: 'nowhere' });
    expect({ data, errors }).toEqual({ data: absent.data, errors: absent.errors });
  });

  it.each(forAdministrators)('nobody but an administrator: %s', async (mutation) => {
    const before = await register();
    for (const [viewer, token] of Object.entries(tokens)) {
      if (viewer === 'admin') continue;
      const { errors } = await street.house.ask(token, `mutation { ${mutation} }`);
      expect([viewer, errors?.[0]!.extensions.code]).toEqual([viewer, 'NOT_FOUND']);
    }
    expect(await register()).toEqual(before);
  });

  it('has no mutation beyond these', async () => {
    const { __type } = await street.house.get(adminToken, '{ __type(name: "Mutation") { fields { name } } }');
    const known = [...forAdministrators.map((mutation) => /^\w+/.exec(mutation)![0]), ...forOthers];
    expect(__type.fields.map(({ name }: { name: string }) => name).sort()).toEqual(known.sort());
  });

  const register = async (): Promise<object[]> =>
    street.house.rows(
      `SELECT (SELECT count(*) FROM identity.zone) AS zones, (SELECT count(*) FROM identity.point) AS points, (SELECT count(*) FROM identity.access_token) AS tokens,
         (SELECT array_agg(valid_to ORDER BY point_id) FROM identity.holding) AS holdings, (SELECT array_agg(valid_to ORDER BY device_id) FROM identity.device_key) AS keys,
         (SELECT array_agg(mode) FROM market.setting) AS modes, (SELECT count(*) FROM tariffs.tariff) AS tariffs`,
    );

  it('shows households their own points, the manager all of them, the operator its transformer', async () => {
    const seenBy = async (viewer: string): Promise<string[]> =>
      (await street.house.get(tokens[viewer]!, questions['points']!, { zone: zoneId })).points.edges.map(
        ({ node }: { node: { id: string } }) => node.id,
      );
    expect(await seenBy('anna')).toEqual(['anna']);
    expect(await seenBy('operator')).toEqual(['trafo']);
    expect(await seenBy('manager')).toEqual(['anna', 'ben', 'carla', 'dora', 'emil', 'trafo']);
  });

  it('hides the sum of too few homes, and the neighbouring sum that would give it away', async () => {
    const hidden = { importWh: null, exportWh: null, localWh: null, points: null, suppressed: true };
    const question = `{ gridBalance(zoneId: "${zoneId}", from: "2026-06-21T12:00:00Z", to: "2026-06-21T12:15:00Z") { cellId importWh exportWh localWh points suppressed } }`;
    for (const viewer of ['operator', 'manager', 'anna'])
      expect((await street.house.get(tokens[viewer]!, question)).gridBalance).toEqual([
        { cellId: 'feeder-1', ...hidden },
        { cellId: 'feeder-2', ...hidden },
      ]);
  });

  it("takes nobody's order back but one's own, and never says whose it is", async () => {
    expect(await street.order('anna', '2026-06-21T13:00:00Z', 'BUY 10 @ 120000 as a2')).toMatch(/-/);
    expect([await street.cancel('ben', 'a2'), await street.cancel('ben', 'absent')]).toEqual([
      'NO_SUCH_ORDER',
      'NO_SUCH_ORDER',
    ]);
    expect(await street.cancel('anna', 'a2')).toMatch(/-/);
    for (const viewer of ['auditor', 'operator', 'manager', 'meters', 'admin']) {
      const { errors } = await street.house.ask(
        tokens[viewer],
        'mutation { cancelOrder(clientId: "a1") { __typename } }',
      );
      expect([viewer, errors![0]!.extensions.code]).toEqual([viewer, 'NOT_FOUND']);
    }
  });

  it.each([
    ['ben', 'statementUpdated(pointId: "anna") { startsAt }'],
    ['manager', 'statementUpdated(pointId: "anna") { startsAt }'],
    ['operator', 'statementUpdated(pointId: "anna") { startsAt }'],
    ['ben', 'statementUpdated(pointId: "nobody") { startsAt }'],
    ['stranger', `balance(zoneId: "${zoneId}") { startsAt }`],
    ['stranger', `intervalCleared(zoneId: "${zoneId}") { startsAt }`],
    ['stranger', 'intervalCleared(zoneId: "nowhere") { startsAt }'],
  ])('%s hears nothing of %s', async (viewer, subscription) => {
    const client = street.house.connect(tokens[viewer]!);
    const [problem] = await errorsOver(client, `subscription { ${subscription} }`);
    expect(problem).toMatchObject({ message: 'There is no such thing', extensions: { code: 'NOT_FOUND' } });
    await client.dispose();
  });

  it('understands the words of a demo only while there is one, and lets its visitor alone set the pace', async () => {
    const words = ['demo', 'demo:anna', 'demo:grid-operator', 'demo:community-manager'];
    const statusOf = async (token: string) => (await street.house.ask(token, '{ viewer { role } }')).status;
    expect(await Promise.all(words.map(statusOf))).toEqual([401, 401, 401, 401]);
    street.house.app.get(Sessions, { strict: false }).openDemo({ zoneId, operatorId: 'netz' });
    expect(await Promise.all(words.map(statusOf))).toEqual([200, 200, 200, 200]);
    const paced = async (token: string, speed: number) =>
      (await street.house.ask(token, `mutation { setDemoSpeed(speed: ${speed}) { speed } }`)).errors?.[0]!.extensions
        .code;
    for (const token of [...Object.values(tokens), ...words.slice(1)]) expect(await paced(token, 60)).toBe('NOT_FOUND');
    // The clock of the tests stands still, which only those who may set it learn.
    expect(await paced('demo', 60)).toBe('BAD_USER_INPUT');
    expect(await paced('demo', 7)).toBe('BAD_USER_INPUT');
  });
});
