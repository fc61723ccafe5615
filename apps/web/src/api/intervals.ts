import type { Connection, Happening, Question } from '../live/question.js';
import type { DateTime, MicroCreditsPerKwh, WattHours } from './scalars.js';

export interface Interval {
  readonly startsAt: DateTime;
  readonly endsAt: DateTime;
  readonly gateClosesAt: DateTime;
  readonly clearing: {
    /** Null when nothing was traded. */
    readonly priceMicroPerKwh: MicroCreditsPerKwh | null;
    readonly volumeWh: WattHours;
    readonly orderCount: number;
  } | null;
}

/** Newest first. */
export const intervalsQuestion: Question<
  { readonly intervals: Connection<Interval> },
  { readonly zoneId: string; readonly from: DateTime; readonly to: DateTime }
> = {
  pages: 'intervals',
  text: `query Intervals($zoneId: ID!, $from: DateTime!, $to: DateTime!, $after: String) {
    intervals(zoneId: $zoneId, from: $from, to: $to, first: 100, after: $after) {
      edges { node { startsAt endsAt gateClosesAt clearing { priceMicroPerKwh volumeWh orderCount } } }
      pageInfo { hasNextPage endCursor }
    }
  }`,
};

export const intervalCleared = (zoneId: string): Happening => ({
  text: 'subscription IntervalCleared($zoneId: ID!) { intervalCleared(zoneId: $zoneId) { id } }',
  variables: { zoneId },
});
