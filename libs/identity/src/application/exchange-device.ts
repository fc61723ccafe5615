import { accepted, type Instant, refused, type Result } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import type { DeviceKey, Installation } from '../domain/register.js';
import { Enrol, type EnrolRefusal } from './enrol.js';
import { Register } from './register.port.js';

export type ExchangeRefusal = EnrolRefusal | { readonly code: 'NOTHING_INSTALLED' };

/** A new meter takes over from the old one at an instant; its starting totals come from the installation protocol. */
@Injectable()
export class ExchangeDevice {
  constructor(
    private readonly register: Register,
    private readonly enrol: Enrol,
  ) {}

  async run(installation: Installation, key: DeviceKey): Promise<Result<Installation, ExchangeRefusal>> {
    const { pointId, from: at } = installation;
    const devices = await this.register.devicesAt([pointId]);
    if (!devices.some(({ from, to }) => from < at && to === undefined)) return refused({ code: 'NOTHING_INSTALLED' });
    // Together, so that a new meter which cannot be installed leaves the old one in its place.
    const enrolled = await this.enrol.run({ removals: [{ pointId, at }], installations: [installation], keys: [key] });
    return enrolled.ok ? accepted(installation) : enrolled;
  }

  /** One more key for a device that measures the point: the way on from a key that was lost and revoked. */
  async addKey(pointId: string, key: DeviceKey): Promise<Result<DeviceKey, ExchangeRefusal>> {
    const devices = await this.register.devicesAt([pointId]);
    if (!devices.some(({ deviceId, to }) => deviceId === key.deviceId && to === undefined))
      return refused({ code: 'NOTHING_INSTALLED' });
    const enrolled = await this.enrol.run({ keys: [key] });
    return enrolled.ok ? accepted(key) : enrolled;
  }

  /** From the instant on the key signs for nothing; false where no such key was in force. */
  async revokeKey(deviceId: string, number: number, at: Instant): Promise<boolean> {
    return this.register.revokeKey(deviceId, number, at);
  }
}
