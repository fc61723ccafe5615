import { createHash, randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from 'pg';

import { EmbeddedServerError } from './embedded-server-error.js';
import { endWithProcess } from './end-with-process.js';
import { lockHome } from './home-lock.js';
import { installBinaries, removeOtherBinaries } from './postgres-binaries.js';
import { type Account, type PostgresPlace, canEnter, ownFolder, postgresPlace } from './postgres-place.js';
import {
  type Postmaster,
  isRunning,
  launch,
  readyOrGone,
  removeStalePidFile,
  runningOn,
  runProgram,
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

const name = 'kwartier';
const watchEveryMs = 500;
// sun_path holds 104 bytes on macOS and 108 on Linux, one of them for the closing zero.
const longestSocketBytes = 103;

// A laptop's share: the market needs few connections and little memory, and no day of the week but UTC's.
const ourSettings: Readonly<Record<string, string>> = {
  cluster_name: name,
  max_connections: '100',
  shared_buffers: '128MB',
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
    const postmaster = orphan ?? (await freshStart(place, binaries.folder, options));
    if (!options.binariesFolder) removeOtherBinaries(binariesFolder, binaries.version);
    const version = await makeDatabase(postmaster, password);
    const letGo = (): void => {
      rmSync(postmaster.socketFolder, { recursive: true, force: true });
      lock.release();
    };
    const stop = watched(postmaster, letGo, options.onExit);
    return { url: urlOf(postmaster, password, name), version, adopted: orphan !== undefined, stop };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function freshStart(
  place: PostgresPlace,
  binaries: string,
  options: EmbeddedPostgresOptions,
): Promise<Postmaster> {
  const dataFolder = join(place.folder, 'data');
  if (!existsSync(dataFolder)) await initialise(place, binaries, options.settings?.['fsync'] === 'off');
  removeStalePidFile(dataFolder);
  return launch({
    binaries,
    dataFolder,
    socketFolder: emptySocketFolder(place),
    logFile: join(place.folder, 'log'),
    runAs: place.runAs,
    settings: { ...ourSettings, ...options.settings },
  });
}

/**
 * Made aside and renamed: an initdb that was killed in the middle leaves nothing that looks like a database. Each try has
 * a name of its own, because an initdb whose parent was killed may still be writing, or cleaning up after itself.
 */
async function initialise(place: PostgresPlace, binaries: string, throwAway: boolean): Promise<void> {
  for (const left of readdirSync(place.folder).filter((entry) => entry.startsWith('data.new-'))) {
    rmSync(join(place.folder, left), { recursive: true, force: true, maxRetries: 5 });
  }
  const half = join(place.folder, `data.new-${randomBytes(4).toString('hex')}`);
  ownFolder(half, place.runAs);
  await runProgram(
    join(binaries, 'bin', 'initdb'),
    [
      `--pgdata=${half}`,
      `--username=${name}`,
      `--pwfile=${join(place.folder, 'password')}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The same order of letters on every machine, whatever languages it has installed.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      ...(throwAway ? ['--no-sync'] : []),
    ],
    place.runAs,
  );
  renameSync(half, join(place.folder, 'data'));
}

/** The server a killed parent left behind, when it is of our version and answers to our password; else it is stopped. */
async function adoptable(place: PostgresPlace, password: string, version: string): Promise<Postmaster | undefined> {
  const dataFolder = join(place.folder, 'data');
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
async function makeDatabase(postmaster: Postmaster, password: string): Promise<string> {
  try {
    const [server] = await ask<{ version: string; made: boolean }>(
      postmaster,
      password,
      `select current_setting('server_version') as version,
              exists (select from pg_database where datname = '${name}') as made`,
    );
    if (!server?.made) await ask(postmaster, password, `create database ${name}`);
    return server?.version ?? '';
  } catch (cause) {
    await shutDown(postmaster);
    throw (cause as { code?: string }).code === '28P01' ? passwordRefused('postgres/password', cause) : cause;
  }
}

const passwordRefused = (file: string, cause?: unknown): EmbeddedServerError =>
  new EmbeddedServerError(
    'PASSWORD_REFUSED',
    `${file} of the home is not the password of its database: put the old file back, or choose another folder with --home.`,
    { cause },
  );

/** Sees the server's end, whoever its parent is, and makes sure that it does not outlive an orderly end of ours. */
function watched(postmaster: Postmaster, release: () => void, onExit?: () => void): () => Promise<void> {
  const takeBack = endWithProcess(() => tell(postmaster, 'SIGINT'));
  const letGo = (): void => {
    clearInterval(watch);
    takeBack();
    release();
  };
  const watch = setInterval(() => {
    if (isRunning(postmaster)) return;
    letGo();
    onExit?.();
  }, watchEveryMs).unref();
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    clearInterval(watch);
    await shutDown(postmaster);
    letGo();
  };
  return () => (stopped ??= stop());
}

/** Random, made once, readable by the user who runs the server and by nobody else. */
function keptPassword(place: PostgresPlace): string {
  const file = join(place.folder, 'password');
  if (!existsSync(file)) {
    if (existsSync(join(place.folder, 'data'))) throw passwordRefused(file);
    const half = `${file}.new`;
    rmSync(half, { force: true });
    writeFileSync(half, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true });
    if (place.runAs) chownSync(half, place.runAs.uid, place.runAs.gid);
    renameSync(half, file);
  }
  return readFileSync(file, 'utf8').trim();
}

/**
 * In the place itself, or, where its path is too long for a socket, in a short folder that only we can enter. Emptied,
 * because PostgreSQL also believes a lock beside an old socket whose owner is dead but not yet buried (a zombie).
 */
function emptySocketFolder(place: PostgresPlace): string {
  const folder = socketFolder(place);
  rmSync(ownFolder(folder, place.runAs), { recursive: true });
  return ownFolder(folder, place.runAs);
}

function socketFolder(place: PostgresPlace): string {
  const near = join(place.folder, 'socket');
  if (Buffer.byteLength(join(near, '.s.PGSQL.5432')) <= longestSocketBytes) return near;
  const short = `kwartier-${createHash('sha256').update(place.folder).digest('hex').slice(0, 12)}`;
  return join(reachableTemporaryFolder(place.runAs), short);
}

const reachableTemporaryFolder = (account?: Account): string =>
  [tmpdir(), '/tmp'].find((folder) => folder.length < 60 && (!account || canEnter(account, folder))) ?? '/tmp';

const urlOf = (postmaster: Postmaster, password: string, database: string): string =>
  `postgres://${name}:${encodeURIComponent(password)}@${encodeURIComponent(postmaster.socketFolder)}:5432/${database}`;

async function ask<Row>(postmaster: Postmaster, password: string, sql: string): Promise<Row[]> {
  const client = new Client({
    connectionString: urlOf(postmaster, password, 'postgres'),
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
