import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { EmbeddedServerError } from './embedded-server-error.js';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Where one home keeps its database, and the account that runs it when it is not our own. */
export interface PostgresPlace {
  readonly folder: string;
  readonly runAs?: Account;
}

// PostgreSQL refuses to run as root. The account `nobody` exists everywhere, so no user has to be made on the host.
const nobodyId = process.platform === 'darwin' ? 4294967294 : 65534;
const nobody: Account = { uid: nobodyId, gid: nobodyId };

/**
 * The folder `<home>/postgres`. When root starts us in a home that `nobody` cannot enter (a clone under /root, a home of
 * mode 700), the entry is a link to a folder of our own outside: we never change the rights of folders we did not make.
 * The link is also the memory of that choice, so that a later change of rights does not make the data disappear.
 *
 * Root keeps the folder itself and lets others only pass: the server owns its data and its socket, and cannot put
 * anything where root would later write.
 */
export function postgresPlace(home: string, log: (line: string) => void): PostgresPlace {
  const isRoot = process.getuid?.() === 0;
  if (mkdirSync(home, { recursive: true, mode: 0o700 }) !== undefined && isRoot) chmodSync(home, 0o711);
  const entry = join(realpathSync(home), 'postgres');
  const found = lstatSync(entry, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() && !existsSync(entry)) throw dataMissing(entry);
  if (!isRoot) return { folder: ownFolder(realpathOr(entry)) };
  const folder = found ? ownFolder(realpathSync(entry)) : newFolderForRoot(entry, log);
  if (!canEnter(nobody, dirname(folder))) throw unreachable(folder);
  chmodSync(folder, 0o711);
  return { folder, runAs: nobody };
}

/** May this account pass through the folder and each of its parents? */
export function canEnter(account: Account, folder: string): boolean {
  const { mode, uid, gid } = statSync(folder);
  const bits = uid === account.uid ? mode >> 6 : gid === account.gid ? mode >> 3 : mode;
  const parent = dirname(folder);
  return (bits & 1) === 1 && (parent === folder || canEnter(account, parent));
}

/** A closed folder of ours, or of the account we give it to; one that somebody else laid out for us is refused. */
export function ownFolder(folder: string, owner?: Account): string {
  const me = process.getuid?.();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory()) throw foreign(folder, found.uid);
  if (owner && found.uid === me) chownSync(folder, owner.uid, owner.gid);
  else if (found.uid !== (owner?.uid ?? me)) throw foreign(folder, found.uid);
  return folder;
}

function newFolderForRoot(entry: string, log: (line: string) => void): string {
  const home = dirname(entry);
  if (canEnter(nobody, home)) return ownFolder(entry);
  // The name follows from the home alone: nothing to search for, and one home never collects several folders. /var/lib is
  // the place for data that must outlive a restart; the temporary folder is for machines where it cannot be written.
  const base = ['/var/lib', tmpdir()].find((folder) => isWritable(folder) && canEnter(nobody, folder)) ?? '/tmp';
  const outside = join(base, `kwartier-${createHash('sha256').update(home).digest('hex').slice(0, 12)}`);
  setAsideOfRemovedHome(outside, log);
  const folder = ownFolder(outside);
  symlinkSync(folder, entry);
  log(`PostgreSQL cannot run as root, and nobody else may enter ${home}; its data is in ${folder}`);
  return folder;
}

/** A home that was removed and made anew starts empty, as one would expect; what its predecessor left is kept beside. */
function setAsideOfRemovedHome(folder: string, log: (line: string) => void): void {
  if (!existsSync(folder) || readdirSync(ownFolder(folder)).length === 0) return;
  let number = 1;
  while (existsSync(`${folder}.removed-${number}`)) number += 1;
  const kept = `${folder}.removed-${number}`;
  renameSync(folder, kept);
  // A server that still runs in there notices within a minute that this file is gone, and ends.
  rmSync(join(kept, 'data', 'postmaster.pid'), { force: true });
  log(`The database of a removed home is kept in ${kept}; delete it when it is not needed`);
}

const realpathOr = (path: string): string => (existsSync(path) ? realpathSync(path) : path);

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const foreign = (folder: string, uid: number): EmbeddedServerError =>
  new EmbeddedServerError(
    'HOME_FOREIGN',
    `${folder} belongs to user ${uid}: start as the user who made it, or choose another folder with --home.`,
  );

const unreachable = (folder: string): EmbeddedServerError =>
  new EmbeddedServerError(
    'HOME_UNREACHABLE',
    `The unprivileged user who runs the database in ${folder} may no longer pass through one of its parent folders: ` +
      'let others enter them again (chmod o+x), or move the home.',
  );

const dataMissing = (entry: string): EmbeddedServerError =>
  new EmbeddedServerError(
    'DATA_MISSING',
    `${entry} points to a folder that is gone, and the database with it: ` +
      'put the folder back, or delete the link to start empty.',
  );
