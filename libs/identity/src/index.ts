export * from './application/access.port.js';
export * from './application/register.port.js';
export * from './domain/register.js';
export * from './domain/validity.js';
export * from './domain/viewer.js';
