import { type Instant, type IntervalMinutes, isAligned, type Wh } from '@kwartier/units';
import type { RegisterTotals } from './readings-message.js';

/** Why a reading does not reach the market. It is kept with this reason, never dropped silently (P4). */
export type QuarantineCode =
  | 'OFF_THE_QUARTER'
  | 'IN_THE_FUTURE'
  | 'NOT_INSTALLED'
  | 'KEY_NOT_VALID'
  | 'GOES_BACK'
  | 'ABOVE_A_LATER_ONE'
  | 'ABOVE_THE_FUSE';

export type Verdict =
  | { readonly outcome: 'ACCEPTED' | 'DUPLICATE' | 'CONFLICT' }
  | { readonly outcome: 'QUARANTINED'; readonly code: QuarantineCode };

/** What is known about the point around a reading. */
export interface Surroundings {
  readonly length: IntervalMinutes;
  readonly now: Instant;
  /** What the connection carries; unknown where nobody said. */
  readonly limitW: number | undefined;
  readonly installed: boolean;
  readonly keyValid: boolean;
  /** The accepted reading of the same instant. */
  readonly standing: RegisterTotals | undefined;
  /** The nearest accepted totals of the same device on either side. */
  readonly before: RegisterTotals | undefined;
  readonly after: RegisterTotals | undefined;
}

/** A device's clock may be this far ahead of ours. */
export const mostAheadMs = 120_000;

/** Decides about one reading whose signature is good. */
export function judgeReading(reading: RegisterTotals, around: Surroundings): Verdict {
  if (!isAligned(reading.endsAt, around.length)) return quarantined('OFF_THE_QUARTER');
  if (reading.endsAt > around.now + mostAheadMs) return quarantined('IN_THE_FUTURE');
  if (!around.installed) return quarantined('NOT_INSTALLED');
  if (!around.keyValid) return quarantined('KEY_NOT_VALID');
  if (around.standing) return { outcome: sameTotals(around.standing, reading) ? 'DUPLICATE' : 'CONFLICT' };
  if (around.before && !rises(around.before, reading)) return quarantined('GOES_BACK');
  if (around.after && !rises(reading, around.after)) return quarantined('ABOVE_A_LATER_ONE');
  if (around.before && !fitsThrough(around.before, reading, around.limitW)) return quarantined('ABOVE_THE_FUSE');
  return { outcome: 'ACCEPTED' };
}

const quarantined = (code: QuarantineCode): Verdict => ({ outcome: 'QUARANTINED', code });

const sameTotals = (a: RegisterTotals, b: RegisterTotals): boolean =>
  a.importWh === b.importWh && a.exportWh === b.exportWh;

const rises = (earlier: RegisterTotals, later: RegisterTotals): boolean =>
  earlier.importWh <= later.importWh && earlier.exportWh <= later.exportWh;

/** Where nobody knows the fuse: what a packed delivery can hold. */
const mostUnlimitedWh = 2n ** 31n - 1n;

/** What the fuse lets through in the time between, with a tenth more: fuses are slow, and one Wh for the rounding of totals. */
function fitsThrough(before: RegisterTotals, reading: RegisterTotals, limitW: number | undefined): boolean {
  const most =
    limitW === undefined
      ? mostUnlimitedWh
      : (BigInt(limitW) * 11n * BigInt(reading.endsAt - before.endsAt)) / 36_000_000n + 1n;
  const within = (from: Wh, to: Wh) => to - from <= most;
  return within(before.importWh, reading.importWh) && within(before.exportWh, reading.exportWh);
}
