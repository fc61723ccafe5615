import fc from 'fast-check';
import { ByteReader, ByteWriter, concat, equalBytes, fromHex, hex, reading, utf8Bytes } from './bytes.js';

const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const i64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const written = (write: (writer: ByteWriter) => ByteWriter): string => hex(write(new ByteWriter()).take());
const read = <T>(text: string, take: (reader: ByteReader) => T) => reading(fromHex(text)!, take);
const refusalOf = (text: string, take: (reader: ByteReader) => unknown) => {
  const answer = read(text, take);
  return answer.ok ? 'accepted' : `${answer.refusal.at}: ${answer.refusal.why}`;
};

describe('numbers', () => {
  it.each<[bigint | number, string]>([
    [0, '00'],
    [127, '7f'],
    [128, '8001'],
    [300n, 'ac02'],
    [0xffff_ffff, 'ffffffff0f'],
    [0x1_0000_0000, '8080808010'],
    [2n ** 64n - 1n, 'ffffffffffffffffff01'],
  ])('%d is spelled %s', (value, spelling) => {
    expect(written((writer) => writer.varint(value))).toBe(spelling);
    expect(read(spelling, (reader) => reader.varint())).toEqual({ ok: true, value: BigInt(value) });
  });

  it('come back as they went, as whole numbers and as big ones', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(u64, fc.maxSafeNat())), (values) => {
        const bytes = values.reduce((writer: ByteWriter, value) => writer.varint(value), new ByteWriter(0)).take();
        expect(reading(bytes, (reader) => values.map(() => reader.varint()))).toEqual({
          ok: true,
          value: values.map(BigInt),
        });
      }),
    );
  });

  it.each([
    [0n, '00'],
    [-1n, '01'],
    [1n, '02'],
    [-2n, '03'],
    [-(2n ** 63n), 'ffffffffffffffffff01'],
  ])('%d is spelled %s where it may be negative', (value, spelling) => {
    expect(written((writer) => writer.zigzag(value))).toBe(spelling);
  });

  it('come back with their sign', () => {
    fc.assert(
      fc.property(i64, (value) => {
        expect(reading(new ByteWriter().zigzag(value).take(), (reader) => reader.zigzag())).toEqual({
          ok: true,
          value,
        });
      }),
    );
  });

  it('of 64 bits stand with the highest byte first', () => {
    expect(
      written((writer) =>
        writer
          .byte(7)
          .u64(258)
          .u64(2n ** 64n - 1n),
      ),
    ).toBe('070000000000000102ffffffffffffffff');
  });

  it.each<[string, bigint | number]>([
    ['negative', -1],
    ['negative', -1n],
    ['broken', 1.5],
    ['beyond 64 bits', 2n ** 64n],
    ['no longer exact', 2 ** 53],
  ])('are not written when they are %s', (_, value) => {
    expect(() => new ByteWriter().varint(value)).toThrow('a varint is');
  });

  it.each([
    ['cut off', '80', '1: bytes are missing'],
    ['absent', '', '0: bytes are missing'],
    ['longer than need be', '8000', '2: a varint is not in its shortest form'],
    ['longer than need be', 'ff8000', '3: a varint is not in its shortest form'],
    ['beyond 64 bits', 'ffffffffffffffffff02', '10: a varint is longer than 64 bits'],
    ['beyond ten bytes', '8080808080808080808001', '10: a varint is longer than 64 bits'],
    ['followed by more', '0500', '1: bytes are left over'],
  ])('are refused when %s (%s)', (_, spelling, refusal) => {
    expect(refusalOf(spelling, (reader) => reader.varint())).toBe(refusal);
  });

  it('may have a bound', () => {
    expect(read('e807', (reader) => reader.small(1000))).toEqual({ ok: true, value: 1000 });
    expect(refusalOf('e907', (reader) => reader.small(1000))).toBe('2: a number is above 1000');
    expect(refusalOf('e907', (reader) => reader.varint(1000n))).toBe('2: a number is above 1000');
  });
});

describe('texts', () => {
  it('come back as they went', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
        const bytes = texts.reduce((writer, text) => writer.text(text), new ByteWriter()).take();
        expect(reading(bytes, (reader) => texts.map(() => reader.text()))).toEqual({ ok: true, value: texts });
      }),
    );
  });

  it('are their length in bytes and UTF-8', () => {
    expect(written((writer) => writer.text('Müh'))).toBe('044dc3bc68');
  });

  it('keep a byte order mark, which is another text than none', () => {
    expect(read('04efbbbf61', (reader) => reader.text())).toEqual({ ok: true, value: '\u{feff}a' });
  });

  it.each([
    ['a stray byte', '02c328'],
    ['an overlong slash', '02c0af'],
    ['half of a surrogate pair', '03eda080'],
  ])('are refused with %s, which would be a second spelling', (_, spelling) => {
    expect(refusalOf(spelling, (reader) => reader.text())).toBe('1: a text is not UTF-8');
  });

  it('are refused when cut off', () => {
    expect(refusalOf('05616263', (reader) => reader.text())).toBe('1: bytes are missing');
  });

  it('are not written with half of a surrogate pair, nor when endless', () => {
    expect(() => new ByteWriter().text('a\u{d800}')).toThrow('UTF-8');
    expect(() => new ByteWriter().text('a'.repeat(65_537))).toThrow('short');
  });
});

describe('a format with a name', () => {
  const named = (reader: ByteReader): number => {
    reader.literal(utf8Bytes('v1\n'));
    return reader.byte();
  };

  it.each([
    ['76310a05', 'accepted'],
    ['76320a05', '2: the format is another one'],
    ['7631', '2: bytes are missing'],
  ])('%s: %s', (spelling, answer) => {
    expect(refusalOf(spelling, named)).toBe(answer);
  });
});

describe('reading', () => {
  it('lets a fault of the reader itself through', () => {
    const broken = (): never => {
      throw new Error('a bug');
    };
    expect(() => reading(new Uint8Array(), broken)).toThrow('a bug');
  });
});

describe('hex', () => {
  it('goes there and back', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => expect(fromHex(hex(bytes))).toEqual(bytes)));
  });

  it.each(['0', '0g', 'AB', ' 00', '0x00'])('is not %j', (text) => {
    expect(fromHex(text)).toBeUndefined();
  });
});

describe('bytes', () => {
  it('are equal when all of them are', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        expect(equalBytes(a, Uint8Array.from(a))).toBe(true);
        expect(equalBytes(a, b)).toBe(hex(a) === hex(b));
      }),
    );
  });

  it('can be joined', () => {
    expect(hex(concat(Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(3)))).toBe('010203');
  });
});
