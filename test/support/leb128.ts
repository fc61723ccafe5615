/** The auditor's own reader of docs/formats.md: it shares no line with the code that wrote the bytes. */
export class Leb128 {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    if (this.done) throw new Error('bytes are missing');
    return this.bytes[this.at++]!;
  }

  varint(): bigint {
    let value = 0n;
    for (let weight = 1n; ; weight *= 128n) {
      const byte = this.byte();
      value += BigInt(byte % 128) * weight;
      if (byte < 128) return value;
    }
  }

  number(): number {
    return Number(this.varint());
  }

  zigzag(): bigint {
    const value = this.varint();
    return value % 2n === 0n ? value / 2n : -(value + 1n) / 2n;
  }

  text(): string {
    const length = this.number();
    this.at += length;
    return Buffer.from(this.bytes.subarray(this.at - length, this.at)).toString('utf8');
  }

  name(name: string): void {
    for (const letter of name)
      if (this.byte() !== letter.charCodeAt(0)) throw new Error(`this is not ${name.trimEnd()}`);
  }
}
