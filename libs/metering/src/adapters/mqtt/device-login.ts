import { isValidAt, Register } from '@kwartier/identity';
import { instant, utf8Bytes } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { Signatures } from '../../application/signatures.port.js';

const mostSkewSeconds = 600;

/** What a device signs to enter: who it is and when, so that no secret travels and none is shared. */
export const loginBytes = (deviceId: string, unixSeconds: number): Uint8Array =>
  utf8Bytes(`kwartier/mqtt/1\n${deviceId}\n${unixSeconds}`);

/**
 * A device enters the broker with its id as the user name and `<unix seconds>.<signature as hex>` as the password. This
 * keeps strangers out of the room; what a reading is worth is decided by the reading's own signature.
 */
@Injectable()
export class DeviceLogin {
  constructor(
    private readonly register: Register,
    private readonly signatures: Signatures,
  ) {}

  async admits(deviceId: string, password: string, realNowMs: number): Promise<boolean> {
    const found = /^(\d{1,12})\.([0-9a-f]{128})$/.exec(password);
    if (!found || !/^[A-Za-z0-9_-]{1,64}$/.test(deviceId)) return false;
    const seconds = Number(found[1]);
    if (Math.abs(realNowMs / 1000 - seconds) > mostSkewSeconds) return false;
    const signature = Buffer.from(found[2]!, 'hex');
    for (const key of await this.register.keysOf(deviceId))
      if (key.to === undefined || isValidAt(key, instant(realNowMs)))
        if (await this.signatures.verify(key.publicKey, loginBytes(deviceId, seconds), signature)) return true;
    return false;
  }
}
