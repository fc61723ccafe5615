import type { Checked, Refusal } from './refusal.js';

/** Thrown where a function that answers with its result alone is given what it cannot take. Nothing has changed then. */
export class BadInput extends Error {
  override readonly name = 'BadInput';

  constructor(readonly refusal: Refusal) {
    super(`${refusal.code} at ${refusal.at}: expected ${refusal.why}`);
  }
}

export function mustBe<T>(checked: Checked<T>): T {
  if (!checked.ok) throw new BadInput(checked.refusal);
  return checked.value;
}
