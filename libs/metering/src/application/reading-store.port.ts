import type { Tx } from '@kwartier/platform';
import type { Instant, Page, PageRequest } from '@kwartier/units';
import type { IntervalValue, Revision } from '../domain/interval-value.js';
import type { QuarantineCode } from '../domain/judge-reading.js';
import type { ReadingsMessage, RegisterTotals } from '../domain/readings-message.js';

/** Accepted totals of one device around and inside a stretch of time, in ascending order. */
export interface Timeline {
  readonly before: RegisterTotals | undefined;
  readonly inside: readonly RegisterTotals[];
  readonly after: RegisterTotals | undefined;
  /** What another device of the point said inside the stretch. */
  readonly byOthers: readonly RegisterTotals[];
}

export interface Stretch {
  readonly pointId: string;
  readonly deviceId: string;
  readonly from: Instant;
  readonly to: Instant;
}

export interface Quarantined extends RegisterTotals {
  readonly code: QuarantineCode | 'CONFLICT';
}

/** What is kept of one message: the evidence, and what became of its readings. */
export interface Kept {
  readonly message: ReadingsMessage;
  readonly signedBytes: Uint8Array;
  readonly resolutionMinutes: number;
  readonly accepted: readonly RegisterTotals[];
  readonly quarantined: readonly Quarantined[];
}

export interface ReadingRow extends RegisterTotals {
  readonly deviceId: string;
  readonly source: 'DEVICE' | 'AUTHORITY';
  readonly version: number;
  readonly resolutionMinutes: number;
}

export interface PointValue extends IntervalValue {
  readonly pointId: string;
}

/** Readings and what follows from them. Nothing here is ever overwritten. */
export abstract class ReadingStore {
  /** Makes everyone else who writes for these points wait until the transaction ends. */
  abstract lockPoints(tx: Tx, pointIds: readonly string[]): Promise<void>;

  abstract timelines(tx: Tx, stretches: readonly Stretch[]): Promise<readonly Timeline[]>;

  abstract keep(tx: Tx, kept: readonly Kept[]): Promise<void>;

  /** The latest revisions of the named point-intervals, by `pointId/startsAt`. */
  abstract latest(
    tx: Tx,
    wanted: readonly { readonly pointId: string; readonly startsAt: Instant }[],
  ): Promise<ReadonlyMap<string, Revision>>;

  abstract addRevisions(tx: Tx, revisions: readonly Revision[]): Promise<void>;

  abstract listReadings(
    pointId: string,
    windows: readonly { readonly from: Instant; readonly to: Instant }[],
    page: PageRequest<readonly [number]>,
  ): Promise<Page<ReadingRow>>;

  /** Makes room for the months of this stretch. */
  abstract prepareMonths(from: Instant, to: Instant): Promise<void>;
}

export const valueKey = (pointId: string, startsAt: Instant): string => `${pointId}/${startsAt}`;
