import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { buildSchema, findBreakingChanges, lexicographicSortSchema, printSchema } from 'graphql';
import { TestHouse } from '../support/house.js';
import { startTestPostgres, type TestPostgres } from '../support/postgres.js';

// What the world builds upon. KWARTIER_UPDATE_CONTRACTS=1 writes the files anew; the change is then seen in review.
const folder = import.meta.dirname;
const updating = process.env['KWARTIER_UPDATE_CONTRACTS'] === '1';

function expectCommitted(file: string, text: string): void {
  const path = join(folder, file);
  if (updating || !existsSync(path)) writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, 'utf8'));
}

describe('contracts', () => {
  let postgres: TestPostgres;
  let house: TestHouse;
  beforeAll(async () => {
    postgres = await startTestPostgres();
    house = await TestHouse.open('2026-06-21T10:00:00Z', postgres.url);
  });
  afterAll(async () => {
    await house.close();
    await postgres.stop();
  });

  it('serves the committed GraphQL schema, and breaks nobody', () => {
    const { schema } = house.app.get(GraphQLSchemaHost, { strict: false });
    const sdl = `${printSchema(lexicographicSortSchema(schema))}\n`;
    const path = join(folder, 'schema.graphql');
    const before = existsSync(path) ? buildSchema(readFileSync(path, 'utf8')) : schema;
    expect(updating ? [] : findBreakingChanges(before, schema)).toEqual([]);
    expectCommitted('schema.graphql', sdl);
  });

  it('migrates an empty database to the committed tables, and back to nothing', async () => {
    const described = await house.rows<{ line: string }>(description);
    expectCommitted('database.txt', `${described.map(({ line }) => line).join('\n')}\n`);

    const { DataSource } = await import('typeorm');
    const { dataSourceOptions } = await import('@kwartier/platform');
    const { migrations } = await import('@kwartier/house');
    const url = await postgres.freshDatabase();
    const source = await new DataSource(dataSourceOptions({ url, migrations })).initialize();
    try {
      const done = await source.runMigrations();
      for (const _ of done) await source.undoLastMigration();
      const left = await source.query(
        `SELECT schema_name FROM information_schema.schemata WHERE schema_name IN (SELECT split_part(line, '.', 1) FROM (${description}) d)`,
      );
      expect(left).toEqual([]);
    } finally {
      await source.destroy();
    }
  });
});

/** Tables, columns, constraints, indexes and triggers of our schemas, a line each. Monthly partitions come and go. */
const description = `
  WITH ours AS (
    SELECT c.oid, n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND n.nspname IN ('identity', 'grid', 'tariffs', 'ledger', 'metering', 'forecasting', 'market', 'agents', 'settlement', 'platform')
  )
  SELECT line FROM (
    SELECT name || ' ' || attname || ' ' || format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' not null' ELSE '' END AS line
    FROM ours JOIN pg_attribute ON attrelid = oid AND attnum > 0 AND NOT attisdropped
    UNION ALL SELECT name || ' constraint ' || conname || ' ' || pg_get_constraintdef(k.oid) FROM ours JOIN pg_constraint k ON conrelid = ours.oid WHERE contype <> 'n'
    UNION ALL SELECT name || ' index ' || regexp_replace(pg_get_indexdef(indexrelid), '^CREATE ', '') FROM ours JOIN pg_index ON indrelid = oid
    UNION ALL SELECT name || ' trigger ' || tgname || ' ' || tgfoid::regproc FROM ours JOIN pg_trigger ON tgrelid = ours.oid WHERE NOT tgisinternal
  ) AS lines ORDER BY line COLLATE "C"`;
