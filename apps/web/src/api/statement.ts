import type { Connection, Happening, Question } from '../live/question.js';
import type { DateTime, MicroCreditsPerKwh, NanoCredits, WattHours } from './scalars.js';

export interface Statement {
  readonly localPaidNano: NanoCredits;
  readonly localEarnedNano: NanoCredits;
  readonly feesNano: NanoCredits;
  readonly supplierPaidNano: NanoCredits;
  readonly supplierEarnedNano: NanoCredits;
  /** What the day would cost with the own tariff alone; below zero when it would earn. */
  readonly ownTariffNano: NanoCredits;
  readonly netNano: NanoCredits;
  readonly savedNano: NanoCredits;
  readonly tariffName: string;
  readonly intervals: number;
  readonly estimatedIntervals: number;
}

export interface StatementLine {
  readonly startsAt: DateTime;
  readonly importWh: WattHours;
  readonly exportWh: WattHours;
  readonly boughtWh: WattHours;
  readonly soldWh: WattHours;
  readonly priceMicroPerKwh: MicroCreditsPerKwh | null;
  readonly retailMicroPerKwh: MicroCreditsPerKwh;
  readonly feedInMicroPerKwh: MicroCreditsPerKwh;
  readonly savedNano: NanoCredits;
}

export interface StatementVariables {
  readonly pointId: string;
  readonly from: DateTime;
  readonly to: DateTime;
}

export const statementQuestion: Question<{ readonly statement: Statement }, StatementVariables> = {
  text: `query Statement($pointId: ID!, $from: DateTime!, $to: DateTime!) {
    statement(pointId: $pointId, from: $from, to: $to) {
      localPaidNano localEarnedNano feesNano supplierPaidNano supplierEarnedNano
      ownTariffNano netNano savedNano tariffName intervals estimatedIntervals
    }
  }`,
};

/** Oldest first. */
export const statementLinesQuestion: Question<
  { readonly statementLines: Connection<StatementLine> },
  StatementVariables
> = {
  pages: 'statementLines',
  text: `query StatementLines($pointId: ID!, $from: DateTime!, $to: DateTime!, $after: String) {
    statementLines(pointId: $pointId, from: $from, to: $to, first: 100, after: $after) {
      edges {
        node {
          startsAt importWh exportWh boughtWh soldWh
          priceMicroPerKwh retailMicroPerKwh feedInMicroPerKwh savedNano
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }`,
};

export const statementUpdated = (pointId: string): Happening => ({
  text: 'subscription StatementUpdated($pointId: ID!) { statementUpdated(pointId: $pointId) { startsAt } }',
  variables: { pointId },
});
