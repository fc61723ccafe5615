import { createServer, type Server } from 'node:net';

import { listenOn } from './free-port.js';

describe('a port for a server', () => {
  const servers: Server[] = [];
  const newServer = (): Server => {
    const server = createServer();
    servers.push(server);
    return server;
  };
  const host = '127.0.0.1';
  let taken: number;
  beforeEach(async () => {
    taken = await listenOn(newServer(), { host, port: 0, byName: false });
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))));
  });

  it('is the wanted one when it is free', async () => {
    const server = servers.pop() as Server;
    await new Promise((done) => server.close(done));
    expect(await listenOn(newServer(), { host, port: taken, byName: true })).toBe(taken);
  });

  it('is the next free one when it is taken and nobody asked for it', async () => {
    const port = await listenOn(newServer(), { host, port: taken, byName: false });
    expect(port).toBeGreaterThan(taken);
    expect(port).toBeLessThanOrEqual(taken + 50);
  });

  it('is refused when it is taken and somebody asked for it, naming the setting', async () => {
    await expect(
      listenOn(newServer(), { host, port: taken, byName: true, variable: 'KWARTIER_MQTT_PORT' }),
    ).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: `Port ${taken} is taken on 127.0.0.1: set KWARTIER_MQTT_PORT to another one.`,
    });
  });

  it('never counts past the last port there is', async () => {
    const last = newServer();
    const port = await listenOn(last, { host, port: 65_535, byName: false });
    expect(port).toBe(65_535);
    await expect(listenOn(newServer(), { host, port: 65_535, byName: false })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
    });
  });
});
