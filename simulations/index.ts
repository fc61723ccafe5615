export { community } from './street/community.js';
export { deviceSeed } from './street/device-seed.js';
export type {
  BatteryPlan,
  CarPlan,
  FeederPlan,
  HomePlan,
  RatePlan,
  SolarPlan,
  StreetPlan,
  SupplierPlan,
  TariffPlan,
  TransformerPlan,
  ZonePlan,
} from './street/street-plan.js';
export { SimulatedStreet, type Registers } from './street/simulated-street.js';
export { sonnenweg } from './street/sonnenweg.js';
