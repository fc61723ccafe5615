import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import mqtt, { type IPublishPacket, type MqttClient } from 'mqtt';
import { answersTopic, parseTopic, ReadingsIntake } from '../../application/readings-intake.js';

/**
 * Readings from a broker that somebody else runs. The session is kept there, and a message is acknowledged only after it
 * is durable here, so what arrives while we are away waits for us.
 */
@Injectable()
export class ReadingsOverMqtt implements BeforeApplicationShutdown {
  private readonly logger = new Logger('MQTT');
  private client: MqttClient | undefined;
  private stopping = false;

  constructor(private readonly intake: ReadingsIntake) {}

  async start(url: string): Promise<void> {
    const client = mqtt.connect(url, { clientId: 'kwartier-gateway', clean: false, reconnectPeriod: 1_000 });
    client.on('error', (error) => this.logger.warn(`mqtt: ${error.message}`));
    client.handleMessage = (packet, acknowledge) =>
      void this.take(client, packet).then((done) => done && acknowledge());
    this.client = client;
    await client.subscribeAsync('kwartier/v1/+/points/+/readings', { qos: 1 });
  }

  /** Whether the message may be acknowledged: taken, or nothing that could ever be. Until then it is tried again. */
  private async take(client: MqttClient, { topic, payload }: IPublishPacket): Promise<boolean> {
    const place = parseTopic(topic);
    if (!place) return true;
    while (!this.stopping) {
      try {
        const answer = await this.intake.take(place.zoneId, place.pointId, Buffer.from(payload));
        client.publish(answersTopic(place.zoneId, place.pointId), JSON.stringify(answer), { qos: 0 });
        return true;
      } catch (error) {
        this.logger.warn(`mqtt: not taken yet: ${(error as Error).message}`);
        await sleep(1_000);
      }
    }
    return false;
  }

  get connected(): boolean {
    return this.client?.connected === true;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.client?.endAsync(true);
  }
}
