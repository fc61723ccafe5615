export * from './application/ledger.port.js';
export * from './domain/account.js';
export * from './domain/posting.js';
