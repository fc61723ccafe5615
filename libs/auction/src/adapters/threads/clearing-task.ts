import type { ClearingColumns } from '../../domain/book/columns.js';
import type { ClearingRules } from '../../domain/book/clearing.js';
import type { Checked } from '../../domain/refusal.js';

/** One auction to clear: a frozen book as bytes (Book v1, `docs/formats.md`), for which nobody has to trust the sender. */
export interface ClearingTask {
  readonly book: Uint8Array;
  readonly tickCount: number;
  readonly rules: ClearingRules;
}

export interface ClearedTask {
  readonly clearing: ClearingColumns;
  /** Result v1 of the same clearing. */
  readonly result: Uint8Array;
}

/** What goes to a worker and comes back: many small auctions share the price of one message. */
export type TaskBatch = readonly ClearingTask[];
export type ClearedBatch = readonly Checked<ClearedTask>[];
