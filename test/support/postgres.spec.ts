import { Client } from 'pg';

import { type TestPostgres, startTestPostgres } from './postgres.js';

describe('a PostgreSQL for one test file', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startTestPostgres();
  });
  afterAll(() => postgres.stop());

  it('gives every test a database of its own', async () => {
    const [one, other] = [await postgres.freshDatabase(), await postgres.freshDatabase()];
    await ask(one, 'create table marker (id int)');
    expect(await tablesIn(one)).toEqual(['marker']);
    expect(await tablesIn(other)).toEqual([]);
  });

  it('copies a migrated database', async () => {
    const migrated = await postgres.freshDatabase();
    await ask(migrated, 'create table migrated (id int)');
    expect(await tablesIn(await postgres.freshDatabase(migrated))).toEqual(['migrated']);
  });
});

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

const tablesIn = async (url: string): Promise<unknown[]> =>
  (await ask(url, `select tablename as name from pg_tables where schemaname = 'public'`)).map(
    (row) => (row as { name: string }).name,
  );
