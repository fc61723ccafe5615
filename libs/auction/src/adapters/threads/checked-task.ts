import { mostTicks } from '../../domain/book/book.js';
import { checkedRules } from '../../domain/book/checked-rules.js';
import { type Checked, refused, taken } from '../../domain/refusal.js';
import type { ClearingTask } from './clearing-task.js';

/** A task as a thread takes it, with nothing beside it that could not travel, or why it is none. What the book holds is looked at when it is read. */
export function checkedTask(task: ClearingTask): Checked<ClearingTask> {
  if (!isObject(task)) return refused('MALFORMED', 'task', 'a task');
  const { book, tickCount, rules } = task;
  if (!(book instanceof Uint8Array)) return refused('MALFORMED', 'book', 'the bytes of a book');
  if (!Number.isSafeInteger(tickCount) || tickCount < 1 || tickCount > mostTicks)
    return refused('OUT_OF_RANGE', 'tickCount', `a whole number from 1 to ${mostTicks}`);
  const checked = checkedRules(rules);
  if (!checked.ok) {
    const { code, at, why } = checked.refusal;
    return refused(code, at === 'rules' ? at : `rules.${at}`, why);
  }
  // Memory that has been given away cannot be sent, not even the nothing that is left of it.
  const bytes = book.byteLength === 0 ? new Uint8Array() : book;
  return taken({ book: bytes, tickCount, rules: checked.value });
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
