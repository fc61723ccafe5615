import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectionString, databaseName } from '../../libs/platform/src/embedded/postgres-client.js';
import { type Postmaster, runningOn, shutDown } from '../../libs/platform/src/embedded/postmaster.js';
import { birthOf } from '../../libs/platform/src/embedded/process-facts.js';
import { type ProcessFacts, runningProcesses, treeOf } from './process-table.js';

export interface ProductOptions {
  readonly home: string;
  readonly words?: readonly string[];
  /** On top of any free ports; `undefined` unsets. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A process that was seen alive; its id may later be somebody else's. */
type Seen = ProcessFacts & { readonly birth: string | undefined };

const prefix = 'kwartier-product-';
const program = join(import.meta.dirname, '../../scripts/start.mjs');
const patienceMs = 90_000;

/** The product as a person starts it: the built program in a process group of its own, with everything that it starts. */
export class Product {
  readonly home: string;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  private readonly child: ChildProcess;
  private words = '';

  constructor({ home, words = [], env = {} }: ProductOptions) {
    this.home = home;
    const { PATH = '', HOME = home, TMPDIR = tmpdir() } = process.env;
    this.child = spawn(process.execPath, [program, '--home', home, ...words], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH, HOME, TMPDIR, PORT: '0', MQTT_PORT: '0', ...env },
    });
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => (this.words += text));
    this.ended = new Promise((ended, failed) => {
      this.child.once('error', failed);
      this.child.once('close', (code, signal) => ended(code ?? signal ?? 1));
    });
  }

  /** What it printed. */
  get said(): string {
    return this.words;
  }

  /** Waits until it prints something; ending before is a failure that shows what it printed instead. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    return until(`"${pattern.source}" is printed`, () => {
      const found = pattern.exec(this.words);
      if (!found && this.hasEnded) throw new Error(`It ended before it said ${pattern.source}:\n${this.words}`);
      return found;
    }).catch((error: Error) => {
      throw new Error(`${error.message}; it printed:\n${this.words}`);
    });
  }

  async url(): Promise<string> {
    return (await this.says(/page +(http:\S+)/))[1]!;
  }

  async mqttUrl(): Promise<string> {
    return (await this.says(/meters +(mqtt:\S+)/))[1]!;
  }

  /** The data of an answer that must have no errors. */
  async ask(token: string, query: string, variables: object = {}): Promise<any> {
    const { data, errors } = await this.answer(token, query, variables);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  async answer(token: string, query: string, variables: object = {}): Promise<any> {
    const response = await fetch(`${await this.url()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    return response.json();
  }

  /** Ctrl-C: the terminal tells the whole group. */
  async interrupt(): Promise<number | NodeJS.Signals> {
    process.kill(-this.child.pid!, 'SIGINT');
    return this.ended;
  }

  /** `kill -9` of the program alone; its PostgreSQL lives on. */
  async killProgram(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** `kill -9` of the program, its PostgreSQL and all that they started; parents first, so that nobody tidies up. */
  async killEverything(): Promise<void> {
    const all = this.processes();
    for (const { pid } of all) endNow(pid);
    await until('all of it is gone', () => all.every(isGone));
    await this.ended;
  }

  /** Everything of it that runs now. */
  processes(): readonly Seen[] {
    const database = databaseOf(this.home);
    const roots = [this.child.pid!, ...(database ? [database.pid] : [])];
    return treeOf(runningProcesses(), roots).map((one) => ({ ...one, birth: birthOf(one.pid) }));
  }

  private get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}

/** A folder of our own that the account which runs PostgreSQL for root may enter. */
export async function newHome(): Promise<string> {
  await sweep();
  const home = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  chmodSync(home, 0o711);
  return home;
}

/** Ends whatever still runs in a home, and removes it. */
export async function removeHome(home: string): Promise<void> {
  const owner = lockOwnerOf(home);
  if (owner) endNow(owner);
  const database = databaseOf(home);
  if (database) await shutDown(database);
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}

export const databaseOf = (home: string): Postmaster | undefined => runningOn(join(home, 'postgres', 'data'));

/** How to reach the database of a home past the product. */
export function databaseUrlOf(home: string): string {
  const server = databaseOf(home);
  if (!server) throw new Error(`No PostgreSQL runs in ${home}`);
  const password = readFileSync(join(home, 'postgres', 'password'), 'utf8').trim();
  return connectionString(server, password, databaseName);
}

export const isGone = ({ pid, birth }: Seen): boolean => birthOf(pid) !== birth || birth === undefined;

/** Asks again and again until there is an answer that is not empty. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  everyMs = 25,
): Promise<NonNullable<Exclude<T, false>>> {
  const begun = performance.now();
  for (;;) {
    const found = await look();
    if (found) return found as NonNullable<Exclude<T, false>>;
    if (performance.now() - begun > patienceMs) throw new Error(`Waited in vain until ${what}`);
    await pause(everyMs);
  }
}

/** Products and folders of test runs that were killed. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix)))
    if (birthOf(Number(name.slice(prefix.length).split('-')[0])) === undefined) await removeHome(join(tmpdir(), name));
}

function lockOwnerOf(home: string): number | undefined {
  try {
    const [pid, ...birth] = readFileSync(join(home, 'postgres', 'lock'), 'utf8').split(' ');
    return birthOf(Number(pid)) === birth.join(' ') ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}

function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
