// The service door: what works with the auction but is no part of its pure middle.
export type { CaseResult, CaseValue } from './application/case-result.js';
export { clearCase, type ClearedCase } from './application/clear-case.js';
export { type MechanismName, mechanismNames } from './application/mechanism-names.js';
export { ClearingPool, ClearingPoolError, type ClearingPoolOptions } from './adapters/threads/clearing-pool.js';
export type { ClearedTask, ClearingTask } from './adapters/threads/clearing-task.js';
