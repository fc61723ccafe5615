import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { instant } from '@kwartier/units';
import { Aedes } from 'aedes';
import { startTestPostgres, type TestPostgres } from '../support/postgres.js';
import { databaseOf, isGone, newHome, Product, type ProductOptions, removeHome, until } from '../support/product.js';
import { Witness } from '../support/witness.js';

const shortPast = { KWARTIER_DEMO_DAYS: '1', KWARTIER_DEMO_HOURS: '1' };

describe('npm start, as a person meets it', () => {
  // For stories in which PostgreSQL plays no part; each takes a database of its own.
  let postgres: TestPostgres;
  const homes: string[] = [];
  const products: Product[] = [];
  const home = async (): Promise<string> => {
    homes.push(await newHome());
    return homes.at(-1)!;
  };
  const start = (options: ProductOptions): Product => {
    const product = new Product(options);
    products.push(product);
    return product;
  };
  beforeAll(async () => {
    postgres = await startTestPostgres();
  });
  afterAll(async () => {
    for (const product of products) await product.killEverything();
    for (const one of homes) await removeHome(one);
    await postgres.stop();
  });

  describe('its words', () => {
    it.each([
      [['--help'], 0, /npm start -- --real[\s\S]*KWARTIER_DEMO_DAYS/],
      [['--version'], 0, /^\d+\.\d+\.\d+$/m],
      [['--rael'], 2, /^ {2}"--rael" is not understood; npm start -- --help shows what is$/m],
    ])('%j ends with %d', async (words, code, said) => {
      const product = start({ home: await home(), words });
      expect(await product.ended).toBe(code);
      expect(product.said).toMatch(said);
    });

    it('names every wrong variable in a line of its own', async () => {
      const env = { PORT: 'http', KWARTIER_SEED: 'x', KWARTIER_DEMO_DAYS: '0' };
      const product = start({ home: await home(), env });
      expect(await product.ended).toBe(2);
      expect(linesOf(product)).toEqual([
        'KWARTIER_DEMO_DAYS is no whole number from 1 to 60',
        'KWARTIER_SEED is no whole number from 0 to 999999999',
        'PORT is "http"; write a number from 0 to 65535',
      ]);
    });

    it('shows no demo in production', async () => {
      const product = start({ home: await home(), words: ['--demo'], env: { NODE_ENV: 'production' } });
      expect(await product.ended).toBe(2);
      expect(linesOf(product)).toEqual([
        'A demo has keys and a token that everybody knows; in production start with --real',
      ]);
    });
  });

  describe('Ctrl-C', () => {
    const initdbWorks = (product: Product) => until('initdb is at work', () => product.processes().length > 1, 5);
    const moments: [string, (product: Product) => Promise<unknown>][] = [
      ['in its first initdb', initdbWorks],
      ['while its tables are made', async (product) => product.says(/✔ database/)],
      ['while the street uploads its history', async (product) => product.says(/settlement {2}/)],
      ['when all of it runs', async (product) => product.says(/caught up/)],
    ];
    let demoHome: string;
    beforeAll(async () => {
      demoHome = await home();
    });

    it.each(moments)('%s leaves nothing running', async (_, moment) => {
      const product = start({ home: demoHome, env: shortPast });
      await moment(product);
      const running = product.processes();
      const ports = [...product.said.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port));
      expect(await product.interrupt()).toBe(0);
      expect(running.length).toBeGreaterThan(1);
      expect([...running, ...product.processes()].filter((one) => !isGone(one))).toEqual([]);
      expect(databaseOf(demoHome)).toBeUndefined();
      for (const port of new Set(ports)) await closeServer(await serverOn(port));
      expect(product.said).not.toMatch(/error/i);
    });

    it('a demo home is refused in real time', async () => {
      const product = start({ home: demoHome, words: ['--real'] });
      expect(await product.ended).toBe(1);
      expect(product.said).toContain('This home holds a demo; choose another with --home or KWARTIER_HOME');
    });
  });

  describe('in real time', () => {
    let realHome: string;
    let product: Product;
    beforeAll(async () => {
      realHome = await home();
      product = start({ home: realHome, words: ['--real'] });
      await product.says(/Stop/);
    });

    it('serves an empty house and answers what operators ask', async () => {
      const url = await product.url();
      const get = async (path: string) => fetch(`${url}${path}`);
      expect(await (await get('/')).text()).toContain('<title>Kwartier</title>');
      expect(await (await get('/health')).json()).toMatchObject({ status: 'up' });
      const ready = await get('/ready');
      expect([ready.status, await ready.json()]).toMatchObject([200, { status: 'ready' }]);
      expect(await (await get('/metrics')).text()).toContain('kwartier_catch_up_seconds');
      expect(await (await get('/config.json')).json()).toMatchObject({ mode: 'REAL' });
    });

    it('opens to the token in its file, and not to the word of the demo', async () => {
      const file = join(realHome, 'admin-token');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const token = readFileSync(file, 'utf8').trim();
      expect(await product.ask(token, '{ viewer { role } zones { id } }')).toEqual({
        viewer: { role: 'ADMIN' },
        zones: [],
      });
      expect((await product.answer('demo', '{ zones { id } }')).errors[0].extensions.code).toBe('UNAUTHENTICATED');
    });

    it('has its home to itself', async () => {
      const second = start({ home: realHome, words: ['--real'] });
      expect(await second.ended).toBe(1);
      expect(linesOf(second).at(-1)).toMatch(/^HOME_IN_USE: Kwartier already runs on this home as process \d+/);
      expect(await product.ask('none', '{ __typename }').catch(() => 'refused')).toBe('refused');
    });

    it('is refused as a demo afterwards', async () => {
      expect(await product.interrupt()).toBe(0);
      const demo = start({ home: realHome });
      expect(await demo.ended).toBe(1);
      expect(demo.said).toContain('This database has served real time; a demo needs a home of its own');
    });
  });

  describe('with a database and a broker of somebody else', () => {
    let broker: Aedes;
    let brokerServer: Server;
    let env: Record<string, string>;
    let emptyHome: string;
    let witness: Witness;
    beforeAll(async () => {
      broker = await Aedes.createBroker();
      brokerServer = await serverOn(0, broker.handle);
      env = { DATABASE_URL: await postgres.freshDatabase(), MQTT_URL: `mqtt://127.0.0.1:${portOf(brokerServer)}` };
      emptyHome = await home();
    });
    afterAll(async () => {
      await witness?.stop();
      await new Promise<void>((closed) => broker.close(closed));
      await closeServer(brokerServer);
    });

    it('takes what is published there, and what waited there while it was away', async () => {
      const run = async () => {
        const product = start({ home: emptyHome, words: ['--real'], env });
        await product.says(/Stop/);
        return product;
      };
      const before = await run();
      expect(existsSync(join(emptyHome, 'postgres'))).toBe(false);
      const token = readFileSync(join(emptyHome, 'admin-token'), 'utf8').trim();
      witness = await Witness.enrol(before, token, instant(Date.now()));
      await witness.connect(env['MQTT_URL']!);
      expect(await witness.publishNext()).toBe(true);
      await until('it is answered', () => witness.answers.length === 1);
      expect(await before.interrupt()).toBe(0);

      expect(await witness.publishNext()).toBe(true);
      const after = await run();
      await until('what waited is answered', () => witness.answers.length === 2);
      expect(witness.answers.map(({ code, readings }) => [code, readings![0]!.outcome])).toEqual([
        ['TAKEN', 'ACCEPTED'],
        ['TAKEN', 'ACCEPTED'],
      ]);
      expect(await witness.missing(after)).toEqual([]);
      expect(await after.interrupt()).toBe(0);
    });
  });

  describe('a port that is taken', () => {
    let taken: Server;
    let port: string;
    beforeAll(async () => {
      taken = await serverOn(0);
      port = String(portOf(taken));
    });
    afterAll(async () => closeServer(taken));

    it.each(['PORT', 'MQTT_PORT'])('and was asked for as %s ends the start in one line', async (variable) => {
      const env = { DATABASE_URL: await postgres.freshDatabase(), [variable]: port };
      const product = start({ home: await home(), words: ['--real'], env });
      expect(await product.ended).toBe(1);
      expect(product.said).toContain(`PORT_TAKEN: Port ${port} is taken on 127.0.0.1: set ${variable} to another one.`);
    });

    it('and is only the usual one makes room for the next free one', async () => {
      const usual = await Promise.all([8080, 1883].map(async (one) => serverOn(one).catch(() => undefined)));
      const product = start({
        home: await home(),
        words: ['--real'],
        env: { DATABASE_URL: await postgres.freshDatabase(), PORT: undefined, MQTT_PORT: undefined },
      });
      const [page, meters] = [Number(new URL(await product.url()).port), Number(new URL(await product.mqttUrl()).port)];
      expect([page > 8080 && page <= 8130, meters > 1883 && meters <= 1933]).toEqual([true, true]);
      expect((await fetch(`http://127.0.0.1:${page}/health`)).status).toBe(200);
      expect(await product.interrupt()).toBe(0);
      for (const server of usual) if (server) await closeServer(server);
    });
  });
});

/** What it printed, without the banner and what the build says. */
const linesOf = ({ said }: Product): string[] =>
  said
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !/^(Compiled|Kwartier \d|✔|Built|vite)/.test(line))
    .sort();

async function serverOn(port: number, handle?: (socket: never) => void): Promise<Server> {
  const server = createServer(handle as never);
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(port, '127.0.0.1', listening);
  });
  return server;
}

const closeServer = async (server: Server): Promise<void> =>
  new Promise((closed) => {
    server.close(() => closed());
  });

const portOf = (server: Server): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A server on a port has a port');
  return address.port;
};
