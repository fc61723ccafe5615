import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { readingsBytes } from '@kwartier/metering';
import { answersTopic, loginBytes, readingsTopic } from '@kwartier/metering/module';
import { formatInstant, type Instant, wh } from '@kwartier/units';
import mqtt, { type MqttClient } from 'mqtt';
import { at } from './house.js';

export interface Reading {
  readonly endsAt: string | Instant;
  readonly importWh: number | bigint;
  readonly exportWh: number | bigint;
}

export interface MeterAnswer {
  readonly code: string;
  readonly why?: string;
  readonly readings?: readonly { readonly endsAt: string; readonly outcome: string; readonly code?: string }[];
}

/** A meter with a key of its own, as it would stand in a cellar: it enters the broker, signs, publishes and hears answers. */
export class TestMeter {
  readonly key: KeyObject;
  readonly publicKeyHex: string;
  private client: MqttClient | undefined;
  private readonly answers: MeterAnswer[] = [];

  constructor(
    readonly zoneId: string,
    readonly pointId: string,
    readonly deviceId: string,
    seed: string,
    readonly keyNumber = 1,
  ) {
    this.key = privateKey(seed);
    this.publicKeyHex = createPublicKey(this.key).export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
  }

  async connect(url: string): Promise<void> {
    const client = await mqtt.connectAsync(url, {
      clientId: this.deviceId,
      username: this.deviceId,
      password: this.password(),
      reconnectPeriod: 0,
    });
    client.on('message', (_topic, payload) => this.answers.push(JSON.parse(payload.toString()) as MeterAnswer));
    await client.subscribeAsync(answersTopic(this.zoneId, this.pointId));
    this.client = client;
  }

  /** What the broker wants to hear: who enters and when, signed. */
  password(secondsAgo = 0): string {
    const seconds = Math.floor(Date.now() / 1000) - secondsAgo;
    return `${seconds}.${sign(undefined, loginBytes(this.deviceId, seconds), this.key).toString('hex')}`;
  }

  /** Publishes signed readings at QoS 1; resolves with the answer after the acknowledgement. */
  async send(...readings: Reading[]): Promise<MeterAnswer> {
    return this.publish(this.payload(readings));
  }

  /** Publishes whatever it is given, on the meter's own topic or another. */
  async publish(
    payload: string | Buffer,
    topic: string = readingsTopic(this.zoneId, this.pointId),
  ): Promise<MeterAnswer> {
    const before = this.answers.length;
    await this.client!.publishAsync(topic, payload, { qos: 1 });
    for (let i = 0; this.answers.length === before; i++) {
      if (i > 500) throw new Error(`No answer to what ${this.deviceId} published`);
      await new Promise((later) => setTimeout(later, 10));
    }
    return this.answers.at(-1)!;
  }

  payload(readings: readonly Reading[], change: Readonly<Record<string, unknown>> = {}): string {
    return JSON.stringify({
      device: this.deviceId,
      key: this.keyNumber,
      readings: readings.map(({ endsAt, importWh, exportWh }) => ({
        endsAt: formatInstant(at(endsAt)),
        importWh: String(importWh),
        exportWh: String(exportWh),
      })),
      signature: this.sign(readings),
      ...change,
    });
  }

  sign(readings: readonly Reading[], place: { readonly zoneId: string; readonly pointId: string } = this): string {
    const signed = readingsBytes({
      zoneId: place.zoneId,
      pointId: place.pointId,
      deviceId: this.deviceId,
      keyNumber: this.keyNumber,
      readings: readings.map((one) => ({
        endsAt: at(one.endsAt),
        importWh: wh(BigInt(one.importWh)),
        exportWh: wh(BigInt(one.exportWh)),
      })),
    });
    return sign(undefined, signed, this.key).toString('hex');
  }

  /** Whether the broker lets it hear this topic. */
  async mayHear(topic: string): Promise<boolean> {
    const [granted] = await this.client!.subscribeAsync(topic).catch(() => []);
    return granted !== undefined && granted.qos < 128;
  }

  /** Publishes what makes the broker end the connection; resolves when it did. */
  async publishAndBeCut(payload: Buffer): Promise<void> {
    const cut = new Promise<void>((done) => this.client!.once('close', done));
    this.client!.publish(readingsTopic(this.zoneId, this.pointId), payload, { qos: 0 });
    await cut;
  }

  get connected(): boolean {
    return this.client?.connected === true;
  }

  async stop(): Promise<void> {
    await this.client?.endAsync(true);
  }
}

function privateKey(seed: string): KeyObject {
  const bytes = Buffer.alloc(32);
  bytes.write(seed);
  const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, bytes]), format: 'der', type: 'pkcs8' });
}
