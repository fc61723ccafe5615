import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { hex } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { Signatures } from '../../application/signatures.port.js';

/** What stands before the 32 bytes of a raw Ed25519 key in the format that Node reads. */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');
const mostKeys = 200_000;

/** Verifies in the thread pool; imported keys are kept, because importing costs as much as verifying. */
@Injectable()
export class NodeSignatures extends Signatures {
  private readonly keys = new Map<string, KeyObject>();

  async verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
    if (signature.length !== 64) return false;
    const key = this.keyOf(publicKey);
    if (!key) return false;
    return new Promise((resolve, reject) => {
      verify(undefined, message, key, signature, (error, good) => (error ? reject(error) : resolve(good)));
    });
  }

  private keyOf(publicKey: Uint8Array): KeyObject | undefined {
    const name = hex(publicKey);
    const known = this.keys.get(name);
    if (known) return known;
    try {
      const key = createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: 'der', type: 'spki' });
      if (this.keys.size >= mostKeys) this.keys.clear();
      this.keys.set(name, key);
      return key;
    } catch {
      return undefined;
    }
  }
}
