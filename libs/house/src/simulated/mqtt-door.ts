import type { KeyObject } from 'node:crypto';
import { loginBytes, readingsTopic } from '@kwartier/metering/module';
import type { SimulatedStreet } from '@kwartier/simulations';
import mqtt, { type MqttClient } from 'mqtt';
import { privateKeyOf, signatureOf } from './device-keys.js';
import type { MeterDoor } from './simulated-meters.js';

/** A connection for each of the street's meters; what is sent while the broker is away waits. */
export async function openMqttDoor({ plan, seed }: SimulatedStreet, url: string): Promise<MeterDoor> {
  const clients = new Map<string, MqttClient>();
  for (const { pointId, deviceId } of [plan.transformer, ...plan.homes]) {
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
    clients.set(pointId, client);
  }
  await Promise.all([...clients.values()].map(connected));
  return {
    send: async (pointId, payload) =>
      clients.get(pointId)!.publishAsync(readingsTopic(plan.zone.id, pointId), payload, { qos: 1 }),
    close: async () => {
      await Promise.all([...clients.values()].map(async (client) => client.endAsync(true)));
    },
  };
}

const connected = async (client: MqttClient): Promise<void> =>
  new Promise((done) => {
    if (client.connected) done();
    else client.once('connect', () => done());
  });

function passwordOf(deviceId: string, key: KeyObject): string {
  const seconds = Math.floor(Date.now() / 1000);
  return `${seconds}.${signatureOf(key, loginBytes(deviceId, seconds))}`;
}
