import type { Tx } from '@kwartier/platform';
import type { Instant, Page, PageRequest, Wh } from '@kwartier/units';
import type { LineInput, LineMoney } from '../domain/statement-line.js';

/** One settlement of an interval, as it was posted and as the chain will recompute it. */
export interface Run {
  readonly zoneId: string;
  readonly startsAt: Instant;
  readonly run: number;
  readonly delivered: Uint8Array;
  readonly voided: readonly string[];
  readonly localWh: Wh;
  readonly payloadHash: Uint8Array;
  readonly transactionId: string;
}

export type Quality = 'MEASURED' | 'ESTIMATED';

/** One interval of one home, as one run settled it. */
export interface Line extends Omit<LineInput, 'buyerFeeMicroPerKwh' | 'sellerFeeMicroPerKwh'>, LineMoney {
  readonly pointId: string;
  readonly participantId: string;
  readonly startsAt: Instant;
  readonly run: number;
  readonly quality: Quality;
  readonly tariffName: string;
}

export interface Totals extends LineMoney {
  readonly importWh: Wh;
  readonly exportWh: Wh;
  readonly boughtWh: Wh;
  readonly soldWh: Wh;
  readonly intervals: number;
  readonly estimatedIntervals: number;
  readonly tariffNames: readonly string[];
}

export interface CellSum {
  readonly cellId: string;
  readonly startsAt: Instant;
  readonly homes: number;
  readonly importWh: Wh;
  readonly exportWh: Wh;
  readonly localWh: Wh;
}

export interface Whose {
  readonly participantId: string | undefined;
  readonly from: Instant;
  readonly to: Instant;
}

/** Runs and the lines of statements. Written once; a later run adds its own. */
export abstract class SettlementStore {
  abstract lastRun(tx: Tx, zoneId: string, startsAt: Instant): Promise<Run | undefined>;

  abstract keepRun(tx: Tx, run: Run): Promise<void>;

  /** The lines of the latest run of each point in the interval. */
  abstract latestLines(tx: Tx, zoneId: string, startsAt: Instant): Promise<readonly Line[]>;

  abstract keepLines(tx: Tx, zoneId: string, lines: readonly Line[]): Promise<void>;

  abstract noteCorrections(
    tx: Tx,
    due: readonly { readonly zoneId: string; readonly startsAt: Instant }[],
  ): Promise<void>;

  abstract correctionsDue(most: number): Promise<readonly { readonly zoneId: string; readonly startsAt: Instant }[]>;

  abstract correctionDone(tx: Tx, zoneId: string, startsAt: Instant): Promise<void>;

  /** Through each point-interval's latest run, inside the windows. */
  abstract totals(pointId: string, windows: readonly Whose[]): Promise<Totals>;

  abstract listLines(
    pointId: string,
    windows: readonly Whose[],
    page: PageRequest<readonly [number]>,
  ): Promise<Page<Line>>;

  /** Sums over fixed cells of points. */
  abstract cellSums(
    cells: readonly { readonly pointId: string; readonly cellId: string }[],
    from: Instant,
    to: Instant,
  ): Promise<readonly CellSum[]>;

  abstract status(
    zoneId: string,
  ): Promise<{ readonly waitingBatches: number; readonly settledThrough: Instant | undefined }>;
}
