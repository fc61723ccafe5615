import type { Question } from '../live/question.js';
import type { DateTime } from './scalars.js';

export interface SettlementStatus {
  readonly waitingBatches: number;
  readonly settledThrough: DateTime | null;
}

export const settlementStatusQuestion: Question<
  { readonly settlementStatus: SettlementStatus },
  { readonly zoneId: string }
> = {
  text: `query SettlementStatus($zoneId: ID!) {
    settlementStatus(zoneId: $zoneId) { waitingBatches settledThrough }
  }`,
};
