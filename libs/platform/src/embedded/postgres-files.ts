import { createHash, randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { passwordRefused } from './embedded-server-error.js';
import { databaseName, socketFileName } from './postgres-client.js';
import { type PostgresPlace, canEnter, ownFolder } from './postgres-place.js';
import { runProgram } from './postmaster.js';

// sun_path holds 104 bytes on macOS and 108 on Linux, one of them for the closing zero.
const longestSocketBytes = 103;

export const dataFolderOf = (place: PostgresPlace): string => join(place.folder, 'data');
const passwordFileOf = (place: PostgresPlace): string => join(place.folder, 'password');

/** Random, made once, readable by the user who runs the server and by nobody else. */
export function keptPassword(place: PostgresPlace): string {
  const file = passwordFileOf(place);
  if (!existsSync(file)) {
    if (existsSync(dataFolderOf(place))) throw passwordRefused();
    const half = `${file}.new`;
    rmSync(half, { force: true });
    writeFileSync(half, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true });
    if (place.runAs) chownSync(half, place.runAs.uid, place.runAs.gid);
    renameSync(half, file);
  }
  return readFileSync(file, 'utf8').trim();
}

/**
 * Makes the data folder, aside and renamed: an initdb that was killed in the middle leaves nothing that looks like a
 * database. Each try has a name of its own, because an initdb whose parent was killed may still be writing, or cleaning
 * up after itself.
 */
export async function makeData(place: PostgresPlace, binaries: string, isThrowAway: boolean): Promise<void> {
  for (const left of readdirSync(place.folder).filter((entry) => entry.startsWith('data.new-'))) {
    rmSync(join(place.folder, left), { recursive: true, force: true, maxRetries: 5 });
  }
  const half = ownFolder(join(place.folder, `data.new-${randomBytes(4).toString('hex')}`), place.runAs);
  await runProgram(
    join(binaries, 'bin', 'initdb'),
    [
      `--pgdata=${half}`,
      `--username=${databaseName}`,
      `--pwfile=${passwordFileOf(place)}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The same order of letters on every machine, whatever languages it has installed.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      ...(isThrowAway ? ['--no-sync'] : []),
    ],
    place.runAs,
  );
  renameSync(half, dataFolderOf(place));
  keepNames(place.folder);
}

/** In the place itself, or, where its path is too long for a socket, in a short folder that only the server can enter. */
export function socketFolderOf(place: PostgresPlace): string {
  const near = join(place.folder, 'socket');
  if (Buffer.byteLength(join(near, socketFileName)) <= longestSocketBytes) return near;
  const { runAs } = place;
  const temporary = [tmpdir(), '/tmp'].find((folder) => folder.length < 60 && (!runAs || canEnter(runAs, folder)));
  return join(temporary ?? '/tmp', `kwartier-${createHash('sha256').update(place.folder).digest('hex').slice(0, 12)}`);
}

/** PostgreSQL also believes a lock beside an old socket whose owner is dead but not yet buried (a zombie). */
export function makeSocketFolder(place: PostgresPlace): string {
  const folder = ownFolder(socketFolderOf(place), place.runAs);
  for (const name of [socketFileName, `${socketFileName}.lock`]) rmSync(join(folder, name), { force: true });
  return folder;
}

export function removeSocketFolder(place: PostgresPlace): void {
  try {
    rmdirSync(socketFolderOf(place));
  } catch {
    // Only an empty folder goes; what a server that was killed left in it is cleared at the next start.
  }
}

/** A power cut must not undo the rename of a database that has already acknowledged something. */
function keepNames(folder: string): void {
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
