import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { passwordRefused } from './embedded-server-error.js';
import { endWithProcess } from './end-with-process.js';
import { lockHome } from './home-lock.js';
import { installBinaries, removeOtherBinaries } from './postgres-binaries.js';
import { ask, connectionString, databaseName } from './postgres-client.js';
import { dataFolderOf, keptPassword, makeData, makeSocketFolder, removeSocketFolder } from './postgres-files.js';
import { type PostgresPlace, postgresPlace } from './postgres-place.js';
import {
  type Postmaster,
  isRunning,
  launch,
  readyOrGone,
  removeStalePidFile,
  runningOn,
  shutDown,
  tell,
} from './postmaster.js';

export interface EmbeddedPostgresOptions {
  /** The folder that holds everything of this installation; made when it does not exist. */
  readonly home: string;
  readonly log?: (line: string) => void;
  /** Server settings on top of ours; `fsync: 'off'` also makes the first start quicker, for tests. */
  readonly settings?: Readonly<Record<string, string>>;
  /** A folder for the programs that several homes share; each home has its own copy by default. */
  readonly binariesFolder?: string;
  /** Called when the server ends without stop(). */
  readonly onExit?: () => void;
}

export interface EmbeddedPostgres {
  /** Connection string of the database `kwartier`: over the unix socket, with the password. */
  readonly url: string;
  readonly version: string;
  /** True when a server that outlived its parent was found running and taken over. */
  readonly adopted: boolean;
  stop(): Promise<void>;
}

const watchEveryMs = 500;

// A laptop's share: the market needs few connections and little memory, and no clock but UTC's.
const ourSettings: Readonly<Record<string, string>> = {
  cluster_name: databaseName,
  max_connections: '100',
  shared_buffers: '128MB',
  // Made for turning disks, the default of 4 reads whole tables where an index knows the few rows.
  random_page_cost: '1.1',
  unix_socket_permissions: '0700',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** Starts the PostgreSQL of this home, or takes over the one that a killed process left running. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => {});
  const place = postgresPlace(options.home, log);
  const lock = lockHome(join(place.folder, 'lock'));
  try {
    const binariesFolder = options.binariesFolder ?? join(place.folder, 'binaries');
    const binaries = await installBinaries(binariesFolder);
    const password = keptPassword(place);
    const orphan = await adoptable(place, password, binaries.version);
    if (orphan) log(`PostgreSQL was still running as process ${orphan.pid}; taken over`);
    const server = orphan ?? (await freshStart(place, binaries.folder, options.settings));
    if (!options.binariesFolder) removeOtherBinaries(binariesFolder, binaries.version);
    const version = await makeDatabase(server, password);
    const letGo = (): void => {
      removeSocketFolder(place);
      lock.release();
    };
    const stop = watched(server, letGo, options.onExit);
    return { url: connectionString(server, password, databaseName), version, adopted: orphan !== undefined, stop };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function freshStart(
  place: PostgresPlace,
  binaries: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Postmaster> {
  const dataFolder = dataFolderOf(place);
  if (!existsSync(dataFolder)) await makeData(place, binaries, settings['fsync'] === 'off');
  removeStalePidFile(dataFolder);
  return launch({
    binaries,
    dataFolder,
    socketFolder: makeSocketFolder(place),
    logFile: join(place.folder, 'log'),
    runAs: place.runAs,
    settings: { ...ourSettings, ...settings },
  });
}

/** The server a killed parent left behind, when it is of our version and answers to our password; else it is stopped. */
async function adoptable(place: PostgresPlace, password: string, version: string): Promise<Postmaster | undefined> {
  const dataFolder = dataFolderOf(place);
  const found = runningOn(dataFolder);
  if (!found || !(await readyOrGone(found, dataFolder))) return undefined;
  const orphan = runningOn(dataFolder) ?? found; // only now does it name its socket
  try {
    const [server] = await ask<{ version: string }>(
      orphan,
      password,
      `select current_setting('server_version') as version`,
    );
    if (version.startsWith(`${server?.version}.`)) return orphan;
  } catch {
    // It does not answer as ours would. The folder is ours, so is the decision to end what runs in it.
  }
  await shutDown(orphan);
  return undefined;
}

/** Makes our database when it is not there yet; returns the server's version. */
async function makeDatabase(server: Postmaster, password: string): Promise<string> {
  try {
    const [found] = await ask<{ version: string; made: boolean }>(
      server,
      password,
      `select current_setting('server_version') as version,
              exists (select from pg_database where datname = '${databaseName}') as made`,
    );
    if (!found?.made) await ask(server, password, `create database ${databaseName}`);
    return found?.version ?? '';
  } catch (cause) {
    await shutDown(server);
    throw (cause as { code?: string }).code === '28P01' ? passwordRefused(cause) : cause;
  }
}

/** Sees the server's end, whoever its parent is, and makes sure that it does not outlive an orderly end of ours. */
function watched(server: Postmaster, release: () => void, onExit?: () => void): () => Promise<void> {
  const takeBack = endWithProcess(() => tell(server, 'SIGINT'));
  let isOver = false;
  // Once only: after it the home may belong to the next process.
  const letGo = (): void => {
    if (isOver) return;
    isOver = true;
    clearInterval(watch);
    takeBack();
    release();
  };
  const watch = setInterval(() => {
    if (isRunning(server)) return;
    letGo();
    onExit?.();
  }, watchEveryMs).unref();
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    clearInterval(watch);
    await shutDown(server);
    letGo();
  };
  return () => (stopped ??= stop());
}
