import { Client } from 'pg';

import type { Postmaster } from './postmaster.js';

/** The name of our database and of the role that owns it. */
export const databaseName = 'kwartier';
export const socketFileName = '.s.PGSQL.5432';

export const connectionString = (server: Postmaster, password: string, database: string): string =>
  `postgres://${databaseName}:${encodeURIComponent(password)}@${encodeURIComponent(server.socketFolder)}:5432/${database}`;

/** One question on a connection of its own, to the database that is always there. */
export async function ask<Row>(server: Postmaster, password: string, sql: string): Promise<Row[]> {
  const client = new Client({
    connectionString: connectionString(server, password, 'postgres'),
    connectionTimeoutMillis: 5000,
  });
  client.on('error', () => {}); // the answer, or the lack of one, says all we need
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}
