import { type Checked, refused, taken } from '../refusal.js';
import type { ClearingRules, PriceRule } from './clearing.js';

/** Rules from outside, or why they are none. */
export function checkedRules(rules: ClearingRules): Checked<ClearingRules> {
  if (typeof rules !== 'object' || rules === null)
    return refused('MALFORMED', 'rules', 'a price rule and a start of the ties');
  const { priceRule, tieStart } = rules;
  const priced = checkedPriceRule(priceRule);
  if (!priced.ok) return priced;
  const started = checkedTieStart(tieStart);
  return started.ok ? taken({ priceRule, tieStart }) : started;
}

export const checkedTieStart = (tieStart: number): Checked<number> =>
  Number.isSafeInteger(tieStart) && tieStart >= 0
    ? taken(tieStart)
    : refused('OUT_OF_RANGE', 'tieStart', 'a whole number, not negative');

export const checkedPriceRule = (priceRule: PriceRule): Checked<PriceRule> =>
  priceRule === 'EQUILIBRIUM' || priceRule === 'SHARED_MARGIN'
    ? taken(priceRule)
    : refused('MALFORMED', 'priceRule', 'EQUILIBRIUM or SHARED_MARGIN');
