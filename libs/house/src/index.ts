export * from './house.module.js';
export * from './open-meter-door.js';
export * from './run-process.js';
export * from './start-house.js';
export { enrolStreet } from './simulated/enrol-street.js';
export { openMqttDoor } from './simulated/mqtt-door.js';
export { type MeterDoor, type MeterHabits, SimulatedMeters } from './simulated/simulated-meters.js';
