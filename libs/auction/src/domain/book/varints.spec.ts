import fc from 'fast-check';
import { packVarints, unpackVarints } from './varints.js';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('varints', () => {
  it('come back as they went', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })), (numbers) => {
        const unpacked = unpackVarints(packVarints(numbers));
        expect(unpacked.ok && unpacked.value.map((number) => number.value)).toEqual(numbers);
      }),
    );
  });

  it('have no second spelling: what can be read is what would be written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), (any) => {
        const unpacked = unpackVarints(any);
        const respelled = unpacked.ok ? packVarints(unpacked.value.map((number) => number.value)) : any;
        expect(respelled).toEqual(any);
      }),
      { numRuns: 2000 },
    );
  });

  it.each<[string, Uint8Array, number]>([
    ['bytes are missing', bytes(0x05, 0x80), 2],
    ['a varint is not in its shortest form', bytes(0x05, 0x80, 0x00), 1],
    ['a varint is longer than 64 bits', bytes(0x05, ...Array<number>(9).fill(0x80), 0x02), 1],
    ['a varint is longer than 64 bits', bytes(...Array<number>(10).fill(0x80), 0x01), 0],
  ])('are refused because %s', (why, spelled, at) => {
    expect(unpackVarints(spelled)).toEqual({ ok: false, refusal: { code: 'MALFORMED', at, why } });
  });

  it.each([-1, 2n ** 64n])('do not hold %p', (value) => {
    expect(() => packVarints([value])).toThrow('Invariant');
  });
});
