import { connect as openSocket, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import mqtt, { type MqttClient } from 'mqtt';

import {
  type EmbeddedBroker,
  type EmbeddedBrokerOptions,
  type PublishedMessage,
  startEmbeddedBroker,
} from './embedded-broker.js';

const asked: string[] = [];

// The device's name is its user name; `gateway` is one of us. A device speaks and listens below its own name.
const rules: Pick<EmbeddedBrokerOptions, 'authenticate' | 'mayPublish' | 'maySubscribe'> = {
  authenticate: (clientId, username, password) => {
    asked.push(clientId);
    if (username === 'undecided') return new Promise(() => {});
    if (username === undefined || password?.toString() !== 'right') return Promise.resolve({ ok: false });
    const identity =
      username === 'gateway' ? ({ kind: 'INTERNAL' } as const) : ({ kind: 'DEVICE', deviceId: username } as const);
    return Promise.resolve({ ok: true, identity });
  },
  mayPublish: (identity, topic) => identity.kind === 'DEVICE' && topic.startsWith(`${identity.deviceId}/`),
  maySubscribe: (identity, filter) =>
    identity.kind === 'INTERNAL' || (filter.startsWith(`${identity.deviceId}/`) && !/[+#]/.test(filter)),
};

describe('the embedded broker', () => {
  let broker: EmbeddedBroker;
  let clients: MqttClient[] = [];
  let sockets: Socket[] = [];
  let taken: PublishedMessage[] = [];
  let lines: string[] = [];
  let onPublish: (message: PublishedMessage) => Promise<void>;

  beforeEach(async () => {
    [taken, lines] = [[], []];
    onPublish = () => Promise.resolve();
    broker = await startEmbeddedBroker({
      ...rules,
      host: '127.0.0.1',
      port: 0,
      maxPacketBytes: 100_000,
      onPublish: (message) => {
        taken.push(message);
        return onPublish(message);
      },
      log: (line) => void lines.push(line),
    });
  });
  afterEach(async () => {
    await broker.stop();
    for (const client of clients) client.end(true);
    for (const socket of sockets) socket.destroy();
    [clients, sockets] = [[], []];
  });

  const device = async (clientId: string, more: mqtt.IClientOptions = {}): Promise<MqttClient> => {
    const client = mqtt.connect({
      host: '127.0.0.1',
      port: broker.port,
      clientId,
      username: clientId,
      password: 'right',
      reconnectPeriod: 0,
      ...more,
    });
    clients.push(client);
    await new Promise<void>((done, failed) => {
      client.once('connect', () => done());
      client.on('error', failed);
      client.once('close', () => failed(new Error('closed')));
    });
    return client;
  };
  const rawConnection = (bytes: number[]): Socket => {
    const socket = openSocket(broker.port, '127.0.0.1').on('error', () => {});
    sockets.push(socket);
    socket.write(Uint8Array.from(bytes));
    return socket;
  };
  const closed = (socket: Socket | MqttClient): Promise<void> =>
    new Promise((done) => void (socket as Socket).once('close', () => done()));

  describe('acknowledges', () => {
    it('only after the message is kept', async () => {
      let keep = (): void => {};
      onPublish = () => new Promise((kept) => (keep = kept));
      const roof = await device('roof');
      let isAcknowledged = false;
      const acknowledged = roof.publishAsync('roof/readings', '42', { qos: 1 }).then(() => (isAcknowledged = true));
      await until(() => taken.length === 1);
      await pause(100);
      expect(isAcknowledged).toBe(false);
      keep();
      await acknowledged;
      expect(taken[0]).toMatchObject({
        identity: { kind: 'DEVICE', deviceId: 'roof' },
        topic: 'roof/readings',
        payload: Buffer.from('42'),
        qos: 1,
        allowed: true,
      });
    });

    it('nothing that could not be kept, and hangs up so that the device sends again', async () => {
      onPublish = () => Promise.reject(new Error('the disk is full'));
      const roof = await device('roof');
      let isAcknowledged = false;
      roof.publish('roof/readings', '42', { qos: 1 }, (error) => (isAcknowledged = !error));
      await closed(roof);
      expect(taken).toHaveLength(1);
      expect(isAcknowledged).toBe(false);
    });

    it('what a device may not publish, and says that it was not allowed', async () => {
      const roof = await device('roof');
      await roof.publishAsync('neighbour/readings', '42', { qos: 1 });
      await roof.publishAsync('$SYS/uptime', '42', { qos: 1 });
      expect(taken.map(({ topic, allowed }) => [topic, allowed])).toEqual([
        ['neighbour/readings', false],
        ['$SYS/uptime', false],
      ]);
    });
  });

  describe('delivers', () => {
    it('what we publish, and nothing that a device published', async () => {
      const gateway = await device('gateway');
      const [heard, listening] = recorded(gateway);
      await gateway.subscribeAsync('#', { qos: 1 });
      const roof = await device('roof');
      await roof.publishAsync('roof/readings', 'a secret', { qos: 1, retain: true });
      await roof.publishAsync('roof/readings', 'another', { qos: 0 });
      await broker.publish('roof/setpoint', '1500', { qos: 1 });
      await listening(1);
      expect(heard).toEqual(['roof/setpoint 1500']);
    });

    it('nothing that was published before: no message is retained, none waits for the absent', async () => {
      const roof = await device('roof', { clean: false });
      await roof.subscribeAsync('roof/setpoint', { qos: 1 });
      await roof.publishAsync('roof/setpoint', 'mine', { qos: 1, retain: true });
      await roof.endAsync();
      await broker.publish('roof/setpoint', 'too early', { qos: 1 });
      const again = await device('roof', { clean: false });
      const [heard, listening] = recorded(again);
      await again.subscribeAsync('roof/setpoint', { qos: 1 });
      await broker.publish('roof/setpoint', 'in time', { qos: 1 });
      await listening(1);
      expect(heard).toEqual(['roof/setpoint in time']);
    });

    it.each(['#', '+/setpoint', 'neighbour/setpoint', '$SYS/#', 'roof/#'])(
      'to a device no subscription to %s',
      async (filter) => {
        const roof = await device('roof');
        const [granted] = await roof.subscribeAsync(filter).catch(() => [{ qos: 128 }]);
        expect(granted?.qos).toBe(128);
      },
    );

    it('to nobody what the broker says to itself, whatever the rules allow', async () => {
      const gateway = await device('gateway');
      const [granted] = await gateway.subscribeAsync('$SYS/#').catch(() => [{ qos: 128 }]);
      expect(granted?.qos).toBe(128);
    });

    it('no last will of a device', async () => {
      const gateway = await device('gateway');
      const [heard, listening] = recorded(gateway);
      await gateway.subscribeAsync('#', { qos: 1 });
      const will = { topic: 'neighbour/setpoint', payload: Buffer.from('0'), qos: 1 as const, retain: true };
      const roof = await device('roof', { will });
      roof.stream.destroy();
      await until(() => broker.connectedClients() === 1);
      await broker.publish('roof/setpoint', '1500', { qos: 1 });
      await listening(1);
      expect(heard).toEqual(['roof/setpoint 1500']);
      expect(taken).toEqual([]);
    });
  });

  describe('lets in', () => {
    it.each([
      ['a wrong password', 'roof', { password: 'wrong' }],
      ['the client id of another device', 'neighbour', { username: 'roof' }],
      ['an id that only begins like its own', 'roof2', { username: 'roof' }],
      ['no client id', '', { username: 'roof' }],
      ['an id of other letters', 'roof/1', { username: 'roof' }],
      ['an id of 65 letters', 'r'.repeat(65), { username: 'r'.repeat(65) }],
      ['__proto__ with a wrong password', '__proto__', { password: 'wrong' }],
    ])('nobody with %s', async (_, clientId, more) => {
      await expect(device(clientId, more)).rejects.toThrow(/Connection refused|closed/);
      expect(broker.connectedClients()).toBe(0);
    });

    it('several connections of one device', async () => {
      await device('roof');
      await device('roof-logger', { username: 'roof' });
      expect(broker.connectedClients()).toBe(2);
    });

    it('a device again, in place of its own old connection', async () => {
      const old = await device('roof');
      const gone = closed(old);
      await device('roof');
      await gone;
      expect(broker.connectedClients()).toBe(1);
    });

    it('no device in place of another one whose id is longer', async () => {
      const other = await device('roof-2');
      await expect(device('roof-2', { username: 'roof' })).rejects.toThrow('Identifier rejected');
      expect(other.connected).toBe(true);
    });
  });

  describe('survives', () => {
    it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('the name %s', async (name) => {
      const client = await device(name);
      await client.publishAsync(`${name}/readings`, '1', { qos: 1 });
      await client.subscribeAsync(`${name}/${name}`);
      await client.publishAsync(name, '1', { qos: 1 });
      expect(taken.map(({ allowed }) => allowed)).toEqual([true, false]);
    });

    it('a topic of 30,000 levels', async () => {
      const roof = await device('roof');
      roof.publish(`roof${'/a'.repeat(30_000)}`, '1', { qos: 1 });
      await closed(roof);
      expect(taken).toEqual([]);
      await device('roof');
    });

    it('a payload of 20 MiB, of which it keeps nothing', async () => {
      const roof = await device('roof');
      roof.publish('roof/readings', Buffer.alloc(20 * 1024 * 1024), { qos: 1 });
      await closed(roof);
      expect(taken).toEqual([]);
    });

    it('the longest packet allowed, whole', async () => {
      const roof = await device('roof');
      await roof.publishAsync('roof/readings', Buffer.alloc(99_000, 7), { qos: 1 });
      expect(taken[0]?.payload.equals(Buffer.alloc(99_000, 7))).toBe(true);
    });

    it.each([
      ['a CONNECT that announces 256 MiB', 'TOO_LONG', [0x10, 0xff, 0xff, 0xff, 0x7f]],
      ['a stranger who announces 20,000 bytes', 'TOO_LONG', [0x10, 0xa0, 0x9c, 0x01]],
      ['a browser', 'NOT_A_CONNECT', [...Buffer.from('GET / HTTP/1.1\r\n\r\n')]],
      ['half a CONNECT and then silence', 'connect did not arrive in time', [0x10, 0x20, 0x00, 0x04, 0x4d]],
    ])('%s', async (_, reason, bytes) => {
      await closed(rawConnection(bytes));
      expect(lines).toEqual([expect.stringContaining(reason)]);
    });
  });

  it('leaves no connection open when it stops, not even of one it still asks who it is', async () => {
    const roof = await device('roof');
    const stranger = device('undecided');
    await until(() => asked.includes('undecided'));
    await Promise.all([broker.stop(), closed(roof), expect(stranger).rejects.toThrow('closed')]);
    expect(roof.connected).toBe(false);
  });
});

/** What a client hears, and a way to wait until it is so much. */
function recorded(client: MqttClient): [heard: string[], listening: (count: number) => Promise<void>] {
  const heard: string[] = [];
  client.on('message', (topic, payload) => heard.push(`${topic} ${payload.toString()}`));
  return [heard, (count) => until(() => heard.length >= count)];
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await pause(5);
}
