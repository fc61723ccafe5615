import { drawStreet } from './draw-street.js';
import type { StreetPlan } from './street-plan.js';

/** A place of any size with the demo street's mixture, on feeders of about fifty homes. */
export const community = (homes: number, seed: number): StreetPlan =>
  drawStreet(
    {
      zoneId: `gemeinde-${homes}`,
      zoneName: `Gemeinde ${homes}`,
      homes,
      feeders: Math.max(1, Math.round(homes / 50)),
      schools: Math.round(homes / 250),
      bakeries: Math.round(homes / 150),
      withSolar: Math.round(homes * 0.4),
      withBattery: Math.round(homes * 0.15),
      withCar: Math.round(homes * 0.1),
    },
    seed,
  );
