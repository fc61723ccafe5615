import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { hex, utf8Bytes } from './bytes.js';
import { sha256 } from './sha256.js';

const platform = (message: Uint8Array): string => createHash('sha256').update(message).digest('hex');

describe('sha256', () => {
  // FIPS 180-4, as published with the standard's examples.
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
    ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
  ])('of %.20j is the published digest', (message, digest) => {
    expect(hex(sha256(utf8Bytes(message)))).toBe(digest);
  });

  it('agrees with the platform at every length around its blocks', () => {
    for (let length = 0; length <= 200; length++) {
      const message = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 0xff);
      expect(hex(sha256(message))).toBe(platform(message));
    }
  });

  it('agrees with the platform on any bytes, also on a stretch of a larger buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), fc.nat({ max: 9 }), (buffer, skip) => {
        const message = buffer.subarray(skip);
        expect(hex(sha256(message))).toBe(platform(message));
      }),
    );
  });
});
