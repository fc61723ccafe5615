import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import mqtt, { type MqttClient } from 'mqtt';
import { answersTopic, parseTopic, ReadingsIntake } from '../../application/readings-intake.js';

/**
 * Readings from a broker that somebody else runs. The session is kept there, and a message is acknowledged only after it
 * is durable here, so what arrives while we are away waits for us.
 */
@Injectable()
export class ReadingsOverMqtt implements OnApplicationShutdown {
  private readonly logger = new Logger('MQTT');
  private client: MqttClient | undefined;

  constructor(private readonly intake: ReadingsIntake) {}

  async start(url: string): Promise<void> {
    const client = mqtt.connect(url, { clientId: 'kwartier-gateway', clean: false, reconnectPeriod: 1_000 });
    client.on('error', (error) => this.logger.warn(`mqtt: ${error.message}`));
    client.handleMessage = (packet, done) => {
      const place = parseTopic(packet.topic);
      if (!place) return done();
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
      this.intake.take(place.zoneId, place.pointId, payload).then(
        (answer) => {
          client.publish(answersTopic(place.zoneId, place.pointId), JSON.stringify(answer), { qos: 0 });
          done();
        },
        (error: Error) => {
          this.logger.warn(`mqtt: not taken, it will come again: ${error.message}`);
          done(error);
        },
      );
    };
    this.client = client;
    await client.subscribeAsync('kwartier/v1/+/points/+/readings', { qos: 1 });
  }

  get connected(): boolean {
    return this.client?.connected === true;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client?.endAsync(true);
  }
}
