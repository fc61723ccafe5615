/** Why the auction does not take what it was given. Nothing has changed when one is returned. */
export interface Refusal {
  readonly code: RefusalCode;
  /** Where the trouble is, as the caller named or numbered it. */
  readonly at: string | number;
  /** What was expected there. */
  readonly why: string;
}

export type RefusalCode =
  | 'MALFORMED'
  | 'OUT_OF_RANGE'
  | 'TOO_MANY'
  | 'DUPLICATE'
  | 'UNKNOWN_NODE'
  | 'UNKNOWN_ORDER'
  | 'NOT_A_TREE'
  | 'CONTRADICTION';

export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export const taken = <T>(value: T): Checked<T> => ({ ok: true, value });
export const refused = (code: RefusalCode, at: string | number, why: string): Checked<never> => ({
  ok: false,
  refusal: { code, at, why },
});
