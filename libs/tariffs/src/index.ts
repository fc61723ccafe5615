export * from './application/tariffs.port.js';
export * from './domain/tariff.js';
