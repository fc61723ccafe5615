import { Register } from '@kwartier/identity';
import { type BrokerIdentity, type EmbeddedBroker, startEmbeddedBroker, type WantedPort } from '@kwartier/platform';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import {
  answersTopic,
  type IntakeAnswer,
  parseAnswersTopic,
  parseTopic,
  type Place,
  ReadingsIntake,
} from '../../application/readings-intake.js';
import { DeviceLogin } from './device-login.js';

const foreign: IntakeAnswer = { code: 'FOREIGN_TOPIC', why: 'a device speaks for the point where it is installed' };

/** The embedded broker with our rules: a device enters with its key, speaks for its point and hears its own answers. */
@Injectable()
export class DeviceBroker implements BeforeApplicationShutdown {
  private readonly logger = new Logger('MQTT');
  private broker: EmbeddedBroker | undefined;
  /** Where each device that entered is installed, as `zone/point`. */
  private readonly placesOf = new Map<string, ReadonlySet<string>>();

  constructor(
    private readonly login: DeviceLogin,
    private readonly register: Register,
    private readonly intake: ReadingsIntake,
  ) {}

  async start(host: string, wanted: WantedPort): Promise<number> {
    const broker = await startEmbeddedBroker({
      host,
      port: wanted.port,
      portByName: wanted.byName,
      portVariable: 'MQTT_PORT',
      authenticate: async (_clientId, username, password) => {
        const deviceId = username ?? '';
        if (!(await this.login.admits(deviceId, password?.toString() ?? '', Date.now()))) return { ok: false };
        const places = await this.register.placesOf(deviceId);
        this.placesOf.set(deviceId, new Set(places.map(({ zoneId, pointId }) => `${zoneId}/${pointId}`)));
        return { ok: true, identity: { kind: 'DEVICE', deviceId } };
      },
      mayPublish: (identity, topic) => this.isAtHome(identity, parseTopic(topic)),
      maySubscribe: (identity, filter) => this.isAtHome(identity, parseAnswersTopic(filter)),
      onPublish: async ({ identity, topic, payload, allowed }) => {
        const place = parseTopic(topic);
        const answer = place && allowed ? await this.intake.take(place.zoneId, place.pointId, payload) : foreign;
        const hearing = place && allowed ? [place] : this.homesOf(identity);
        for (const { zoneId, pointId } of hearing)
          void broker.publish(answersTopic(zoneId, pointId), JSON.stringify(answer), { qos: 0 });
      },
      log: (line) => this.logger.warn(line),
    });
    this.broker = broker;
    return broker.port;
  }

  private isAtHome(identity: BrokerIdentity, place: Place | undefined): boolean {
    if (identity.kind !== 'DEVICE' || !place) return false;
    return this.placesOf.get(identity.deviceId)?.has(`${place.zoneId}/${place.pointId}`) === true;
  }

  private homesOf(identity: BrokerIdentity): Place[] {
    const places = identity.kind === 'DEVICE' ? [...(this.placesOf.get(identity.deviceId) ?? [])] : [];
    return places.map((place) => ({ zoneId: place.split('/')[0]!, pointId: place.split('/')[1]! }));
  }

  /** Before the database goes: what is being taken is still kept and acknowledged. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.broker?.stop();
  }
}
