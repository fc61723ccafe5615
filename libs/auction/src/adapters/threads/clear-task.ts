import { readBook } from '../../domain/book/book-bytes.js';
import { writeResult } from '../../domain/book/result-bytes.js';
import { type Checked, taken } from '../../domain/refusal.js';
import { checkedBook } from '../../domain/uniform/checked-book.js';
import { clearUniform } from '../../domain/uniform/clear-uniform.js';
import { checkedTask } from './checked-task.js';
import type { ClearedTask, ClearingTask } from './clearing-task.js';

/** Reads, clears and writes one auction; a task that is none is refused. */
export function clearTask(task: ClearingTask): Checked<ClearedTask> {
  const checked = checkedTask(task);
  if (!checked.ok) return checked;
  const { book, tickCount, rules } = checked.value;
  const read = readBook(book, tickCount);
  if (!read.ok) return read;
  const sound = checkedBook(read.value);
  if (!sound.ok) return sound;
  const clearing = clearUniform(sound.value, rules);
  return taken({ clearing, result: writeResult(clearing) });
}
