import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';

const mostBytes = 1024 * 1024;
const perMs = 10_000;

/**
 * Ends WebSocket connections that send more than questions need. The WebSocket server that Nest makes would take a message
 * of 100 MiB from anyone, before it has seen a token.
 */
export function limitFloods(server: Server): void {
  server.prependListener('upgrade', (_request: unknown, socket: Duplex) => {
    let received = 0;
    const forget = setInterval(() => (received = 0), perMs).unref();
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received > mostBytes) socket.destroy();
    });
    socket.once('close', () => clearInterval(forget));
  });
}
