import type { MechanismName } from './mechanism-names.js';

const orders = ['orders', 'bids', 'asks'];

/** What each mechanism reads of a case. Ties matter only to those who split what is not enough for all. */
const readBy: Readonly<Record<MechanismName, readonly string[]>> = {
  uniform: [...orders, 'priceRule', 'tieStart'],
  nodal: ['orders', 'network', 'tieStart'],
  block: ['orders', 'priceRule', 'tieStart'],
  'unit-demand truthful': orders,
  'multi-unit reduction': orders,
  'pro-rata': ['quantities', 'available', 'tieStart'],
  'pay-as-bid': [...orders, 'tieStart'],
  'mid-market': [...orders, 'tieStart'],
  mcafee: orders,
  'trade-reduction': orders,
  sbba: [...orders, 'seed'],
  'muda-lottery': [...orders, 'seed'],
  'muda-vickrey': [...orders, 'tieStart', 'seed'],
  vcg: [...orders, 'tieStart'],
  'shared-gain': [...orders, 'tieStart'],
};

/** About the case, for people; no mechanism reads them. */
const aboutTheCase = ['id', 'mechanism', 'origin', 'units', 'expect', 'peer', 'notes'];

export const reads = (mechanism: MechanismName, word: string): boolean => readBy[mechanism].includes(word);

export const caseWords = (mechanism: MechanismName): string[] => [...readBy[mechanism], ...aboutTheCase];

export function orderWords(mechanism: MechanismName): string[] {
  const own: Partial<Record<MechanismName, string[]>> = { nodal: ['node'], block: ['type', 'minAcceptance'] };
  return ['id', 'side', 'qty', 'price', 'owner', ...(own[mechanism] ?? [])];
}
