export * from './application/wishes.port.js';
export * from './domain/suggest-orders.js';
export * from './domain/wish.js';
