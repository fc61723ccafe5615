import { later, minutes, parseInstant, wh } from '@kwartier/units';
import fc from 'fast-check';
import { type Energy, provisional, type Term, valuesBetween, virtualValue } from './interval-value.js';

const noon = parseInstant('2026-06-21T12:00:00Z')!;
const totals = (quarters: number, importWh: bigint, exportWh = 0n) => ({
  endsAt: later(noon, minutes(15 * quarters)),
  importWh: wh(importWh),
  exportWh: wh(exportWh),
});
const energy = (importWh: bigint, exportWh = 0n): Energy => ({ importWh: wh(importWh), exportWh: wh(exportWh) });
const none = () => undefined;

describe('valuesBetween', () => {
  it('measures one interval between neighbouring registers', () => {
    expect(valuesBetween(totals(0, 100n, 5n), totals(1, 130n, 9n), 15, none)).toEqual([
      { startsAt: noon, quality: 'MEASURED', importWh: 30n, exportWh: 4n },
    ]);
  });

  it('estimates a gap evenly, the odd Wh first, where nothing is expected', () => {
    const values = valuesBetween(totals(0, 0n), totals(3, 100n), 15, none);
    expect(values.map(({ importWh, quality }) => [importWh, quality])).toEqual([
      [34n, 'ESTIMATED'],
      [33n, 'ESTIMATED'],
      [33n, 'ESTIMATED'],
    ]);
  });

  it('follows what is expected', () => {
    const expected = [energy(10n), energy(30n)];
    const values = valuesBetween(totals(0, 0n), totals(2, 400n), 15, (at) => expected[(at - noon) / minutes(15)]);
    expect(values.map(({ importWh }) => importWh)).toEqual([100n, 300n]);
  });

  it('sums to the difference of the registers, whatever is expected', () => {
    const amount = fc.bigInt({ min: 0n, max: 50_000n });
    const expectation = fc.array(fc.option(fc.record({ importWh: amount, exportWh: amount }), { nil: undefined }), {
      minLength: 12,
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), amount, amount, expectation, (quarters, taken, given, expected) => {
        const values = valuesBetween(totals(0, 7n, 3n), totals(quarters, 7n + taken, 3n + given), 15, (at) => {
          const one = expected[(at - noon) / minutes(15)];
          return one && energy(one.importWh, one.exportWh);
        });
        expect(values).toHaveLength(quarters);
        expect(values.reduce((sum, { importWh }) => sum + importWh, 0n)).toBe(taken);
        expect(values.reduce((sum, { exportWh }) => sum + exportWh, 0n)).toBe(given);
      }),
    );
  });

  it('stops the line where a register goes back', () => {
    expect(() => valuesBetween(totals(0, 10n), totals(1, 9n), 15, none)).toThrow('never go back');
  });
});

describe('provisional', () => {
  it('is the mean of earlier days, rounded down', () => {
    expect(provisional(noon, [energy(10n, 1n), energy(13n, 1n)])).toMatchObject({ importWh: 11n, exportWh: 1n });
  });

  it('is nothing where no day is known', () => {
    expect(provisional(noon, [])).toMatchObject({ importWh: 0n, exportWh: 0n, quality: 'ESTIMATED' });
  });
});

describe('virtualValue', () => {
  const terms: Term[] = [
    { register: 'IMPORT', overPointId: 'house', overRegister: 'IMPORT', factor: 1 },
    { register: 'IMPORT', overPointId: 'flat', overRegister: 'IMPORT', factor: -1 },
    { register: 'EXPORT', overPointId: 'house', overRegister: 'EXPORT', factor: 1 },
  ];
  const value = (importWh: bigint, exportWh: bigint, quality: 'MEASURED' | 'ESTIMATED' = 'MEASURED') => ({
    startsAt: noon,
    quality,
    ...energy(importWh, exportWh),
  });

  it('adds and subtracts registers of other points', () => {
    const values = new Map([
      ['house', value(500n, 40n)],
      ['flat', value(120n, 0n)],
    ]);
    expect(virtualValue({ startsAt: noon }, terms, (id) => values.get(id))).toEqual(value(380n, 40n));
  });

  it('is as good as its worst part, and never below zero', () => {
    const values = new Map([
      ['house', value(100n, 0n)],
      ['flat', value(120n, 0n, 'ESTIMATED')],
    ]);
    expect(virtualValue({ startsAt: noon }, terms, (id) => values.get(id))).toEqual(value(0n, 0n, 'ESTIMATED'));
  });

  it('waits for its parts', () => {
    expect(
      virtualValue({ startsAt: noon }, terms, (id) => (id === 'house' ? value(1n, 1n) : undefined)),
    ).toBeUndefined();
  });
});
