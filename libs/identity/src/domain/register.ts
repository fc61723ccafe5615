import type { Instant, IntervalMinutes, Register, Wh } from '@kwartier/units';

/** Ids travel in topics, file names and logs, so their alphabet is small. */
export const isId = (text: string): boolean => /^[A-Za-z0-9_-]{1,64}$/.test(text);

export type ParticipantKind = 'HOME' | 'SCHOOL' | 'BAKERY' | 'BUSINESS' | 'PLANT' | 'GRID_OPERATOR';
export type PointKind = 'CONNECTION' | 'TRANSFORMER' | 'VIRTUAL';

export interface Zone {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  /** How long an auction's interval is. */
  readonly intervalMinutes: IntervalMinutes;
  /** Sums over fewer homes than this are nobody's to see. */
  readonly leastHomes: number;
}

export interface Participant {
  readonly id: string;
  readonly name: string;
  readonly kind: ParticipantKind;
}

export interface Point {
  readonly id: string;
  readonly zoneId: string;
  readonly kind: PointKind;
  readonly from: Instant;
}

/** A participant holds a point from moving in until moving out. */
export interface Holding {
  readonly pointId: string;
  readonly participantId: string;
  readonly from: Instant;
}

/** A device measures a point from its installation on; its registers stood at these totals then. */
export interface Installation {
  readonly pointId: string;
  readonly deviceId: string;
  readonly from: Instant;
  readonly startImportWh: Wh;
  readonly startExportWh: Wh;
}

export interface DeviceKey {
  readonly deviceId: string;
  readonly number: number;
  readonly publicKey: Uint8Array;
  readonly from: Instant;
}

/** One summand of a virtual point: `factor` times a register of another point goes into one of its own registers. */
export interface VirtualTerm {
  readonly pointId: string;
  readonly register: Register;
  readonly overPointId: string;
  readonly overRegister: Register;
  readonly factor: number;
}
