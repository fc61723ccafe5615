import { DeviceBroker, ReadingsOverMqtt } from '@kwartier/metering/module';
import { type Config, Readiness } from '@kwartier/platform';
import type { INestApplicationContext } from '@nestjs/common';

/** Opens the broker that meters come to, ours or the one that MQTT_URL names; answers with its address. */
export async function openMeterDoor(app: INestApplicationContext, config: Config): Promise<string> {
  if (!config.mqttUrl) {
    const port = await app.get(DeviceBroker, { strict: false }).start(config.host, config.mqtt);
    app.get(Readiness, { strict: false }).register('meters', async () => `our broker on port ${port}`);
    return `mqtt://${config.host}:${port}`;
  }
  const readings = app.get(ReadingsOverMqtt, { strict: false });
  app.get(Readiness, { strict: false }).register('meters', async () => {
    if (!readings.connected) throw new Error('the broker cannot be reached');
    return 'connected to the broker';
  });
  await readings.start(config.mqttUrl);
  return config.mqttUrl;
}
