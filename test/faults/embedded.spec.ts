import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join, sep } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { transformFileSync } from '@swc/core';
import { Client } from 'pg';

const isRoot = process.getuid?.() === 0;
const nobody = { uid: 65534, gid: 65534 };
// Run by root, the tests play both roles; run by a plain user they play that user.
const players = isRoot ? [{ who: 'root' }, { who: 'a plain user', account: nobody }] : [{ who: 'a plain user' }];

// Killing processes cannot lose what the system already has; only the loss of power could, and that is not played here.
const quick: Record<string, string> = { fsync: 'off' };

/** Root may need a folder outside the home: seen as <home>/postgres being a link. */
const placeOf = (home: string): string => realpathSync(join(home, 'postgres'));

describe.each(players)('embedded PostgreSQL, started by $who', ({ account }) => {
  let installation: string;
  let home: string;
  // Only the first home makes its own copy of the programs, which takes the longest.
  let programs: string | undefined;
  let running: ChildProcess[] = [];

  beforeAll(() => {
    installation = installedCopy();
  });
  afterAll(() => rmSync(installation, { recursive: true, force: true }));
  const endAll = async (): Promise<void> => {
    for (const child of running) child.kill('SIGKILL');
    running = [];
    await killServerOf(home);
  };

  const startProcess = (settings = quick, more = {}): StartingProcess => {
    const starting = startChild({ installation, home, binariesFolder: programs, settings, ...more }, account);
    running.push(starting.process);
    return starting;
  };
  const start = (settings = quick): Promise<Started> => startProcess(settings).started;
  const startAndExpect = async (code: string): Promise<string> => {
    const failure = await start().then(
      () => 'it started',
      (error: Error) => error.message,
    );
    expect(failure).toContain(`${code}:`);
    return failure;
  };

  describe('in one home', () => {
    beforeAll(() => {
      home = newHome(account);
    });
    afterEach(endAll);
    afterAll(() => {
      programs = join(installation, 'programs');
      cpSync(join(placeOf(home), 'binaries'), programs, { recursive: true, verbatimSymlinks: true });
      removeHome(home);
    });

    it('keeps data over an orderly restart, though only the owner of the home may enter it', async () => {
      const rightsBefore = statSync(home).mode;
      const first = await start();
      await ask(first.url, `create table restarted as select 'sonnenweg' as zone`);
      await first.stop();
      const second = await start();
      expect(second.adopted).toBe(false);
      expect(await ask(second.url, 'select zone from restarted')).toEqual([{ zone: 'sonnenweg' }]);
      expect(statSync(home).mode).toBe(rightsBefore);
    });

    it('keeps its password to itself and asks for it', async () => {
      const { url } = await start();
      const password = join(placeOf(home), 'password');
      expect(statSync(password).mode & 0o777).toBe(0o600);
      expect(url).toContain(readFileSync(password, 'utf8').trim());
      await expect(ask(url.replace(/:[^:@]+@/, ':guess@'), 'select 1')).rejects.toMatchObject({ code: '28P01' });
    });

    it('opens no port and waits for the disk', async () => {
      const { url } = await start({});
      const shown = `select current_setting('listen_addresses') as addresses, current_setting('fsync') as fsync`;
      expect(await ask(url, shown)).toEqual([{ addresses: '', fsync: 'on' }]);
    });

    it('loses nothing that was committed when the server is killed, and says so', async () => {
      const first = await start();
      await ask(first.url, 'create table survived as select generate_series(1, 1000) as n');
      process.kill(serverOf(home), 'SIGKILL');
      await first.said('exit');
      await first.end('SIGKILL');
      const second = await start();
      expect(await ask(second.url, 'select count(*)::int from survived')).toEqual([{ count: 1000 }]);
    });

    it('takes over the server that a killed parent left, and stops it in the end', async () => {
      const first = await start();
      await ask(first.url, 'create table inherited as select 1 as n');
      const server = serverOf(home);
      await first.end('SIGKILL');
      expect(isAlive(server)).toBe(true);
      const second = await start();
      expect(second.adopted).toBe(true);
      expect(serverOf(home)).toBe(server);
      expect(await ask(second.url, 'select n from inherited')).toEqual([{ n: 1 }]);
      await second.stop();
      expect(isAlive(server)).toBe(false);
    });

    it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('leaves nothing running after %s', async (signal) => {
      const started = await start();
      const server = serverOf(home);
      await started.end(signal);
      await until(() => !isAlive(server));
      expect(existsSync(join(placeOf(home), 'data', 'postmaster.pid'))).toBe(false);
    });

    it('is still there when Ctrl-C reaches everything and the application wants to end in order', async () => {
      const started = await startProcess(quick, { endsInOrder: true }).started;
      process.kill(-started.pid, 'SIGINT');
      await started.said('interrupted');
      await pause(200); // a server that had got the signal too would be gone by now
      expect(await ask(started.url, 'select 1 as n')).toEqual([{ n: 1 }]);
      const server = serverOf(home);
      await started.stop();
      expect(isAlive(server)).toBe(false);
    });

    it('comes up by itself after kill -9 of everything', async () => {
      const first = await start();
      await ask(first.url, 'create table recovered as select 1 as n');
      const server = serverOf(home);
      await first.end('SIGKILL');
      process.kill(server, 'SIGKILL');
      const second = await start();
      expect(await ask(second.url, 'select n from recovered')).toEqual([{ n: 1 }]);
    });

    it('is not fooled by a pid file that names a living stranger', async () => {
      const place = placeOf(home);
      const strangers = [process.pid, `${place}/data`, 1, 5432, `${place}/socket`, '', '  1  1', 'ready', ''].join(
        '\n',
      );
      const pidFile = join(place, 'data', 'postmaster.pid');
      writeFileSync(pidFile, strangers, { mode: 0o600 });
      if (isRoot) chownSync(pidFile, nobody.uid, nobody.gid);
      const started = await start();
      expect(started.adopted).toBe(false);
      await started.stop();
      expect(isAlive(process.pid)).toBe(true);
    });

    it('lets one of two starts win and tells the other who it was', async () => {
      const answers = await Promise.allSettled([start(), start()]);
      const won = answers.find((answer) => answer.status === 'fulfilled');
      const lost = answers.find((answer) => answer.status === 'rejected');
      expect(String(lost?.reason)).toContain(
        `HOME_IN_USE: Kwartier already runs on this home as process ${won?.value.pid}`,
      );
    });
  });

  describe('in a home of its own', () => {
    beforeEach(() => {
      home = newHome(account);
    });
    afterEach(async () => {
      await endAll();
      removeHome(home);
    });

    it('starts over a first start that was killed in the middle', async () => {
      const child = startProcess();
      child.started.catch(() => {});
      await until(() => halvesIn(home).length > 0);
      child.process.kill('SIGKILL');
      const { url } = await start();
      expect(await ask(url, 'select 1 as n')).toEqual([{ n: 1 }]);
    });

    it('manages a home with a path longer than a socket may have', async () => {
      home = join(home, 'a-rather-long-name-of-a-folder'.repeat(3), 'and-another-one'.repeat(4));
      await (await start()).stop();
      const second = await start();
      expect(await ask(second.url, 'select 1 as n')).toEqual([{ n: 1 }]);
      await second.end('SIGKILL');
      const third = await start();
      expect(third.adopted).toBe(true);
      await third.stop();
    });

    it('ends an orphan that does not answer to our password, and says what to do', async () => {
      const first = await start();
      const server = serverOf(home);
      await first.end('SIGKILL');
      writeFileSync(join(placeOf(home), 'password'), 'another one');
      expect(await startAndExpect('PASSWORD_REFUSED')).toContain('put the old file back');
      expect(isAlive(server)).toBe(false);
    });

    it('says what to do when the password file is lost', async () => {
      await (await start()).stop();
      const password = join(placeOf(home), 'password');
      rmSync(password);
      expect(await startAndExpect('PASSWORD_REFUSED')).toContain('put the old file back');
      expect(existsSync(password)).toBe(false);
    });

    it('says what to do when the data was written by another version', async () => {
      await (await start()).stop();
      writeFileSync(join(placeOf(home), 'data', 'PG_VERSION'), '17\n');
      expect(await startAndExpect('DATA_VERSION')).toContain('another version of PostgreSQL');
    });

    it('starts empty when its home was removed, and keeps what the old one left elsewhere', async () => {
      const first = await start();
      await ask(first.url, 'create table forgotten as select 1 as n');
      await first.stop();
      const place = placeOf(home);
      rmSync(home, { recursive: true });
      mkdirSync(home, { mode: 0o700 });
      if (account) chownSync(home, account.uid, account.gid);
      const second = await start();
      await expect(ask(second.url, 'select n from forgotten')).rejects.toMatchObject({ code: '42P01' });
      expect(existsSync(`${place}.removed-1`)).toBe(!place.startsWith(home));
      rmSync(`${place}.removed-1`, { recursive: true, force: true });
    });
  });
});

