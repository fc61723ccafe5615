import { type Checked, refused, taken } from '../refusal.js';
import type { ClearingRules, PriceRule } from './clearing.js';

/** Rules from outside, or why they are none. */
export function checkedRules(rules: ClearingRules): Checked<ClearingRules> {
  if (typeof rules !== 'object' || rules === null)
    return refused('MALFORMED', 'rules', 'a price rule and a start of the ties');
  const { priceRule, tieStart } = rules;
  const priced = checkedPriceRule(priceRule);
  if (!priced.ok) return priced;
  if (!Number.isSafeInteger(tieStart) || tieStart < 0)
    return refused('OUT_OF_RANGE', 'rules.tieStart', 'a whole number, not negative');
  return taken({ priceRule, tieStart });
}

export const checkedPriceRule = (priceRule: PriceRule): Checked<PriceRule> =>
  priceRule === 'EQUILIBRIUM' || priceRule === 'SHARED_MARGIN'
    ? taken(priceRule)
    : refused('MALFORMED', 'rules.priceRule', 'EQUILIBRIUM or SHARED_MARGIN');
