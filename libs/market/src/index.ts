export * from './application/market.port.js';
export * from './domain/interval.js';
export * from './domain/order.js';
export * from './domain/rules.js';
