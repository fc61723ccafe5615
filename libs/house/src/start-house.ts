import { Database, type HttpAppOptions, MarketClock, Readiness, createHttpApp } from '@kwartier/platform';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { HouseModule } from './house.module.js';

/** The whole house over one database, with its questions of readiness asked; it does not listen yet. */
export async function startHouse(databaseUrl: string, options: HttpAppOptions): Promise<NestExpressApplication> {
  const lost = { count: 0 };
  const app = await createHttpApp(
    HouseModule.over(databaseUrl, () => (lost.count += 1)),
    options,
  );
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
