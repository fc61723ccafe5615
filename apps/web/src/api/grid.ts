import type { Happening, Question } from '../live/question.js';
import type { DateTime, WattHours } from './scalars.js';

/** The sums of one feeder in one interval; null where too few homes would show through. */
export interface GridBalance {
  readonly cellId: string;
  readonly cellName: string;
  readonly startsAt: DateTime;
  readonly importWh: WattHours | null;
  readonly exportWh: WattHours | null;
  readonly localWh: WattHours | null;
  readonly suppressed: boolean;
}

export interface TransformerLoad {
  readonly startsAt: DateTime;
  /** Towards the street; null while it is not metered yet. */
  readonly importWh: WattHours | null;
  /** Back to the grid. */
  readonly exportWh: WattHours | null;
  readonly forecast: {
    readonly importP10Wh: WattHours;
    readonly importP50Wh: WattHours;
    readonly importP90Wh: WattHours;
    readonly exportP10Wh: WattHours;
    readonly exportP50Wh: WattHours;
    readonly exportP90Wh: WattHours;
  } | null;
}

export interface ZonePeriod {
  readonly zoneId: string;
  readonly from: DateTime;
  readonly to: DateTime;
}

export const gridBalanceQuestion: Question<{ readonly gridBalance: readonly GridBalance[] }, ZonePeriod> = {
  text: `query GridBalance($zoneId: ID!, $from: DateTime!, $to: DateTime!) {
    gridBalance(zoneId: $zoneId, from: $from, to: $to) {
      cellId cellName startsAt importWh exportWh localWh suppressed
    }
  }`,
};

export const transformerLoadQuestion: Question<{ readonly transformerLoad: readonly TransformerLoad[] }, ZonePeriod> = {
  text: `query TransformerLoad($zoneId: ID!, $from: DateTime!, $to: DateTime!) {
    transformerLoad(zoneId: $zoneId, from: $from, to: $to) {
      startsAt importWh exportWh
      forecast { importP10Wh importP50Wh importP90Wh exportP10Wh exportP50Wh exportP90Wh }
    }
  }`,
};

export const balanceChanged = (zoneId: string): Happening => ({
  text: 'subscription Balance($zoneId: ID!) { balance(zoneId: $zoneId) { startsAt } }',
  variables: { zoneId },
});
