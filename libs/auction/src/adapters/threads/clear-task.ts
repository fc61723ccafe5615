import { readBook } from '../../domain/book/book-bytes.js';
import { writeResult } from '../../domain/book/result-bytes.js';
import { type Checked, taken } from '../../domain/refusal.js';
import { clearUniform } from '../../domain/uniform/clear-uniform.js';
import type { ClearedTask, ClearingTask } from './clearing-task.js';

/** Reads, clears and writes one auction. */
export function clearTask({ book, tickCount, rules }: ClearingTask): Checked<ClearedTask> {
  const read = readBook(book, tickCount);
  if (!read.ok) return read;
  const clearing = clearUniform(read.value, rules);
  return taken({ clearing, result: writeResult(clearing) });
}
