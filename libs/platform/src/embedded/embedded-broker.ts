import { createServer, type Socket } from 'node:net';

import { Aedes, type AuthenticateError, type Client, type PublishPacket } from 'aedes';

import { listenOn } from './free-port.js';
import { LimitedConnection } from './limited-connection.js';

export type BrokerIdentity = { readonly kind: 'DEVICE'; readonly deviceId: string } | { readonly kind: 'INTERNAL' };

export type Authenticated = { readonly ok: true; readonly identity: BrokerIdentity } | { readonly ok: false };

export interface PublishedMessage {
  readonly identity: BrokerIdentity;
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
  /** As the client wished; nothing is ever retained. */
  readonly retain: boolean;
  /** False when this client may not publish here: to be answered with a reason, and to be believed in nothing. */
  readonly allowed: boolean;
}

export interface EmbeddedBrokerOptions {
  readonly host: string;
  readonly port: number;
  /** True when somebody asked for this very port; else the next free one will do. */
  readonly portByName?: boolean;
  readonly portVariable?: string;
  readonly maxPacketBytes?: number;
  authenticate(clientId: string, username: string | undefined, password: Buffer | undefined): Promise<Authenticated>;
  mayPublish(identity: BrokerIdentity, topic: string): boolean;
  maySubscribe(identity: BrokerIdentity, topicFilter: string): boolean;
  /** The acknowledgement leaves when this resolves; when it rejects the connection is closed and the device sends again. */
  onPublish(message: PublishedMessage): Promise<void>;
  log(line: string): void;
}

export interface EmbeddedBroker {
  readonly port: number;
  publish(topic: string, payload: Buffer | string, options?: { qos?: 0 | 1 }): Promise<void>;
  connectedClients(): number;
  stop(): Promise<void>;
}

const defaultMaxPacketBytes = 262_144;
const clientIdAlphabet = /^[A-Za-z0-9_-]{1,64}$/;
const identifierRejected = 2;
const notAuthorized = 5;
const limits = {
  connectTimeout: 5_000,
  drainTimeout: 5_000,
  maxTopicLevels: 16,
  // What is in the store before PUBREL is kept in memory.
  maxInflightInbound: 20,
};

/**
 * The meters' broker for one machine. It takes what devices publish to `onPublish` and to nobody else, and delivers only
 * what we publish ourselves: a meter cannot hear its neighbour, whatever it subscribes to.
 */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const identities = new WeakMap<Client, BrokerIdentity>();
  const connected = new Map<string, Client>();
  // Ids such as `roof` and `roof-2` may be two devices: the suffix of one must not end the connection of the other.
  const isOfAnother = (clientId: string, identity: BrokerIdentity): boolean => {
    const holder = connected.get(clientId);
    return holder !== undefined && nameOf(identityOf(holder)) !== nameOf(identity);
  };
  const identityOf = (client: Client): BrokerIdentity => {
    const identity = identities.get(client);
    if (!identity) throw new Error('A client is authenticated before it may do anything');
    return identity;
  };
  const broker = await Aedes.createBroker({
    ...limits,
    preConnect: (_client, packet, decide) => {
      // No queue waits in memory for a client that is away: what we send is state, and is sent again.
      packet.clean = true;
      // A last will would be a message to other clients, and devices have none to give.
      delete packet.will;
      decide(null, true);
    },
    authenticate: (client, username, password, decide) => {
      void admit(options, client, username, password).then((admitted) => {
        if (!admitted.ok) return decide(connectionRefused(admitted.returnCode), null);
        if (isOfAnother(client.id, admitted.identity)) return decide(connectionRefused(identifierRejected), null);
        identities.set(client, admitted.identity);
        (client.conn as LimitedConnection).trust();
        decide(null, true);
      });
    },
    // The one place before the PUBACK: the broker's `published` event comes after it.
    authorizePublish: (client, packet, decide) => {
      if (!client) return decide(new Error('nobody publishes without a connection'));
      take(options, identityOf(client), packet).then(
        () => decide(null),
        (error: Error) => decide(error),
      );
    },
    authorizeSubscribe: (client, subscription, decide) => {
      const isAllowed =
        !subscription.topic.startsWith('$') && options.maySubscribe(identityOf(client), subscription.topic);
      decide(null, isAllowed ? subscription : null);
    },
    // A packet that came from a client carries its id; ours carry none.
    authorizeForward: (_client, packet) => ('clientId' in packet && packet.clientId ? null : packet),
  });
  broker.on('client', (client) => connected.set(client.id, client));
  broker.on('clientDisconnect', (client) => connected.get(client.id) === client && connected.delete(client.id));
  broker.on('clientError', (client, error) => options.log(`mqtt: ${client.id} cut: ${error.message}`));
  broker.on('connectionError', (_client, error) => options.log(`mqtt: a stranger cut: ${error.message}`));

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.setNoDelay(true).setKeepAlive(true, 60_000);
    broker.handle(new LimitedConnection(socket, options.maxPacketBytes ?? defaultMaxPacketBytes));
  });
  const closeBroker = (): Promise<void> => new Promise((done) => broker.close(done));
  const { host, portByName: byName = false, portVariable: variable } = options;
  const port = await listenOn(server, { host, port: options.port, byName, variable }).catch(async (error: Error) => {
    await closeBroker();
    throw error;
  });

  return {
    port,
    publish: (topic, payload, { qos = 0 } = {}) =>
      new Promise((sent, failed) => {
        const packet: PublishPacket = { cmd: 'publish', topic, payload, qos, retain: false, dup: false };
        broker.publish(packet, (error) => (error ? failed(error) : sent()));
      }),
    connectedClients: () => broker.connectedClients,
    stop: async () => {
      const closed = new Promise((done) => server.close(done));
      await closeBroker();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

type Admitted =
  { readonly ok: true; readonly identity: BrokerIdentity } | { readonly ok: false; readonly returnCode: number };

/** Who is it, and may it carry this client id? A second client of the same id ends the first one's connection. */
async function admit(
  options: EmbeddedBrokerOptions,
  client: Client,
  username: string | undefined,
  password: Buffer | undefined,
): Promise<Admitted> {
  if (!clientIdAlphabet.test(client.id)) return { ok: false, returnCode: identifierRejected };
  try {
    const answer = await options.authenticate(client.id, username, password);
    if (!answer.ok) return { ok: false, returnCode: notAuthorized };
    const isOwn = answer.identity.kind === 'INTERNAL' || belongsTo(answer.identity.deviceId, client.id);
    return isOwn ? answer : { ok: false, returnCode: identifierRejected };
  } catch (error) {
    options.log(`mqtt: cannot tell who ${client.id} is: ${(error as Error).message}`);
    return { ok: false, returnCode: notAuthorized };
  }
}

/** The device's own id, or that id with a suffix for each of its connections. */
const belongsTo = (deviceId: string, clientId: string): boolean =>
  clientId === deviceId || clientId.startsWith(`${deviceId}-`);

const nameOf = (identity: BrokerIdentity): string =>
  identity.kind === 'DEVICE' ? `DEVICE ${identity.deviceId}` : identity.kind;

async function take(options: EmbeddedBrokerOptions, identity: BrokerIdentity, packet: PublishPacket): Promise<void> {
  const { topic, qos, retain } = packet;
  packet.retain = false;
  const allowed = !topic.startsWith('$') && options.mayPublish(identity, topic);
  await options.onPublish({ identity, topic, payload: Buffer.from(packet.payload), qos, retain, allowed });
}

function connectionRefused(returnCode: number): AuthenticateError {
  return Object.assign(new Error('connection refused'), { returnCode });
}
