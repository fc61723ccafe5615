export * from './application/forecasts.port.js';
export { medianIndex, quantiles } from './domain/blend.js';
export * from './domain/forecast.js';
