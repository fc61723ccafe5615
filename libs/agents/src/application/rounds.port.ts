import type { Instant } from '@kwartier/units';

/** An interval and the round of orders that is due in it. */
export interface DueRound {
  readonly zoneId: string;
  readonly startsAt: Instant;
  /** `FIRST` when the book opens, `LAST` shortly before its gate, `METERED` when the values are in. */
  readonly round: Round;
}

export type Round = 'FIRST' | 'LAST' | 'METERED';

/** Which rounds of orders were made. */
export abstract class Rounds {
  abstract due(lastMsBefore: number, most: number): Promise<readonly DueRound[]>;

  abstract done(round: DueRound): Promise<void>;
}
