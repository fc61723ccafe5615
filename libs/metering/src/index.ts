export * from './application/values.port.js';
export * from './domain/interval-value.js';
export * from './domain/judge-reading.js';
export { readingsBytes, type SignedRegisters } from './domain/readings-bytes.js';
export * from './domain/readings-message.js';
