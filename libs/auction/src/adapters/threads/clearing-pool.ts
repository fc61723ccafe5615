import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Checked } from '../../domain/refusal.js';
import { checkedTask } from './checked-task.js';
import type { ClearedBatch, ClearedTask, ClearingTask, TaskBatch } from './clearing-task.js';

/** Why an auction was not cleared although nothing is wrong with it: ask again, elsewhere or later. */
export class ClearingPoolError extends Error {
  constructor(
    readonly code: 'WORKER_LOST' | 'POOL_CLOSED',
    message: string,
  ) {
    super(message);
  }
}

export interface ClearingPoolOptions {
  /** As many as there are processors, less the one that asks, and at least one, unless told. */
  readonly threads?: number;
  /** The compiled worker, a URL; beside this file unless told. */
  readonly worker?: { readonly href: string };
}

/** A message costs as much as clearing some thousand orders, so small books travel together. */
const batchBytes = 64 * 1024;

interface Job {
  readonly batch: TaskBatch;
  readonly done: (cleared: ClearedBatch) => void;
  readonly failed: (reason: ClearingPoolError) => void;
}

/**
 * Clears the auctions of many zones on several threads, each with an arena of its own. Threads are started when there is work
 * for them, do not keep the process alive when there is none, and are replaced when they die.
 */
export class ClearingPool {
  readonly #threads: number;
  readonly #file: URL;
  readonly #waiting: Job[] = [];
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Job>();
  #isClosed = false;

  constructor({
    threads = Math.max(1, availableParallelism() - 1),
    worker = new URL('./clearing-worker.js', import.meta.url),
  }: ClearingPoolOptions = {}) {
    this.#threads = threads;
    this.#file = new URL(worker.href);
  }

  /**
   * The clearings in the order of the tasks; a task that is none, or whose book cannot be read, is refused alone. Rejects with a `ClearingPoolError`
   * when a thread has died or the pool is closed.
   */
  async clearAll(tasks: readonly ClearingTask[]): Promise<Checked<ClearedTask>[]> {
    const checked = tasks.map(checkedTask);
    const sound = checked.flatMap((task) => (task.ok ? [task.value] : []));
    const batches = await Promise.all(batchesOf(sound).map((batch) => this.#clearBatch(batch)));
    const cleared = batches.flat().values();
    return checked.map((task) => (task.ok ? cleared.next().value! : task));
  }

  async clear(task: ClearingTask): Promise<Checked<ClearedTask>> {
    const [cleared] = await this.clearAll([task]);
    return cleared!;
  }

  /** Ends all threads; what has not been cleared by now is rejected with `POOL_CLOSED`. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const jobs = [...this.#busy.values(), ...this.#waiting.splice(0)];
    const workers = [...this.#busy.keys(), ...this.#idle.splice(0)];
    this.#busy.clear();
    for (const { failed } of jobs) failed(closed());
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  #clearBatch(batch: TaskBatch): Promise<ClearedBatch> {
    if (this.#isClosed) return Promise.reject(closed());
    return new Promise((done, failed) => {
      this.#waiting.push({ batch, done, failed });
      this.#handOut();
    });
  }

  #handOut(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#idle.pop() ?? this.#started();
      if (!worker) return;
      const job = this.#waiting.shift()!;
      this.#busy.set(worker, job);
      worker.ref();
      worker.postMessage(job.batch);
    }
  }

  #started(): Worker | undefined {
    if (this.#busy.size >= this.#threads) return undefined;
    const worker = new Worker(this.#file);
    worker.on('message', (cleared: ClearedBatch) => this.#finished(worker, cleared));
    let reason = 'it ended';
    worker.on('error', (error) => (reason = error.message));
    worker.on('exit', () => this.#lost(worker, reason));
    return worker;
  }

  #finished(worker: Worker, cleared: ClearedBatch): void {
    const job = this.#busy.get(worker);
    if (!job) return;
    this.#busy.delete(worker);
    worker.unref();
    this.#idle.push(worker);
    job.done(cleared);
    this.#handOut();
  }

  #lost(worker: Worker, reason: string): void {
    const job = this.#busy.get(worker);
    this.#busy.delete(worker);
    const place = this.#idle.indexOf(worker);
    if (place >= 0) this.#idle.splice(place, 1);
    job?.failed(new ClearingPoolError('WORKER_LOST', `A thread died over these auctions: ${reason}`));
    if (!this.#isClosed) this.#handOut();
  }
}

const closed = (): ClearingPoolError => new ClearingPoolError('POOL_CLOSED', 'The pool has been closed');

/** Neighbouring tasks until their books weigh enough. */
function batchesOf(tasks: readonly ClearingTask[]): ClearingTask[][] {
  const batches: ClearingTask[][] = [];
  let bytes = batchBytes;
  for (const task of tasks) {
    if (bytes >= batchBytes) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)!.push(task);
    bytes += task.book.byteLength;
  }
  return batches;
}
