import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { deviceSeed } from '@kwartier/simulations';

/** What stands before the 32 bytes of a raw Ed25519 seed in the format that Node reads. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A simulated device's key, from the street's seed: the same street has the same keys. Never used outside a demo. */
export const privateKeyOf = (streetSeed: number, deviceId: string): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([pkcs8Prefix, deviceSeed(streetSeed, deviceId)]),
    format: 'der',
    type: 'pkcs8',
  });

export const publicKeyOf = (streetSeed: number, deviceId: string): Uint8Array =>
  createPublicKey(privateKeyOf(streetSeed, deviceId)).export({ format: 'der', type: 'spki' }).subarray(-32);

export const signatureOf = (key: KeyObject, message: Uint8Array): string =>
  sign(undefined, message, key).toString('hex');
