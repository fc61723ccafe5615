import type { Instant } from '@kwartier/units';

/** Half open: `[from, to)`; without an end it still holds. */
export interface Validity {
  readonly from: Instant;
  readonly to: Instant | undefined;
}

export const isValidAt = (validity: Validity, at: Instant): boolean =>
  validity.from <= at && (validity.to === undefined || at < validity.to);

/** The part of `validity` inside `[from, to)`, or undefined where they do not meet. */
export function overlap(validity: Validity, from: Instant, to: Instant): { from: Instant; to: Instant } | undefined {
  const start = validity.from > from ? validity.from : from;
  const end = validity.to !== undefined && validity.to < to ? validity.to : to;
  return start < end ? { from: start, to: end } : undefined;
}