interface Started {
  readonly pid: number;
  readonly url: string;
  readonly adopted: boolean;
  /** Resolves when the process has said this word. */
  said(word: 'exit' | 'interrupted'): Promise<unknown>;
  stop(): Promise<void>;
  end(signal: NodeJS.Signals): Promise<void>;
}

interface StartingProcess {
  readonly process: ChildProcess;
  readonly started: Promise<Started>;
}

const program = `
  const { installation, endsInOrder, ...options } = JSON.parse(process.argv[1]);
  const { startEmbeddedPostgres } = await import(installation + '/embedded/embedded-postgres.js');
  const say = (word, more) => console.log(JSON.stringify({ word, ...more }));
  try {
    const { url, adopted, stop } = await startEmbeddedPostgres({ ...options, onExit: () => say('exit') });
    say('started', { url, adopted });
    if (endsInOrder) process.on('SIGINT', () => say('interrupted'));
    process.stdin.once('data', async () => { await stop(); process.exit(); });
  } catch (error) {
    say('failed', { message: error.code + ': ' + error.message });
  }
`;

/** Starts a process of its own with an embedded PostgreSQL, as `npm start` does. */
function startChild(options: object, account?: { uid: number; gid: number }): StartingProcess {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, JSON.stringify(options)], {
    ...account,
    cwd: '/',
    detached: true, // a process group of its own, as a terminal gives it
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  const words: Record<string, string>[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n').filter(Boolean)) words.push(JSON.parse(line) as Record<string, string>);
  });
  const said = async (word: string): Promise<Record<string, string> | undefined> => {
    await until(() => words.some((line) => line['word'] === word || line['word'] === 'failed') || hasEnded(child));
    return words.find((line) => line['word'] === word);
  };
  const started = said('started').then((line): Started => {
    if (!line) throw new Error(words[0]?.['message'] ?? 'the process ended without a word');
    return {
      pid: child.pid as number,
      url: line['url'] as string,
      adopted: Boolean(line['adopted']),
      said,
      stop: () => {
        child.stdin.write('stop\n');
        return ended;
      },
      end: (signal) => {
        child.kill(signal);
        return ended;
      },
    };
  });
  return { process: child, started };
}

