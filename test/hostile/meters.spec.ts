import mqtt from 'mqtt';
import { adminToken } from '../support/house.js';
import { TestMeter } from '../support/meter.js';
import { TestStreet, zoneId } from '../support/street.js';

interface Entry {
  readonly clientId: string;
  readonly username: string;
  readonly password: string | undefined;
}

describe('who enters the broker, and what they hear', () => {
  let street: TestStreet;
  beforeAll(async () => {
    street = await TestStreet.open({
      mode: 'FORWARD',
      from: '2026-06-21T10:00:00Z',
      homes: [{ name: 'anna' }, { name: 'ben' }],
    });
  });
  afterAll(() => street.close());

  const entries: readonly [string, boolean, (meter: TestMeter, other: TestMeter) => Partial<Entry>][] = [
    ['its own key', true, () => ({})],
    ['a second connection under a suffix of its own', true, () => ({ clientId: 'meter-anna-2' })],
    ['a password from nine minutes ago', true, (meter) => ({ password: meter.password(540) })],
    ['a password from eleven minutes ago', false, (meter) => ({ password: meter.password(660) })],
    ['a password from the future', false, (meter) => ({ password: meter.password(-660) })],
    ['no password', false, () => ({ password: undefined })],
    ['a password of words', false, () => ({ password: 'secret' })],
    [
      'a password with a signature of zeros',
      false,
      (meter) => ({ password: meter.password().replace(/\..*/, `.${'0'.repeat(128)}`) }),
    ],
    ["a password of its neighbour's", false, (_, other) => ({ password: other.password() })],
    ["its neighbour's name", false, () => ({ username: 'meter-ben' })],
    ["its neighbour's client id", false, () => ({ clientId: 'meter-ben' })],
    ['a name that no device has', false, () => ({ username: 'meter-of-nobody', clientId: 'meter-of-nobody' })],
    ['a name with a wildcard', false, () => ({ username: '+', clientId: '+' })],
    ['a name that no database can hold', false, () => ({ username: 'meter-anna\u0000' })],
  ];

  it.each(entries)('with %s: %s', async (_name, admitted, entryOf) => {
    const [anna, ben] = [street.meter('anna'), street.meter('ben')];
    const usual: Entry = { clientId: 'meter-anna', username: 'meter-anna', password: anna.password() };
    expect(await enters(street.house.mqttUrl, { ...usual, ...entryOf(anna, ben) })).toBe(admitted);
  });

  it.each([
    [`kwartier/v1/${zoneId}/points/anna/answers`, true],
    [`kwartier/v1/${zoneId}/points/ben/answers`, false],
    [`kwartier/v1/${zoneId}/points/ben/readings`, false],
    [`kwartier/v1/${zoneId}/points/+/answers`, false],
    ['kwartier/v1/+/points/+/readings', false],
    ['kwartier/#', false],
    ['#', false],
    ['$SYS/#', false],
    [`$share/all/kwartier/v1/${zoneId}/points/ben/answers`, false],
  ])('a meter that wants to hear %s: %s', async (topic, allowed) => {
    await street.meter('anna').connect(street.house.mqttUrl);
    expect(await street.meter('anna').mayHear(topic)).toBe(allowed);
  });

  it('keeps out a device whose key was revoked, and the meter that it followed', async () => {
    const { house } = street;
    const after = new TestMeter(zoneId, 'ben', 'meter-ben-new', 'another key of ben');
    await street.exchangeMeter(after, '2026-06-21T10:15:00Z');
    expect(
      await house.get(
        adminToken,
        'mutation { revokeKey(deviceId: "meter-ben", number: 1, at: "2026-06-21T10:15:00Z") }',
      ),
    ).toEqual({ revokeKey: true });
    expect(
      await enters(house.mqttUrl, {
        clientId: 'meter-ben',
        username: 'meter-ben',
        password: new TestMeter(zoneId, 'ben', 'meter-ben', 'key of ben').password(),
      }),
    ).toBe(false);
    expect(
      await enters(house.mqttUrl, { clientId: after.deviceId, username: after.deviceId, password: after.password() }),
    ).toBe(true);
  });
});

async function enters(url: string, entry: Entry): Promise<boolean> {
  const client = await mqtt
    .connectAsync(url, { ...entry, reconnectPeriod: 0 } as mqtt.IClientOptions)
    .catch(() => undefined);
  await client?.endAsync(true);
  return client !== undefined;
}
