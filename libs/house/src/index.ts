export * from './house.module.js';
export * from './start-house.js';
