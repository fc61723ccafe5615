import { Database, type HttpAppOptions, MarketClock, Readiness, createHttpApp } from '@kwartier/platform';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { HouseModule, type Part, wholeHouse } from './house.module.js';

export interface StartHouseOptions extends HttpAppOptions {
  /** What this process does; everything, if it is the only one. */
  readonly parts?: readonly Part[];
}

/** A house over one database, with its questions of readiness asked; it does not listen yet. */
export async function startHouse(
  databaseUrl: string,
  { parts = wholeHouse, ...options }: StartHouseOptions,
): Promise<NestExpressApplication> {
  const lost = { count: 0 };
  const onPoolError = (): void => void (lost.count += 1);
  const app = await createHttpApp(HouseModule.over({ databaseUrl, parts, onPoolError }), options);
  const database = app.get(Database);
  const readiness = app.get(Readiness);
  readiness.register('database', async () => {
    const [row] = await database.query<{ version: string }>(`SELECT current_setting('server_version') AS version`);
    return `PostgreSQL ${row!.version}, ${lost.count} connections lost`;
  });
  readiness.register('market clock', async () => {
    const { mode, speed } = await app.get(MarketClock).state();
    return mode === 'DEMO' ? `demo at ${speed}×` : 'real time';
  });
  return app;
}
