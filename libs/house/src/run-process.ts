import { resolve } from 'node:path';
import { Tokens } from '@kwartier/identity/module';
import { Calendar, CatchUpLoop, type Config, ConfigError, listen, readConfig } from '@kwartier/platform';
import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Part } from './house.module.js';
import { openMeterDoor } from './open-meter-door.js';
import { startHouse } from './start-house.js';

type Work = (app: NestExpressApplication, config: Config) => Promise<unknown>;

/** What each process does once it answers questions about its health. */
const workOf: Readonly<Record<Part, Work>> = {
  api: async (app, { adminToken }) => {
    if (adminToken) await app.get(Tokens, { strict: false }).admit(adminToken, { role: 'ADMIN' });
  },
  gateway: async (app, config) => {
    await app.get(Calendar).start();
    await openMeterDoor(app, config);
  },
  market: async (app) => {
    await app.get(Calendar).start();
    app.get(CatchUpLoop).start();
  },
  forecaster: async (app) => app.get(CatchUpLoop).start(),
};

/** One process of the split shape, from its environment until it is told to stop. */
export async function runProcess(part: Part): Promise<void> {
  try {
    await run(part, processConfig(process.env));
  } catch (error) {
    const lines = error instanceof ConfigError ? error.lines : [(error as Error).message];
    for (const line of lines) console.error(JSON.stringify({ level: 'error', at: part, message: line }));
    process.exit(error instanceof ConfigError ? 2 : 1);
  }
}

async function run(part: Part, config: Config & { readonly databaseUrl: string }): Promise<void> {
  const app = await startHouse(config.databaseUrl, {
    parts: [part],
    logLevel: config.logLevel,
    ...(part === 'api' && { webFolder: resolve(import.meta.dirname, '../../../web') }),
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void app.close().then(() => process.exit(0)));
  const port = await listen(app, config.host, config.http);
  new Logger(part).log({ message: 'listening', port });
  await workOf[part](app, config);
}

/** The processes meet in one database, and none of them leads a demo's clock. */
function processConfig(env: NodeJS.ProcessEnv): Config & { readonly databaseUrl: string } {
  const config = readConfig(env);
  const { databaseUrl } = config;
  if (config.mode === 'DEMO') throw new ConfigError(['KWARTIER_MODE is demo, which only npm start can show']);
  if (!databaseUrl) throw new ConfigError(['DATABASE_URL is missing; all processes need the same one']);
  return { ...config, databaseUrl };
}
