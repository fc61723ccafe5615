import { formatInstant, parseInstant } from '@kwartier/units';
import fc from 'fast-check';
import { blend, isWeekend, medianIndex, mostDaysBack, quantiles, sameQuarter } from './blend.js';
import { forecastPoint } from './forecast-point.js';

const at = (text: string) => parseInstant(text)!;
const always = (value: number | undefined) => Array.from({ length: mostDaysBack }, () => value);
const workdays = Array.from({ length: mostDaysBack }, (_, i) => i % 7 < 5);

describe('blend', () => {
  it('blends yesterday, last week, seven days, 28 days and the same weekday in fixed shares', () => {
    const history = always(100);
    history[0] = 300;
    const expected = 0.15 * 300 + 0.1 * 100 + 0.3 * (900 / 7) + 0.2 * 100 + 0.2 * 100;
    expect(blend(history, workdays).wh[medianIndex]).toBe(Math.round(expected));
  });

  it.each([
    [42, 3],
    [14, 3],
    [13, 4],
    [7, 4],
    [6, 6],
    [1, 6],
    [0, 7],
  ])('with %i days known it stands on level %i', (known, level) => {
    const history = always(undefined).map((_, i) => (i < known ? 50 : undefined));
    expect(blend(history, workdays).level).toBe(level);
  });

  it('takes its spread from days of the same class', () => {
    const history = workdays.map((workday) => (workday ? 200 : 1_000));
    expect(blend(history, workdays).wh.at(-1)).toBeLessThan(500);
  });

  it('always rises through its quantiles, never below nothing', () => {
    const day = fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(day, { minLength: mostDaysBack, maxLength: mostDaysBack }), (history) => {
        const { wh } = blend(history, workdays);
        expect(wh).toHaveLength(quantiles.length);
        expect(wh[0]).toBeGreaterThanOrEqual(0);
        for (let i = 1; i < wh.length; i++) expect(wh[i]).toBeGreaterThanOrEqual(wh[i - 1]!);
      }),
    );
  });
});

describe('sameQuarter', () => {
  it.each([
    ['2026-06-22T12:00:00Z', 1, '2026-06-21T12:00:00Z'],
    ['2026-10-26T12:00:00Z', 1, '2026-10-25T12:00:00Z'],
    ['2026-10-26T12:00:00Z', 2, '2026-10-24T11:00:00Z'],
    ['2026-03-30T12:00:00Z', 2, '2026-03-28T13:00:00Z'],
    ['2026-10-25T22:30:00Z', 1, '2026-10-24T21:30:00Z'],
  ])('%s, %i days back by the wall clock, is %s', (now, back, then) => {
    expect(formatInstant(sameQuarter(at(now), back, 'Europe/Berlin'))).toBe(then);
  });

  it('knows the local weekend', () => {
    expect(isWeekend(at('2026-06-19T21:45:00Z'), 'Europe/Berlin')).toBe(false);
    expect(isWeekend(at('2026-06-19T22:00:00Z'), 'Europe/Berlin')).toBe(true);
  });
});

describe('forecastPoint', () => {
  const day = { importWh: 120, exportWh: 0 };

  it('gives equal inputs an equal hash and others another', () => {
    const history = Array.from({ length: mostDaysBack }, () => day);
    const one = forecastPoint('a', at('2026-06-22T12:00:00Z'), at('2026-06-22T10:00:00Z'), history, workdays);
    const same = forecastPoint('b', at('2026-06-22T12:00:00Z'), at('2026-06-22T11:00:00Z'), history, workdays);
    const other = forecastPoint(
      'a',
      one.startsAt,
      one.issuedAt,
      [{ ...day, importWh: 121 }, ...history.slice(1)],
      workdays,
    );
    expect(same.inputsHash).toBe(one.inputsHash);
    expect(other.inputsHash).not.toBe(one.inputsHash);
  });

  it('keeps import and export apart', () => {
    const both = Array.from({ length: mostDaysBack }, () => ({ importWh: 200, exportWh: 100 }));
    const { importWh, exportWh } = forecastPoint(
      'a',
      at('2026-06-22T12:00:00Z'),
      at('2026-06-22T10:00:00Z'),
      both,
      workdays,
    );
    expect([importWh[medianIndex], exportWh[medianIndex]]).toEqual([190, 95]);
  });
});
