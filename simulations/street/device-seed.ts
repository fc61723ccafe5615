import { sha256, utf8Bytes } from '@kwartier/units';

/** The Ed25519 private seed of a simulated meter. Anyone can compute it: never a key for a real one. */
export const deviceSeed = (streetSeed: number, deviceId: string): Uint8Array =>
  sha256(utf8Bytes(`kwartier/simulation/device-seed/v1\n${streetSeed}\n${deviceId}`));