/**
 * The launcher as another user would have it: outside this checkout, which that user may not be able to enter, and
 * without the links between libraries, as after an install with scripts turned off.
 */
function installedCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kwartier-installed-'));
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  mkdirSync(join(folder, 'embedded'));
  const sources = join(process.cwd(), 'libs/platform/src/embedded');
  for (const file of readdirSync(sources).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))) {
    const { code } = transformFileSync(join(sources, file), {
      swcrc: false,
      jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
      module: { type: 'es6' },
    });
    writeFileSync(join(folder, 'embedded', file.replace(/\.ts$/, '.js')), code);
  }
  copyPackages(folder, ['pg', 'embedded-postgres', `@embedded-postgres/${process.platform}-${process.arch}`]);
  return folder;
}

function copyPackages(folder: string, wanted: string[]): void {
  const require = createRequire(join(process.cwd(), 'package.json'));
  const copied = new Set<string>();
  for (const name of wanted) {
    const from = require.resolve
      .paths(name)
      ?.map((modules) => join(modules, name))
      .find((path) => existsSync(path));
    if (!from || copied.has(name)) continue;
    copied.add(name);
    const isLink = (path: string): boolean => lstatSync(path).isSymbolicLink();
    cpSync(from, join(folder, 'node_modules', name), { recursive: true, filter: (path) => !isLink(path) });
    const { dependencies = {} } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    wanted.push(...Object.keys(dependencies));
  }
}

/** Mode 700 and, when we are root, under a folder that nobody else may enter: the worst a newcomer's machine offers. */
function newHome(account?: { uid: number; gid: number }): string {
  const home = mkdtempSync(join(tmpdir(), 'kwartier-home-'));
  if (account) chownSync(home, account.uid, account.gid);
  return home;
}

function removeHome(home: string): void {
  const entry = join(home, 'postgres');
  if (lstatSync(entry, { throwIfNoEntry: false })?.isSymbolicLink()) {
    const place = readlinkSync(entry);
    if (basename(place).startsWith('kwartier-')) rmSync(place, { recursive: true, force: true });
  }
  const top = home
    .split(sep)
    .slice(0, tmpdir().split(sep).length + 1)
    .join(sep);
  rmSync(top, { recursive: true, force: true });
}

const halvesIn = (home: string): string[] =>
  existsSync(join(home, 'postgres')) ? readdirSync(placeOf(home)).filter((name) => name.startsWith('data.new-')) : [];

const serverOf = (home: string): number =>
  Number(readFileSync(join(placeOf(home), 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);

async function killServerOf(home: string): Promise<void> {
  if (!existsSync(join(home, 'postgres', 'data', 'postmaster.pid'))) return;
  const server = serverOf(home);
  if (server === process.pid || !isAlive(server)) return;
  process.kill(server, 'SIGQUIT');
  await until(() => !isAlive(server));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '');
  } catch {
    return false;
  }
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await pause(10);
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}
