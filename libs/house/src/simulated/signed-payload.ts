import type { KeyObject } from 'node:crypto';
import { readingsBytes, type SignedRegisters } from '@kwartier/metering';
import { formatInstant } from '@kwartier/units';
import { signatureOf } from './device-keys.js';

export interface SigningMeter {
  readonly pointId: string;
  readonly deviceId: string;
  readonly key: KeyObject;
}

/** What a simulated meter sends: its readings with the signature of its first key. */
export function signedPayload(
  zoneId: string,
  { pointId, deviceId, key }: SigningMeter,
  readings: readonly SignedRegisters[],
): string {
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
