import type { KeyObject } from 'node:crypto';
import { readingsBytes, type SignedRegisters } from '@kwartier/metering';
import { loginBytes, readingsTopic } from '@kwartier/metering/module';
import type { SimulatedStreet } from '@kwartier/simulations';
import { formatInstant, type Instant, later, localTime, minutes } from '@kwartier/units';
import mqtt, { type MqttClient } from 'mqtt';
import { privateKeyOf, signatureOf } from './device-keys.js';

interface Meter {
  readonly pointId: string;
  readonly deviceId: string;
  readonly key: KeyObject;
  readonly client: MqttClient;
  /** Up to here everything was acknowledged. */
  sentUntil: Instant;
}

const mostPerMessage = 96;
const quarter = minutes(15);

/** The street's meters: each holds its key, signs what it measured, and publishes until it is acknowledged. */
export class SimulatedMeters {
  private constructor(
    private readonly street: SimulatedStreet,
    private readonly meters: readonly Meter[],
  ) {}

  static async connect(street: SimulatedStreet, url: string): Promise<SimulatedMeters> {
    const { plan, seed, from } = street;
    const meters = [plan.transformer, ...plan.homes].map(({ pointId, deviceId }): Meter => {
      const key = privateKeyOf(seed, deviceId);
      const client = mqtt.connect(url, {
        clientId: deviceId,
        username: deviceId,
        password: passwordOf(deviceId, key),
        reconnectPeriod: 500,
      });
      client.on('error', () => undefined);
      // A password names its second, so each new connection needs a new one.
      client.on('close', () => (client.options.password = passwordOf(deviceId, key)));
      return { pointId, deviceId, key, client, sentUntil: from };
    });
    await Promise.all(
      meters.map(
        async ({ client }) =>
          new Promise<void>((connected) => {
            if (client.connected) connected();
            else client.once('connect', () => connected());
          }),
      ),
    );
    return new SimulatedMeters(street, meters);
  }

  /** What a meter's house already has need not be sent again, though it would do no harm. */
  skipTo(pointId: string, at: Instant): void {
    const meter = this.meters.find((one) => one.pointId === pointId);
    if (meter && meter.sentUntil < at) meter.sentUntil = at;
  }

  /** Sends whatever was measured up to `until`, and resolves when all of it is acknowledged. */
  async catchUp(until: Instant, told: (messages: number) => void = () => undefined): Promise<void> {
    const zoneId = this.street.plan.zone.id;
    await Promise.all(
      this.meters.map(async (meter) => {
        const last = this.holdsBack(meter, until) ? meter.sentUntil : until;
        const sendings: Promise<unknown>[] = [];
        for (let at = meter.sentUntil; at < last;) {
          const readings: SignedRegisters[] = [];
          while (at < last && readings.length < mostPerMessage) {
            at = later(at, quarter);
            readings.push({ endsAt: at, ...this.street.registersAt(meter.pointId, at) });
          }
          const payload = payloadOf(zoneId, meter, readings);
          sendings.push(meter.client.publishAsync(readingsTopic(zoneId, meter.pointId), payload, { qos: 1 }));
          told(1);
        }
        await Promise.all(sendings);
        meter.sentUntil = last;
      }),
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.meters.map(async ({ client }) => client.endAsync(true)));
  }

  /** One home's modem sleeps at night: what it did is estimated first and corrected in the morning. */
  private holdsBack({ pointId, sentUntil }: Meter, until: Instant): boolean {
    const { homes, zone } = this.street.plan;
    if (pointId !== homes[12]?.pointId || until - sentUntil > minutes(120)) return false;
    const { minuteOfDay } = localTime(until, zone.timeZone);
    return minuteOfDay > 180 && minuteOfDay <= 240;
  }
}

function payloadOf(zoneId: string, { pointId, deviceId, key }: Meter, readings: readonly SignedRegisters[]): string {
  const signed = readingsBytes({ zoneId, pointId, deviceId, keyNumber: 1, readings });
  return JSON.stringify({
    device: deviceId,
    key: 1,
    readings: readings.map(({ endsAt, importWh, exportWh }) => ({
      endsAt: formatInstant(endsAt),
      importWh: String(importWh),
      exportWh: String(exportWh),
    })),
    signature: signatureOf(key, signed),
  });
}

function passwordOf(deviceId: string, key: KeyObject): string {
  const seconds = Math.floor(Date.now() / 1000);
  return `${seconds}.${signatureOf(key, loginBytes(deviceId, seconds))}`;
}
