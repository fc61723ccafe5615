import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { arbitraryBook, largeBooks } from '../../../testing/arbitrary-book.js';
import { encodeBook } from '../../domain/book/book-bytes.js';
import { mostTicks } from '../../domain/book/book.js';
import { clearTask } from './clear-task.js';
import { ClearingPool } from './clearing-pool.js';
import type { ClearingTask } from './clearing-task.js';

// Threads run what the build has made of the sources.
const worker = pathToFileURL(join(process.cwd(), 'dist/libs/auction/src/adapters/threads/clearing-worker.js'));
/** A grid of this length makes a worker of the tests die. */
const deadly = 13;

const rules = { priceRule: 'SHARED_MARGIN', tieStart: 7 } as const;
const tasks: ClearingTask[] = fc
  .sample(arbitraryBook(largeBooks), { seed: 4, numRuns: 200 })
  .map((book) => ({ book: encodeBook(book), tickCount: mostTicks, rules }));
const bad: ClearingTask = { book: Uint8Array.of(1, 2), tickCount: mostTicks, rules };
const killer: ClearingTask = { book: new Uint8Array(), tickCount: deadly, rules };

describe('the pool of threads', () => {
  let folder: string;
  let mortal: URL;
  let pool: ClearingPool;
  const open = (threads: number, file = worker): ClearingPool => (pool = new ClearingPool({ threads, worker: file }));

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kwartier-pool-'));
    const file = join(folder, 'mortal.mjs');
    writeFileSync(
      file,
      `import { parentPort } from 'node:worker_threads';
       const listen = parentPort.on.bind(parentPort);
       const isDeadly = (batch) => batch.some(({ tickCount }) => tickCount === ${deadly});
       parentPort.on = (name, answer) => listen(name, (batch) => (isDeadly(batch) ? process.exit(3) : answer(batch)));
       await import(${JSON.stringify(worker.href)});`,
    );
    mortal = pathToFileURL(file);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(() => pool.close());

  it.each([1, 2, 3])('of %i gives what one thread gives, in the order of the tasks', async (threads) => {
    const cleared = await open(threads).clearAll(tasks);
    expect(cleared).toEqual(tasks.map(clearTask));
  });

  it('leaves the books with whoever handed them in', async () => {
    const [task] = tasks;
    const before = Uint8Array.from(task!.book);
    await open(1).clear(task!);
    expect(task!.book).toEqual(before);
  });

  it('refuses the one book that cannot be read', async () => {
    const [first, second, third] = await open(1).clearAll([tasks[0]!, bad, tasks[1]!]);
    expect([first!.ok, second, third!.ok]).toMatchObject([true, { ok: false, refusal: { code: 'MALFORMED' } }, true]);
  });

  it('refuses the one task whose rules nobody knows, and clears the others', async () => {
    const [sound] = tasks;
    const strange: [unknown, code: string, at: string][] = [
      [undefined, 'MALFORMED', 'task'],
      [{ ...sound, book: undefined }, 'MALFORMED', 'book'],
      [{ ...sound, book: [1, 2] }, 'MALFORMED', 'book'],
      [{ ...sound, tickCount: 9000 }, 'OUT_OF_RANGE', 'tickCount'],
      [{ ...sound, tickCount: 0.5 }, 'OUT_OF_RANGE', 'tickCount'],
      [{ ...sound, rules: undefined }, 'MALFORMED', 'rules'],
      [{ ...sound, rules: { ...rules, tieStart: -1 } }, 'OUT_OF_RANGE', 'rules.tieStart'],
      [{ ...sound, rules: { ...rules, tieStart: 1.5 } }, 'OUT_OF_RANGE', 'rules.tieStart'],
      [{ ...sound, rules: { priceRule: 'EQUILIBRIUM' } }, 'OUT_OF_RANGE', 'rules.tieStart'],
      [{ ...sound, rules: { ...rules, priceRule: 'CHEAP' } }, 'MALFORMED', 'rules.priceRule'],
    ];
    const cleared = await open(1).clearAll([sound!, ...strange.map(([task]) => task as ClearingTask), tasks[1]!]);
    expect(cleared.at(0)).toEqual(clearTask(sound!));
    expect(cleared.at(-1)).toEqual(clearTask(tasks[1]!));
    strange.forEach(([task, code, at], i) => {
      expect(cleared[i + 1]).toMatchObject({ ok: false, refusal: { code, at } });
      expect(clearTask(task as ClearingTask)).toEqual(cleared[i + 1]);
    });
    expect(await pool.clear(strange[3]![0] as ClearingTask)).toEqual(cleared[4]);
  });

  it('sends no more of a task than belongs to it', async () => {
    const [sound] = tasks;
    const gone = Uint8Array.from(sound!.book);
    structuredClone(gone, { transfer: [gone.buffer] });
    const [cleared, empty] = await open(1).clearAll([
      { ...sound!, rules: { ...rules, log: () => undefined } as ClearingTask['rules'] },
      { ...sound!, book: gone },
    ]);
    expect(cleared).toEqual(clearTask(sound!));
    expect(empty).toEqual(clearTask({ ...sound!, book: new Uint8Array() }));
  });

  it('fails the task over which a thread dies, and goes on with another thread', async () => {
    open(1, mortal);
    const [lost, fine] = await Promise.allSettled([pool.clear(killer), pool.clear(tasks[0]!)]);
    expect(lost).toMatchObject({ status: 'rejected', reason: { code: 'WORKER_LOST' } });
    expect(fine).toEqual({ status: 'fulfilled', value: clearTask(tasks[0]!) });
    expect(await pool.clearAll(tasks)).toEqual(tasks.map(clearTask));
  });

  it('does not start threads for ever that cannot start', async () => {
    open(2, pathToFileURL(join(folder, 'missing.mjs')));
    await expect(pool.clear(tasks[0]!)).rejects.toMatchObject({ code: 'WORKER_LOST' });
    await expect(pool.clear(tasks[0]!)).rejects.toMatchObject({ code: 'WORKER_LOST' });
  });

  it('closes in the middle of its work and says so to those who wait', async () => {
    open(1);
    const waiting = Promise.allSettled(tasks.map((task) => pool.clear(task)));
    await pool.close();
    const lost = (await waiting).filter((one) => one.status === 'rejected');
    expect(lost.length).toBeGreaterThan(0);
    expect(new Set(lost.map(({ reason }) => (reason as { code: string }).code))).toEqual(new Set(['POOL_CLOSED']));
    await expect(pool.clear(tasks[0]!)).rejects.toMatchObject({ code: 'POOL_CLOSED' });
    await pool.close();
  });

  it('has nothing to do for no tasks', async () => {
    expect(await open(1).clearAll([])).toEqual([]);
  });
});
