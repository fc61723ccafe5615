import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from 'pg';

import { startEmbeddedPostgres } from '../../libs/platform/src/embedded/embedded-postgres.js';
import { ownFolder } from '../../libs/platform/src/embedded/postgres-place.js';
import { runningOn, shutDown } from '../../libs/platform/src/embedded/postmaster.js';
import { birthOf } from '../../libs/platform/src/embedded/process-facts.js';

export interface TestPostgres {
  /** Connection string of a first, empty database. */
  readonly url: string;
  /** A new database: empty, or a copy of one that was made here and that nobody is connected to. */
  freshDatabase(templateUrl?: string): Promise<string>;
  stop(): Promise<void>;
}

const prefix = 'kwartier-test-';

// Nothing here survives the test file, so nothing waits for the disk.
const throwAway = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  file_copy_method: 'clone',
  max_wal_size: '256MB',
};

/** A real PostgreSQL of its own for one test file; works as root too. */
export async function startTestPostgres(): Promise<TestPostgres> {
  await sweep();
  const home = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  chmodSync(home, 0o711); // as root the server is another user, who must be able to pass
  const binariesFolder = ownFolder(join(tmpdir(), `kwartier-postgres-${process.getuid?.()}`));
  chmodSync(binariesFolder, 0o711);
  const server = await startEmbeddedPostgres({ home, settings: throwAway, binariesFolder });
  let made = 0;
  return {
    url: server.url,
    freshDatabase: async (templateUrl) => {
      const name = `test_${(made += 1)}`;
      const template = templateUrl ? `template "${databaseOf(templateUrl)}" strategy file_copy` : '';
      await administer(server.url, `create database ${name} ${template}`);
      return withDatabase(server.url, name);
    },
    stop: async () => {
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

const databaseOf = (url: string): string => new URL(url).pathname.slice(1);

const withDatabase = (url: string, database: string): string => url.replace(/[^/]*$/, database);

async function administer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: withDatabase(url, 'postgres') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Servers and folders of test runs that were killed. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const owner = Number(name.slice(prefix.length).split('-')[0]);
    if (birthOf(owner) !== undefined) continue;
    const home = join(tmpdir(), name);
    const server = runningOn(join(home, 'postgres', 'data'));
    if (server) await shutDown(server);
    rmSync(home, { recursive: true, force: true });
  }
}
