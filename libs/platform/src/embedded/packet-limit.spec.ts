import fc from 'fast-check';

import { PacketLimit } from './packet-limit.js';

const limited = (bytes: number): PacketLimit => new PacketLimit(() => bytes);
const connect = (length: number): number[] => [0x10, ...lengthBytes(length), ...new Uint8Array(length)];

const lengthBytes = (length: number): number[] =>
  length < 128 ? [length] : [(length % 128) | 0x80, ...lengthBytes(Math.floor(length / 128))];

describe('the byte limit before the broker', () => {
  it.each([
    ['a small CONNECT', connect(12), undefined],
    ['a CONNECT as long as the limit', connect(300), undefined],
    ['one byte more, announced and not yet sent', [0x10, ...lengthBytes(301)], 'TOO_LONG'],
    ['256 MiB, announced and never sent', [0x10, 0xff, 0xff, 0xff, 0x7f], 'TOO_LONG'],
    ['a length of five bytes', [0x10, 0x80, 0x80, 0x80, 0x80, 0x01], 'MALFORMED_LENGTH'],
    ['something else than a CONNECT', [...Buffer.from('GET / HTTP/1.1')], 'NOT_A_CONNECT'],
    ['a second packet that is too long', [...connect(5), 0x30, ...lengthBytes(5000)], 'TOO_LONG'],
  ])('%s', (_, bytes, offence) => {
    expect(limited(300).offenceIn(Uint8Array.from(bytes))).toBe(offence);
  });

  it('finds the same in one piece or in many', () => {
    const packets = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(packets, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (lengths, cuts) => {
        const bytes = Uint8Array.from(lengths.flatMap(connect));
        const whole = limited(300).offenceIn(bytes);
        const limit = limited(300);
        let found;
        for (let at = 0, cut = 0; at < bytes.length && !found; cut += 1) {
          const size = cuts[cut % cuts.length] as number;
          found = limit.offenceIn(bytes.subarray(at, at + size));
          at += size;
        }
        expect(found).toBe(whole);
        expect(whole).toBe(lengths.some((length) => length > 300) ? 'TOO_LONG' : undefined);
      }),
    );
  });
});
