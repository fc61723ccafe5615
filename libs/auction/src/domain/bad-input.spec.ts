import type { ClearingRules } from './book/clearing.js';
import { type BookColumns, columnsOf } from './book/columns.js';
import { explainOrder } from './explain/explain-order.js';
import { clearNodal } from './nodal/clear-nodal.js';
import type { NodalBook } from './nodal/nodal-clearing.js';
import { pairTrades } from './pairing/pair-trades.js';
import { referenceClear } from './reference/reference-clear.js';
import { BadInput } from './bad-input.js';
import { clearUniform } from './uniform/clear-uniform.js';
import { LiveBook } from './uniform/live-book.js';
import { pivotalOwners } from './uniform/pivotal-owners.js';
import { certifyUniform, verifyUniform } from './uniform/verify-uniform.js';

// Whoever comes without TypeScript, or past it, gets an error that names what is wrong, and nothing else happens.

const orders = [
  { member: 0, side: 'SELL', tick: 9, energyWh: 7n },
  { member: 1, side: 'BUY', tick: 30, energyWh: 5n },
  { member: 2, side: 'BUY', tick: 28, energyWh: 4n },
] as const;
const book = columnsOf(orders);
const rules: ClearingRules = { priceRule: 'EQUILIBRIUM', tieStart: 0 };
const clearing = clearUniform(book, rules);

const refusalOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof BadInput) return `${error.refusal.code} at ${error.refusal.at}`;
    throw error;
  }
  return 'taken';
};

const badBooks: readonly [string, unknown, string][] = [
  ['no columns but orders', orders, 'OUT_OF_RANGE at count'],
  ['nothing at all', undefined, 'MALFORMED at book'],
  ['more orders than its columns hold', { ...book, count: 4 }, 'MALFORMED at columns'],
  ['a hundred million orders', { ...book, count: 1e8 }, 'TOO_MANY at count'],
  ['plain arrays', { ...book, wh: [7, 5, 4] }, 'MALFORMED at columns'],
  ['a negative energy', { ...book, wh: Int32Array.of(7, -5, 4) }, 'OUT_OF_RANGE at 1'],
  ['no energy', { ...book, wh: Int32Array.of(7, 5, 0) }, 'OUT_OF_RANGE at 2'],
  ['a negative member', { ...book, member: Int32Array.of(-1, 1, 2) }, 'OUT_OF_RANGE at 0'],
  ['a limit beside every grid', { ...book, limit: Uint16Array.of(19, 40_000, 56) }, 'OUT_OF_RANGE at 1'],
  ['another order than that of a book', { ...book, member: Int32Array.of(0, 2, 1) }, 'MALFORMED at 2'],
];

it.each(badBooks)('refuses a book with %s', (_, bad, refusal) => {
  const given = bad as BookColumns;
  for (const kind of ['WASM', 'JS'] as const) expect(refusalOf(() => clearUniform(given, rules, kind))).toBe(refusal);
  expect(verifyUniform(given, clearing, rules)).toMatch(/^the book is none/);
});

const badRules: readonly [string, unknown, string][] = [
  ['none', undefined, 'MALFORMED at rules'],
  ['a misspelt price rule', { ...rules, priceRule: 'EQUILIBRUM' }, 'MALFORMED at priceRule'],
  ['no start of the ties', { priceRule: 'EQUILIBRIUM' }, 'OUT_OF_RANGE at tieStart'],
  ['a negative start', { ...rules, tieStart: -1 }, 'OUT_OF_RANGE at tieStart'],
  ['half a start', { ...rules, tieStart: 0.5 }, 'OUT_OF_RANGE at tieStart'],
];

it.each(badRules)('refuses rules: %s', (_, bad, refusal) => {
  const given = bad as ClearingRules;
  expect(refusalOf(() => clearUniform(book, given))).toBe(refusal);
  expect(refusalOf(() => referenceClear(orders, given))).toBe(refusal);
  expect(refusalOf(() => new LiveBook(1).clear(given))).toBe(refusal);
  expect(verifyUniform(book, clearing, given)).toMatch(/^the rules are none/);
});

it('names what else it cannot take', () => {
  expect(refusalOf(() => referenceClear([orders[1], orders[0]], rules))).toBe('MALFORMED at 1');
  expect(refusalOf(() => new LiveBook(1e8))).toBe('OUT_OF_RANGE at capacity');
  expect(refusalOf(() => new LiveBook(10, 9000))).toBe('OUT_OF_RANGE at ticks');
  expect(refusalOf(() => pairTrades(book, Int32Array.of(7, 5, 1)))).toBe('CONTRADICTION at fillsWh');
  expect(refusalOf(() => pairTrades(book, Int32Array.of(7, 5)))).toBe('MALFORMED at fillsWh');
  expect(refusalOf(() => explainOrder(book, clearing, rules, 3))).toBe('UNKNOWN_ORDER at 3');
  expect(refusalOf(() => pivotalOwners(book, Int32Array.of(0), rules))).toBe('MALFORMED at owner');
  expect(refusalOf(() => certifyUniform(book, { ...clearing, priceTick: 1 }, rules))).toBe('CONTRADICTION at clearing');
  expect(refusalOf(() => clearUniform(book, rules, 'js' as 'JS'))).toBe('MALFORMED at kind');
});

it('takes no fills that are not whole numbers in a column', () => {
  for (const fillsWh of [Float64Array.of(7, 4.9, 2.1), ['7', '5', '2']])
    expect(verifyUniform(book, { ...clearing, fillsWh: fillsWh as unknown as Int32Array }, rules)).toBeDefined();
});

it('refuses a nodal book without nodes', () => {
  const network = {
    count: 1,
    parent: Int32Array.of(-1),
    importWh: new Int32Array(1),
    exportWh: new Int32Array(1),
    feeTicks: new Int32Array(1),
  };
  expect(clearNodal(book as NodalBook, network, rules)).toMatchObject({ ok: false, refusal: { code: 'MALFORMED' } });
});
