import type { Instant } from '@kwartier/units';
import type { Forecast } from '../domain/forecast.js';

export abstract class ForecastStore {
  abstract keep(forecasts: readonly Forecast[]): Promise<void>;

  /** The latest of each point for each of these intervals. */
  abstract latest(pointIds: readonly string[], starts: readonly Instant[]): Promise<readonly Forecast[]>;
}
