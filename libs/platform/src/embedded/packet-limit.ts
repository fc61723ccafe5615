const connect = 1;
const longestLengthBytes = 4;

/** Why a connection is cut; undefined while all is well. */
export type PacketOffence = 'NOT_A_CONNECT' | 'MALFORMED_LENGTH' | 'TOO_LONG';

/**
 * Reads only the fixed headers in a stream of MQTT packets (one byte of type, a length of one to four bytes), so that a
 * packet which announces too much is refused before a byte of it is kept.
 */
export class PacketLimit {
  private bytesToSkip = 0;
  private header: number[] = [];
  private seenAny = false;

  /** The limit is asked for at each packet: it is lower before a client has said who it is. */
  constructor(private readonly maxBytes: () => number) {}

  offenceIn(chunk: Uint8Array): PacketOffence | undefined {
    let at = 0;
    while (at < chunk.length) {
      if (this.bytesToSkip > 0) {
        const skipped = Math.min(this.bytesToSkip, chunk.length - at);
        this.bytesToSkip -= skipped;
        at += skipped;
        continue;
      }
      const offence = this.take(chunk[at] as number);
      if (offence) return offence;
      at += 1;
    }
    return undefined;
  }

  private take(byte: number): PacketOffence | undefined {
    this.header.push(byte);
    if (this.header.length === 1) {
      if (!this.seenAny && byte >> 4 !== connect) return 'NOT_A_CONNECT';
      this.seenAny = true;
      return undefined;
    }
    const isLast = byte < 0x80;
    if (!isLast) return this.header.length > longestLengthBytes ? 'MALFORMED_LENGTH' : undefined;
    const bytes = this.header.slice(1).reduceRight((length, digit) => length * 128 + (digit & 0x7f), 0);
    if (bytes > this.maxBytes()) return 'TOO_LONG';
    this.bytesToSkip = bytes;
    this.header = [];
    return undefined;
  }
}
