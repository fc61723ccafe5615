import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import pg from 'pg';
import { DataSource, type DataSourceOptions, type MigrationInterface } from 'typeorm';
import { Database } from './database.js';
import { Platform1700000000000 } from './migrations/1700000000000-platform.js';
import { typeParsers } from './type-parsers.js';
import { TypeormDatabase } from './typeorm-database.js';

export type Migration = new () => MigrationInterface;

export interface DatabaseOptions {
  readonly url: string;
  /** Of all rooms, upstream first. */
  readonly migrations: readonly Migration[];
  readonly poolSize?: number;
  readonly onPoolError?: (error: Error) => void;
}

/** One place says how we talk to PostgreSQL: the running house, the migrations and the tests use it alike. */
export const dataSourceOptions = (options: DatabaseOptions): DataSourceOptions & { type: 'postgres' } => ({
  type: 'postgres',
  url: options.url,
  migrations: [Platform1700000000000, ...options.migrations],
  migrationsTransactionMode: 'each',
  migrationsTableName: 'kwartier_migration',
  poolErrorHandler: options.onPoolError ?? (() => undefined),
  extra: { max: options.poolSize ?? 10, ...sessionOptions },
});

const sessionOptions = {
  types: typeParsers,
  application_name: 'kwartier',
  options: '-c TimeZone=UTC -c statement_timeout=60000',
};

/**
 * Connections for single statements, apart from those of transactions: a transaction that asks something on the side must
 * not wait for a connection that others hold while they wait for its locks.
 */
function singleStatements({ url, onPoolError = () => undefined }: DatabaseOptions): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 6, ...sessionOptions });
  // Without a listener the loss of a connection would end the process.
  pool.on('error', onPoolError);
  return pool;
}

@Module({})
export class DatabaseModule {
  static forRoot(options: DatabaseOptions): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ ...dataSourceOptions(options), retryAttempts: 3 }),
          dataSourceFactory: async (wanted) => migrated(new DataSource(wanted!)),
        }),
      ],
      providers: [
        {
          provide: Database,
          inject: [DataSource],
          useFactory: (source: DataSource) => new TypeormDatabase(source, singleStatements(options)),
        },
      ],
      exports: [Database],
    };
  }
}

/** Processes that start together find the database in any state: one of them migrates, the others wait and find it done. */
async function migrated(source: DataSource): Promise<DataSource> {
  await source.initialize();
  const runner = source.createQueryRunner();
  try {
    await runner.query(`SELECT pg_advisory_lock(hashtext('kwartier.migrations'))`);
    try {
      await source.runMigrations();
    } finally {
      await runner.query(`SELECT pg_advisory_unlock(hashtext('kwartier.migrations'))`);
    }
    return source;
  } catch (error) {
    await source.destroy();
    throw error;
  } finally {
    await runner.release();
  }
}
