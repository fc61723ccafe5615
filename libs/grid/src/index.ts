export * from './application/network.port.js';
export * from './domain/connection.js';
export * from './domain/sum-of-homes.js';
