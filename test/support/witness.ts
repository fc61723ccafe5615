import { sign } from 'node:crypto';
import { answersTopic, loginBytes, readingsTopic } from '@kwartier/metering/module';
import { alignDown, days, formatInstant, type Instant, later, minutes } from '@kwartier/units';
import mqtt, { type MqttClient } from 'mqtt';
import { type MeterAnswer, TestMeter } from './meter.js';
import type { Product } from './product.js';

const zoneId = 'witness-lane';
const pointId = 'witness-1';
const wattHoursAQuarter = 7n;

/** A meter that the product knows nothing special of: it remembers what was acknowledged to it, however the product ends. */
export class Witness {
  /** Ends of the intervals whose PUBACK it saw. */
  readonly acknowledged: Instant[] = [];
  /** What it heard about its readings. */
  readonly answers: MeterAnswer[] = [];
  private readonly meter = new TestMeter(zoneId, pointId, 'witness-meter', 'key of the witness');
  private client: MqttClient | undefined;
  private cut: Promise<false> | undefined;
  private next: Instant;

  private constructor(
    private readonly token: string,
    private readonly from: Instant,
    private readonly to: Instant,
  ) {
    this.next = later(from, minutes(15));
  }

  /** Enrols a lane of its own with one point, installed weeks ago. */
  static async enrol(product: Product, token: string, now: Instant): Promise<Witness> {
    const witness = new Witness(token, later(alignDown(now, 15), -days(80)), now);
    const from = formatInstant(witness.from);
    const zone = {
      id: zoneId,
      name: 'Witness lane',
      timeZone: 'Europe/Berlin',
      currency: 'EUR',
      intervalMinutes: 15,
      leastHomes: 5,
    };
    const installation = {
      deviceId: witness.meter.deviceId,
      publicKey: witness.meter.publicKeyHex,
      from,
      startImportWh: '0',
      startExportWh: '0',
    };
    const participant = { id: 'witness', name: 'Witness', kind: 'HOME' };
    const answer = await product.ask(
      token,
      `mutation ($zone: EnrolZoneInput!, $point: EnrolPointInput!) {
        enrolZone(zone: $zone) { ... on RegisterRefused { code } }
        enrolPoint(point: $point) { ... on RegisterRefused { code } }
      }`,
      { zone, point: { pointId, zoneId, kind: 'CONNECTION', from, participant, installation } },
    );
    if (answer.enrolZone.code || answer.enrolPoint.code) throw new Error(JSON.stringify(answer));
    return witness;
  }

  async connect(mqttUrl: string): Promise<void> {
    const seconds = Math.floor(Date.now() / 1000);
    const { deviceId, key } = this.meter;
    const password = `${seconds}.${sign(undefined, loginBytes(deviceId, seconds), key).toString('hex')}`;
    this.client = await mqtt.connectAsync(mqttUrl, {
      clientId: deviceId,
      username: deviceId,
      password,
      reconnectPeriod: 0,
    });
    const { client } = this;
    client.on('error', () => undefined);
    client.on('message', (_topic, payload) => this.answers.push(JSON.parse(payload.toString()) as MeterAnswer));
    this.cut = new Promise((done) => client.once('close', () => done(false)));
    await client.subscribeAsync(answersTopic(zoneId, pointId));
  }

  /** Publishes one reading after the other until the connection breaks. */
  async publishUntilCut(): Promise<void> {
    while (this.next <= this.to && (await this.publishNext()));
  }

  /** Publishes the next reading; true when it was acknowledged. */
  async publishNext(): Promise<boolean> {
    const payload = this.meter.payload([{ endsAt: this.next, ...this.registersAt(this.next) }]);
    const published = this.client!.publishAsync(readingsTopic(zoneId, pointId), payload, { qos: 1 }).then(
      () => true,
      () => false,
    );
    // A publish that is cut off may never end by itself; nobody promised anything about it.
    const acknowledged = this.client!.connected && (await Promise.race([published, this.cut]));
    if (!acknowledged) return false;
    this.acknowledged.push(this.next);
    this.next = later(this.next, minutes(15));
    return true;
  }

  async stop(): Promise<void> {
    await this.client?.endAsync(true);
  }

  /** What was acknowledged and is not there now, or is there with other totals. */
  async missing(product: Product): Promise<readonly string[]> {
    const there = new Map<string, string>();
    for (let after: string | undefined, more = true; more;) {
      const { readings } = await product.ask(
        this.token,
        `query ($pointId: ID!, $from: DateTime!, $to: DateTime!, $after: String) {
          readings(pointId: $pointId, from: $from, to: $to, first: 100, after: $after) {
            edges { node { endsAt importWh } } pageInfo { hasNextPage endCursor }
          }
        }`,
        {
          pointId,
          from: formatInstant(this.from),
          to: formatInstant(later(this.to, minutes(15))),
          after,
        },
      );
      for (const { node } of readings.edges) there.set(node.endsAt, node.importWh);
      more = readings.pageInfo.hasNextPage;
      after = readings.pageInfo.endCursor;
    }
    return this.acknowledged
      .filter((endsAt) => there.get(formatInstant(endsAt)) !== String(this.registersAt(endsAt).importWh))
      .map(formatInstant);
  }

  private registersAt(endsAt: Instant): { importWh: bigint; exportWh: bigint } {
    return { importWh: (BigInt(endsAt - this.from) / BigInt(minutes(15))) * wattHoursAQuarter, exportWh: 0n };
  }
}
