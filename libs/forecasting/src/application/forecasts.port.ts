import type { Instant } from '@kwartier/units';
import type { Forecast } from '../domain/forecast.js';

/** What will be metered, as far as it can be known. */
export abstract class Forecasts {
  /** Forecasts these points' interval now, keeps what it said and answers for every point. */
  abstract issue(
    zoneId: string,
    pointIds: readonly string[],
    startsAt: Instant,
  ): Promise<ReadonlyMap<string, Forecast>>;

  /** The latest that was said of these points' interval. */
  abstract latest(pointIds: readonly string[], startsAt: Instant): Promise<ReadonlyMap<string, Forecast>>;

  /** For every one of these intervals: what was last said before it ended, or else what would be said now. */
  abstract outlook(zoneId: string, pointId: string, starts: readonly Instant[]): Promise<readonly Forecast[]>;
}
