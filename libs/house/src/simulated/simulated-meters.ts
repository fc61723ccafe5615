import type { SignedRegisters } from '@kwartier/metering';
import type { SimulatedStreet } from '@kwartier/simulations';
import { type Instant, type IntervalMinutes, later, minutes } from '@kwartier/units';
import { privateKeyOf } from './device-keys.js';
import { signedPayload, type SigningMeter } from './signed-payload.js';

/** Where signed readings are handed in. */
export interface MeterDoor {
  /** Resolves when the message is acknowledged. */
  send(pointId: string, payload: string): Promise<unknown>;
  close(): Promise<void>;
}

export interface MeterHabits {
  readonly intervalMinutes?: IntervalMinutes;
  readonly mostPerMessage?: number;
  /** Whether a meter that sent everything up to `sentUntil` still says nothing at `until`. */
  readonly holdsBack?: (pointId: string, sentUntil: Instant, until: Instant) => boolean;
}

interface Meter extends SigningMeter {
  /** Up to here everything was acknowledged. */
  sentUntil: Instant;
}

/** The street's meters: each holds its key, signs what it measured, and hands it in until it is acknowledged. */
export class SimulatedMeters {
  private readonly meters: readonly Meter[];
  private readonly stepMs: number;
  private readonly mostPerMessage: number;
  private readonly holdsBack: NonNullable<MeterHabits['holdsBack']>;

  constructor(
    private readonly street: SimulatedStreet,
    private readonly door: MeterDoor,
    { intervalMinutes = 15, mostPerMessage = 96, holdsBack = () => false }: MeterHabits = {},
  ) {
    const { plan, seed, from } = street;
    this.meters = [plan.transformer, ...plan.homes].map(({ pointId, deviceId }) => ({
      pointId,
      deviceId,
      key: privateKeyOf(seed, deviceId),
      sentUntil: from,
    }));
    this.stepMs = minutes(intervalMinutes);
    this.mostPerMessage = mostPerMessage;
    this.holdsBack = holdsBack;
  }

  /** What a meter's house already has need not be sent again, though it would do no harm. */
  skipTo(pointId: string, at: Instant): void {
    const meter = this.meters.find((one) => one.pointId === pointId);
    if (meter && meter.sentUntil < at) meter.sentUntil = at;
  }

  /** Sends whatever was measured up to `until`, and resolves when all of it is acknowledged. */
  async catchUp(until: Instant, told: (messages: number) => void = () => undefined): Promise<void> {
    await Promise.all(
      this.meters.map(async (meter) => {
        if (this.holdsBack(meter.pointId, meter.sentUntil, until)) return;
        const sendings = this.payloads(meter, until).map(async (payload) => this.door.send(meter.pointId, payload));
        told(sendings.length);
        await Promise.all(sendings);
        meter.sentUntil = until;
      }),
    );
  }

  async stop(): Promise<void> {
    await this.door.close();
  }

  private payloads(meter: Meter, until: Instant): string[] {
    const payloads: string[] = [];
    for (let at = meter.sentUntil; at < until;) {
      const readings: SignedRegisters[] = [];
      while (at < until && readings.length < this.mostPerMessage) {
        at = later(at, this.stepMs);
        readings.push({ endsAt: at, ...this.street.registersAt(meter.pointId, at) });
      }
      payloads.push(signedPayload(this.street.plan.zone.id, meter, readings));
    }
    return payloads;
  }
}
