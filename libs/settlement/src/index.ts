export * from './domain/deliver.js';
export * from './domain/statement-line.js';
