import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

import { PacketLimit } from './packet-limit.js';

// A CONNECT holds a name and a proof of it; a stranger has no reason to send more.
const strangersMaxBytes = 16_384;

/** A client's socket behind a byte limit; the broker sees nothing of a packet that announces too much. */
export class LimitedConnection extends Duplex {
  private isKnown = false;
  private readonly limit: PacketLimit;

  constructor(
    private readonly socket: Socket,
    maxPacketBytes: number,
  ) {
    super();
    this.limit = new PacketLimit(() => (this.isKnown ? maxPacketBytes : Math.min(maxPacketBytes, strangersMaxBytes)));
    socket.on('data', (chunk: Buffer) => this.pass(chunk));
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  /** The client has proven who it is. */
  trust(): void {
    this.isKnown = true;
  }

  private pass(chunk: Buffer): void {
    if (this.destroyed) return;
    const offence = this.limit.offenceIn(chunk);
    if (offence) this.destroy(new Error(`refused bytes: ${offence}`));
    else if (!this.push(chunk)) this.socket.pause();
  }

  override _read(): void {
    this.socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.socket.write(chunk, done);
  }

  // The broker writes a packet in many small pieces.
  override _writev(pieces: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.socket.write(Buffer.concat(pieces.map(({ chunk }) => chunk)), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.socket.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.socket.destroy();
    done(error);
  }
}
