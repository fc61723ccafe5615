import fc from 'fast-check';
import { packVarints, unpackVarints } from '../../../testing/slow-varints.js';
import { unzigzag, VarintReader, VarintWriter, zigzag } from './varints.js';

const runs = { numRuns: Number(process.env['KWARTIER_RUNS'] ?? 1000) };
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const below2To53 = fc.oneof(fc.nat(300), fc.nat(), fc.nat({ max: 2 ** 53 - 1 }));

/** All numbers until the end or the first that is none. */
function readAll(from: Uint8Array): { values: number[]; reader: VarintReader } {
  const reader = new VarintReader(from);
  const values: number[] = [];
  while (!reader.done) {
    const value = reader.next();
    if (value < 0) break;
    values.push(value);
  }
  return { values, reader };
}

describe('varints', () => {
  it('come back as they went, and are spelled as anybody would spell them', () => {
    fc.assert(
      fc.property(fc.array(below2To53), (numbers) => {
        const writer = new VarintWriter(8 * numbers.length);
        numbers.forEach((number) => (number < 2 ** 31 ? writer.put(number) : writer.putWide(number)));
        const written = writer.take();
        expect(written).toEqual(packVarints(numbers));
        expect(readAll(written).values).toEqual(numbers);
      }),
      runs,
    );
  });

  it('change their length where seven more bits are needed', () => {
    const edges = [1, 2, 3, 4].flatMap((sevens) => [2 ** (7 * sevens) - 1, 2 ** (7 * sevens), 2 ** (7 * sevens) + 1]);
    const writer = new VarintWriter(5 * edges.length);
    edges.forEach((edge) => writer.put(edge));
    expect(writer.take()).toEqual(packVarints(edges));
  });

  it('are read, and refused, as the obvious reader does', () => {
    const spelled = fc.array(fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)), { maxLength: 24 });
    fc.assert(
      fc.property(spelled, (any) => {
        const slow = unpackVarints(bytes(...any));
        const { values, reader } = readAll(bytes(...any));
        expect(reader.done ? { ok: true } : reader.refusal()).toEqual(slow.ok ? { ok: true } : slow);
        expect(slow.ok ? values : []).toEqual(slow.ok ? slow.value.map(({ value }) => Number(value)) : []);
      }),
      { numRuns: 2 * runs.numRuns },
    );
  });

  it.each<[string, Uint8Array, number]>([
    ['bytes are missing', bytes(0x05, 0x80), 2],
    ['a varint is not in its shortest form', bytes(0x05, 0x80, 0x00), 1],
    ['a varint is longer than 64 bits', bytes(0x05, ...Array<number>(9).fill(0x80), 0x02), 1],
    ['a varint is longer than 64 bits', bytes(...Array<number>(10).fill(0x80), 0x01), 0],
    ['a varint is longer than 64 bits', bytes(...Array<number>(9).fill(0x80), 0x82), 0],
    ['a varint is not in its shortest form', bytes(...Array<number>(10).fill(0x80), 0x00), 0],
    ['bytes are missing', bytes(...Array<number>(12).fill(0x80)), 12],
  ])('are refused because %s', (why, spelled, at) => {
    const { reader } = readAll(spelled);
    expect(reader.refusal()).toEqual({ ok: false, refusal: { code: 'MALFORMED', at, why } });
    expect(reader.next()).toBe(-1);
  });

  it.each([-1, 0.5, 2 ** 53, Number.NaN])('do not hold %p', (value) => {
    expect(() => new VarintWriter(10).putWide(value)).toThrow('Invariant');
  });

  it('need the room that was made', () => {
    const writer = new VarintWriter(1);
    writer.put(128);
    expect(() => writer.take()).toThrow('room was made');
  });
});

describe('zigzag', () => {
  it('keeps a sign in the lowest bit', () => {
    expect([0, -1, 1, -2, 2 ** 51, -(2 ** 51)].map(zigzag)).toEqual([0, 1, 2, 3, 2 ** 52, 2 ** 52 - 1]);
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 52) + 1, max: 2 ** 52 - 1 }), (n) => expect(unzigzag(zigzag(n))).toBe(n)),
      runs,
    );
  });
});
