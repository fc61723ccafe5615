import { readingsTopic } from '@kwartier/metering/module';
import { adminToken } from '../support/house.js';
import { doorsOf, postReadings, submitReadings } from '../support/doors.js';
import { type MeterAnswer, TestMeter } from '../support/meter.js';
import { TestStreet, zoneId } from '../support/street.js';

// Meters were mounted at 10:00 with registers at 0; it is 12:00. A fuse of 24 kW lets 6,601 Wh through in a quarter.
const at = (time: string) => `2026-06-21T${time}:00Z`;
const honest = { endsAt: at('10:15'), importWh: 100, exportWh: 0 };

/** An honest message in which one thing is spelt otherwise. */
const respelt =
  (from: string, to: string) =>
  (meter: TestMeter): string =>
    meter.payload([honest]).replace(from, to);

/** Never signed, because no signature covers what cannot be written down. */
const unsigned = (endings: readonly string[]) => (meter: TestMeter) =>
  meter
    .payload([honest])
    .replace(
      /"readings":\[.*\]/,
      `"readings":${JSON.stringify(endings.map((endsAt) => ({ endsAt, importWh: '1', exportWh: '0' })))}`,
    );

const anyText: readonly [string, string, (meter: TestMeter, other: TestMeter) => string][] = [
  ['a signature of zeros', 'BAD_SIGNATURE', (meter) => meter.payload([honest], { signature: '0'.repeat(128) })],
  ['a short signature', 'MALFORMED', (meter) => meter.payload([honest], { signature: '00' })],
  ['a long signature', 'MALFORMED', (meter) => meter.payload([honest], { signature: `${meter.sign([honest])}00` })],
  [
    "another device's signature",
    'BAD_SIGNATURE',
    (meter, other) => meter.payload([honest], { signature: other.sign([honest]) }),
  ],
  [
    'a signature for another point',
    'BAD_SIGNATURE',
    (meter) => meter.payload([honest], { signature: meter.sign([honest], { zoneId, pointId: 'ben' }) }),
  ],
  ['a number changed after signing', 'BAD_SIGNATURE', respelt('"importWh":"100"', '"importWh":"99"')],
  ['a device that is not installed here', 'UNKNOWN_DEVICE', (_, other) => other.payload([honest])],
  ['a key that was never enrolled', 'UNKNOWN_KEY', (meter) => meter.payload([honest], { key: 2 })],
  ['a key number beyond all', 'MALFORMED', (meter) => meter.payload([honest], { key: 65_536 })],
  ...[
    '"-1"',
    '"1.5"',
    '"1e3"',
    '"0x10"',
    '"0100"',
    '" 1"',
    '""',
    'null',
    '[1]',
    '{}',
    '100',
    '"9223372036854775808"',
  ].map((spelling): [string, string, (meter: TestMeter) => string] => [
    `a total of ${spelling}`,
    'MALFORMED',
    respelt('"importWh":"100"', `"importWh":${spelling}`),
  ]),
  ['a time in another zone', 'MALFORMED', respelt('10:15:00Z', '12:15:00+02:00')],
  ['a day that does not exist', 'MALFORMED', respelt('06-21T', '06-31T')],
  ['a key said twice', 'MALFORMED', respelt('{"device"', '{"device":"meter-ben","device"')],
  ['a key too many', 'MALFORMED', respelt('{"device"', '{"also":1,"device"')],
  ['a __proto__', 'MALFORMED', respelt('{"device"', '{"__proto__":{"device":"meter-ben"},"device"')],
  ['a __proto__ in a reading', 'MALFORMED', respelt('{"endsAt"', '{"__proto__":{"importWh":"1"},"endsAt"')],
  ['something behind the message', 'MALFORMED', (meter) => `${meter.payload([honest])}{}`],
  ['a byte order mark', 'MALFORMED', (meter) => `\uFEFF${meter.payload([honest])}`],
  ['half a message', 'MALFORMED', (meter) => meter.payload([honest]).slice(0, -20)],
  ['nothing', 'MALFORMED', () => ''],
  ['a list', 'MALFORMED', (meter) => `[${meter.payload([honest])}]`],
  ['100,000 levels', 'MALFORMED', () => '['.repeat(100_000) + ']'.repeat(100_000)],
  ['no reading', 'MALFORMED', unsigned([])],
  ['two readings of one time', 'MALFORMED', unsigned([at('10:15'), at('10:15')])],
  ['descending times', 'MALFORMED', unsigned([at('10:30'), at('10:15')])],
  [
    '1,001 readings',
    'MALFORMED',
    unsigned(
      Array.from({ length: 1_001 }, (_, i) =>
        new Date(Date.UTC(2026, 5, 1) + i * 900_000).toISOString().replace('.000', ''),
      ),
    ),
  ],
];

