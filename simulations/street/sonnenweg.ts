import { drawStreet } from './draw-street.js';
import type { StreetPlan } from './street-plan.js';

/** The demo street: small enough to know every house by its number, mixed enough to trade at most hours. */
export const sonnenweg = (seed: number): StreetPlan =>
  drawStreet(
    {
      zoneId: 'sonnenweg',
      zoneName: 'Sonnenweg',
      homes: 20,
      feeders: 2,
      schools: 1,
      bakeries: 1,
      withSolar: 8,
      withBattery: 3,
      withCar: 2,
    },
    seed,
  );
