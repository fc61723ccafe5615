import type { Instant } from '@kwartier/units';
import type { Revision } from '../domain/interval-value.js';

/** What was metered, as the rooms downstream read it: the latest revision of each point-interval. */
export abstract class Values {
  /** Of these points in one interval; points without a value are left out. */
  abstract at(pointIds: readonly string[], startsAt: Instant): Promise<ReadonlyMap<string, Revision>>;

  /** Of these points in any of these intervals, in no particular order. */
  abstract among(pointIds: readonly string[], starts: readonly Instant[]): Promise<readonly Revision[]>;

  /** Of one point from `from` up to `to`, ascending. */
  abstract series(pointId: string, from: Instant, to: Instant): Promise<readonly Revision[]>;

  /** How many intervals each point has values of, from `from` up to `to`. */
  abstract coverage(pointIds: readonly string[], from: Instant, to: Instant): Promise<ReadonlyMap<string, number>>;
}

/** Fills what is missing when the time of grace is over. */
export abstract class Estimation {
  /** Gives each of these points without a value one from its earlier days, flagged; a real register will correct it. */
  abstract fill(pointIds: readonly string[], startsAt: Instant): Promise<void>;
}

/** Told when a later register changes what was known of a point-interval. */
export const valuesCorrected = 'metering.values-corrected';
export interface ValuesCorrected {
  readonly zoneId: string;
  readonly startsAt: Instant;
}