describe('what no meter would send', () => {
  let street: TestStreet;
  let before: object;
  beforeAll(async () => {
    street = await TestStreet.open({ mode: 'FORWARD', from: at('10:00'), homes: [{ name: 'anna' }, { name: 'ben' }] });
    await street.itIs(at('12:00'));
    // Not nothing: what was silent for longer than the time of grace is estimated by now.
    before = await kept();
  });
  afterAll(() => street.close());

  /** Rows of everything that a reading could leave behind. */
  async function kept(): Promise<object> {
    const [row] = await street.house.rows(
      `SELECT (SELECT count(*) FROM metering.reading) AS readings, (SELECT count(*) FROM metering.interval_value) AS values,
         (SELECT count(*) FROM metering.quarantine) AS quarantined, (SELECT count(*) FROM metering.message) AS messages`,
    );
    return row!;
  }

  it.each(anyText)('refuses %s as %s at every door', async (_name, code, payloadOf) => {
    const payload = payloadOf(street.meter('anna'), street.meter('ben'));
    for (const door of doorsOf(street, 'anna')) {
      const { code: answered } = await door.send(payload);
      expect([door.name, answered]).toEqual([door.name, code]);
    }
    expect(await kept()).toEqual(before);
  });

  it('refuses bytes that are no text', async () => {
    const payload = Buffer.from(street.meter('anna').payload([honest]));
    payload[payload.indexOf('meter-anna')] = 0xff;
    for (const door of doorsOf(street, 'anna').filter(({ name }) => name !== 'GraphQL'))
      expect(await door.send(payload)).toMatchObject({ code: 'MALFORMED' });
    expect(await kept()).toEqual(before);
  });

  it('cuts off whoever sends 10 MiB, and hears the next one', async () => {
    const tooMuch = Buffer.alloc(10 * 1024 * 1024, ' ');
    const meter = street.meter('ben');
    expect((await postReadings(street, tooMuch, zoneId, 'ben')).status).toBe(413);
    expect((await street.house.ask(street.token('ben'), `{ viewer { role } } #${tooMuch.toString()}`)).status).toBe(
      413,
    );
    await meter.publishAndBeCut(tooMuch);
    await meter.connect(street.house.mqttUrl);
    expect(await kept()).toEqual(before);
  });

  it('knows no other zone, no other point and no other topic', async () => {
    const [anna, ben] = [street.meter('anna'), street.meter('ben')];
    const payload = anna.payload([honest]);
    for (const [zone, point] of [
      ['nowhere', 'anna'],
      [zoneId, 'nobody'],
      [zoneId, '..%2F..%2Fmetrics'],
      [zoneId, '%00'],
    ] as const) {
      expect(await postReadings(street, payload, zone, point)).toMatchObject({
        status: 422,
        answer: { code: 'UNKNOWN_DEVICE' },
      });
      expect(await submitReadings(street, payload, zone, decodeURIComponent(point))).toMatchObject({
        code: 'UNKNOWN_DEVICE',
      });
    }
    for (const topic of [
      `kwartier/v1/${zoneId}/points/ben/readings`,
      `kwartier/v1/${zoneId}/points/anna/answers`,
      'anything',
    ])
      expect(await anna.publish(ben.payload([honest]), topic)).toMatchObject({ code: 'FOREIGN_TOPIC' });
    expect(await kept()).toEqual(before);
  });

  // Time of the reading, its totals, and what each door says of it in turn.
  const story = `
    10:15 |   100 |  0 | ACCEPTED
    10:15 |   101 |  0 | CONFLICT
    10:15 |   100 |  0 | DUPLICATE
    10:30 |    99 |  0 | GOES_BACK
    10:30 |  6702 |  0 | ABOVE_THE_FUSE
    10:30 |  6701 | 40 | ACCEPTED
    10:45 |  6701 | 39 | GOES_BACK
    11:00 |  6800 | 90 | ACCEPTED
    10:45 |  6750 | 91 | ABOVE_A_LATER_ONE
    10:45 |  6750 | 60 | ACCEPTED
    10:20 |   200 |  0 | OFF_THE_QUARTER
    10:00 |     0 |  0 | NOT_INSTALLED
    12:15 |  6900 | 90 | IN_THE_FUTURE
  `;
  const rows = story
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()) as [string, string, string, string]);

  it.each(rows)('says of %s with %s and %s: %s', async (time, importWh, exportWh, expected) => {
    const payload = street
      .meter('anna')
      .payload([{ endsAt: at(time), importWh: BigInt(importWh), exportWh: BigInt(exportWh) }]);
    const answers: string[] = [];
    for (const door of doorsOf(street, 'anna')) answers.push(verdictIn(await door.send(payload)));
    const again = expected === 'ACCEPTED' ? 'DUPLICATE' : expected;
    expect(answers).toEqual([expected, again, again]);
  });

  it('keeps in quarantine each that it did not take, once and with its reason, and the first of two', async () => {
    const quarantined = await street.house.rows<{ code: string; time: string; importWh: bigint }>(
      `SELECT code, to_char(ends_at AT TIME ZONE 'UTC', 'HH24:MI') AS time, import_wh AS "importWh" FROM metering.quarantine ORDER BY id`,
    );
    const expected = rows.filter(([, , , verdict]) => !['ACCEPTED', 'DUPLICATE'].includes(verdict));
    expect(quarantined).toEqual(
      expected.map(([time, importWh, , code]) => ({ code, time, importWh: BigInt(importWh) })),
    );
    const values = await street.house.rows<{ importWh: bigint; exportWh: bigint }>(
      `SELECT DISTINCT ON (starts_at) import_wh AS "importWh", export_wh AS "exportWh" FROM metering.interval_value
       WHERE point_id = 'anna' ORDER BY starts_at, revision DESC`,
    );
    expect(values.map(({ importWh, exportWh }) => [importWh, exportWh])).toEqual([
      [100n, 0n],
      [6601n, 40n],
      [49n, 20n],
      [50n, 30n],
    ]);
  });

  it('believes a revoked key up to the moment of its revocation', async () => {
    const ben = street.meter('ben');
    const reading = (time: string) => ({ endsAt: at(time), importWh: 10, exportWh: 0 });
    expect(verdictIn(await ben.send(reading('10:30')))).toBe('ACCEPTED');
    const revoke = 'mutation ($at: DateTime!) { revokeKey(deviceId: "meter-ben", number: 1, at: $at) }';
    expect(await street.admin(revoke, { at: at('11:00') })).toEqual({ revokeKey: true });
    expect(await street.admin(revoke, { at: at('11:00') })).toEqual({ revokeKey: false });
    expect(verdictIn(await ben.send(reading('11:00')))).toBe('ACCEPTED');
    expect(verdictIn(await ben.send(reading('11:15')))).toBe('KEY_NOT_VALID');
    expect(verdictIn(await ben.send(reading('10:30')))).toBe('DUPLICATE');
  });

  it('believes the key that follows a revoked one', async () => {
    const next = new TestMeter(zoneId, 'ben', 'meter-ben', 'the second key of ben', 2);
    const add = `mutation ($key: DeviceKeyInput!, $point: ID!) {
      addKey(pointId: $point, key: $key) { ... on RegisterChanged { deviceId } ... on RegisterRefused { code } }
    }`;
    const key = { deviceId: 'meter-ben', number: 2, publicKey: next.publicKeyHex, from: at('11:00') };
    const added = async (point: string, change = {}) =>
      ((await street.house.get(adminToken, add, { point, key: { ...key, ...change } })) as { addKey: unknown }).addKey;
    expect(await added('anna')).toEqual({ code: 'NOTHING_INSTALLED' });
    expect(await added('ben', { number: 65_536 })).toEqual({ code: 'BAD_KEY' });
    expect(await added('ben', { publicKey: 'ab' })).toEqual({ code: 'BAD_KEY' });
    expect(await added('ben', { number: 1 })).toEqual({ code: 'ALREADY_TAKEN' });
    expect(await added('ben')).toEqual({ deviceId: 'meter-ben' });

    const ben = street.meter('ben');
    const topic = readingsTopic(zoneId, 'ben');
    const said = (time: string) => next.payload([{ endsAt: at(time), importWh: 20, exportWh: 0 }]);
    expect(verdictIn(await ben.publish(said('11:15'), topic))).toBe('ACCEPTED');
    expect(verdictIn(await ben.publish(said('10:45'), topic))).toBe('KEY_NOT_VALID');
  });
});

/** What became of the only reading of a message. */
const verdictIn = ({ code, readings }: MeterAnswer): string => {
  const [reading] = readings ?? [];
  return reading?.code ?? reading?.outcome ?? code;
};
