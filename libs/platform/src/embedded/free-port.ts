import type { Server } from 'node:net';

import { EmbeddedServerError } from './embedded-server-error.js';

export interface WantedPort {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Somebody asked for this very port; then no other one will do. */
  readonly byName: boolean;
  /** How it is asked for, such as KWARTIER_PORT: named when the port is refused. */
  readonly variable?: string;
}

const neighboursTried = 50;
const highestPort = 65_535;

/** Listens on the wanted port, or on the next free one when nobody asked for it by name. Returns the port. */
export async function listenOn(server: Server, wanted: WantedPort): Promise<number> {
  const last = wanted.byName ? wanted.port : Math.min(wanted.port + neighboursTried, highestPort);
  for (let port = wanted.port; port <= last; port += 1) {
    if (await isFree(server, port, wanted)) return portOf(server);
  }
  const range = last === wanted.port ? `Port ${last} is` : `The ports ${wanted.port} to ${last} are`;
  throw new EmbeddedServerError('PORT_TAKEN', `${range} taken on ${wanted.host}: ${chooseAnother(wanted)}.`);
}

async function isFree(server: Server, port: number, wanted: WantedPort): Promise<boolean> {
  const failure = await new Promise<NodeJS.ErrnoException | undefined>((done) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      server.off('listening', listening);
      done(error);
    };
    const listening = (): void => {
      server.off('error', failed);
      done(undefined);
    };
    server.once('error', failed).once('listening', listening).listen(port, wanted.host);
  });
  if (failure === undefined) return true;
  if (failure.code === 'EADDRINUSE') return false;
  if (failure.code !== 'EACCES') throw failure;
  throw new EmbeddedServerError(
    'PORT_FORBIDDEN',
    `Port ${port} is only for privileged programs: ${chooseAnother(wanted)}.`,
    { cause: failure },
  );
}

const chooseAnother = ({ variable }: WantedPort): string =>
  variable ? `set ${variable} to another one` : 'choose another one';

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A server on a port has a port');
  return address.port;
}
