import { type IntervalMinutes, minutes, type Wh, wh } from '@kwartier/units';

export interface Feeder {
  readonly id: string;
  readonly zoneId: string;
  readonly name: string;
  /** What the line carries towards the homes, and back. */
  readonly limitImportW: number;
  readonly limitExportW: number;
}

/** Where a point hangs on the feeder tree, and what its fuse carries. */
export interface Connection {
  readonly pointId: string;
  readonly feederId: string;
  readonly limitW: number;
}

export interface Transformer {
  readonly zoneId: string;
  readonly pointId: string;
  readonly ratedW: number;
}

/** The most energy that a connection carries in one interval; rounded down. */
export const mostEnergyWh = (limitW: number, length: IntervalMinutes): Wh =>
  wh(BigInt(Math.floor((limitW * minutes(length)) / 3_600_000)));
