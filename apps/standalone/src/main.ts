import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openMeterDoor, startHouse } from '@kwartier/house';
import { Tokens } from '@kwartier/identity/module';
import {
  Calendar,
  CatchUpLoop,
  type Config,
  ConfigError,
  EmbeddedServerError,
  listen,
  MarketClock,
  readConfig,
  startEmbeddedPostgres,
  version,
} from '@kwartier/platform';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { help, readArguments } from './arguments.js';
import { DemoStreet } from './demo/demo-street.js';

type Stop = () => Promise<void>;

const began = Date.now();
const tell = (line: string): void => console.log(`  ${line}`);
const step = (name: string, what: string): void =>
  tell(`✔ ${name.padEnd(11)} ${what}  ${((Date.now() - began) / 1000).toFixed(1)} s`);

/** What was started, stopped in the opposite order: a part is there as long as anything needs it. */
const stops: Stop[] = [];

async function main(): Promise<void> {
  const asked = readArguments(process.argv.slice(2));
  if ('error' in asked) return fail([asked.error], 2);
  if (asked.ask === 'HELP') return console.log(help);
  if (asked.ask === 'VERSION') return console.log(version);

  const config = readConfig(process.env);
  const mode = asked.mode ?? config.mode ?? (config.production ? 'REAL' : 'DEMO');
  if (mode === 'DEMO' && config.production)
    return fail(['A demo has keys and a token that everybody knows; in production start with --real'], 2);
  const home = resolve(asked.home ?? config.home);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  console.log(`\n  Kwartier ${version}${mode === 'DEMO' ? `                    demo · ${asked.speed}× speed` : ''}\n`);

  const databaseUrl = config.databaseUrl ?? (await embeddedDatabase(home));
  const app = await kept(
    startHouse(databaseUrl, {
      logLevel: config.logLevel === 'info' ? 'warn' : config.logLevel,
      webFolder: resolve(import.meta.dirname, '../../../web'),
    }),
    async (house) => house.close(),
  );
  const mqttUrl = await openMeterDoor(app, config);
  step('meters', mqttUrl.replace(/\/\/[^@/]*@/, '//'));
  const demo = mode === 'DEMO' ? await openDemo(app, config, asked.speed, mqttUrl) : await openReal(app, config, home);
  await app.get(Calendar).start();
  const port = await listen(app, config.host, config.http);
  const at = `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${port}`;
  step('page', at);
  tell('');
  tell(`Open    ${at}/`);
  tell(`API     ${at}/graphql${demo ? '    token: demo' : ''}`);
  tell('Stop    Ctrl-C\n');
  tell('settlement  batches wait in the outbox: the appchain is not part of this version yet');
  demo?.live();
}

/** Whoever is told to end while a part starts waits for it: nothing that is half started is left behind. */
async function kept<Part>(starting: Promise<Part>, stop: (part: Part) => Promise<void>): Promise<Part> {
  stops.push(async () => starting.then(stop, () => undefined));
  const part = await starting;
  if (stopping) throw new Error('told to end while it started');
  return part;
}

async function embeddedDatabase(home: string): Promise<string> {
  const postgres = await kept(
    startEmbeddedPostgres({ home, log: tell, onExit: () => void stopAll(1) }),
    async (server) => server.stop(),
  );
  step('database', `PostgreSQL ${postgres.version}${postgres.adopted ? ', taken over from a killed start' : ''}`);
  return postgres.url;
}

async function openDemo(
  app: NestExpressApplication,
  config: Config,
  speed: number,
  mqttUrl: string,
): Promise<DemoStreet> {
  if (config.adminToken) await app.get(Tokens, { strict: false }).admit(config.adminToken, { role: 'ADMIN' });
  const demo = await DemoStreet.open(app, { seed: config.seed, past: config.demoPast, speed, mqttUrl, tell });
  stops.push(async () => demo.stop());
  step('street', 'Sonnenweg, 20 homes behind one transformer');
  return demo;
}

async function openReal(app: NestExpressApplication, config: Config, home: string): Promise<undefined> {
  const { mode } = await app.get(MarketClock).state();
  if (mode === 'DEMO') throw new Error('This home holds a demo; choose another with --home or KWARTIER_HOME');
  const token = config.adminToken ?? ownAdminToken(home);
  await app.get(Tokens, { strict: false }).admit(token, { role: 'ADMIN' });
  app.get(CatchUpLoop).start();
  step(
    'market',
    config.adminToken ? 'real time' : `real time; the administrator's token is in ${join(home, 'admin-token')}`,
  );
  return undefined;
}

/** Made once and readable by us alone. */
function ownAdminToken(home: string): string {
  const file = join(home, 'admin-token');
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

let stopping = false;
async function stopAll(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  for (const stop of stops.reverse()) await stop().catch((error: Error) => console.error(`  ${error.message}`));
  process.exit(code);
}

function fail(lines: readonly string[], code: number): void {
  for (const line of lines) console.error(`  ${line}`);
  process.exitCode = code;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    // Who asks twice does not want to wait; PostgreSQL recovers by itself.
    if (stopping) process.exit(130);
    tell('stopping …');
    void stopAll(0);
  });

main().catch((error: Error) => {
  // What breaks because its ground is being taken away is no news.
  if (stopping) return;
  const lines = error instanceof ConfigError ? error.lines : [error.message];
  fail(error instanceof EmbeddedServerError ? [`${error.code}: ${error.message}`] : lines, 1);
  void stopAll(error instanceof ConfigError ? 2 : 1);
});
