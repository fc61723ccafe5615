/** Ed25519, wherever it is computed. */
export abstract class Signatures {
  abstract verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
}
