import type { Instant } from '@kwartier/units';
import type { Level } from './blend.js';

/** What a point will take and give in one interval, as seen at `issuedAt` from what was known then. */
export interface Forecast {
  readonly pointId: string;
  readonly startsAt: Instant;
  readonly issuedAt: Instant;
  readonly model: string;
  readonly level: Level;
  /** Of everything that went in: the same hash means the same forecast. */
  readonly inputsHash: string;
  /** One per quantile of `quantiles`. */
  readonly importWh: readonly number[];
  readonly exportWh: readonly number[];
}
