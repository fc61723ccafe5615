import { parentPort } from 'node:worker_threads';
import { clearTask } from './clear-task.js';
import type { TaskBatch } from './clearing-task.js';

// One thread of the pool: books come in as bytes, clearings go out, and their memory is handed over instead of copied.
parentPort!.on('message', (batch: TaskBatch) => {
  const cleared = batch.map(clearTask);
  const memory = cleared.flatMap((task) =>
    task.ok ? [task.value.clearing.fillsWh.buffer as ArrayBuffer, task.value.result.buffer as ArrayBuffer] : [],
  );
  parentPort!.postMessage(cleared, memory);
});
