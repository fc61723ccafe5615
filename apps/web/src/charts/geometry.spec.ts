import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bandPath, linear, niceMarks, stepPath } from './geometry.js';

const same = (value: number) => value;

describe('chart geometry', () => {
  it('maps the ends of the domain to the ends of the screen, also upside down', () => {
    const y = linear(-10, 30, 200, 0);
    expect([y(-10), y(0), y(30)]).toEqual([200, 150, 0]);
    expect(linear(5, 5, 0, 100)(5)).toBe(0);
  });

  it('draws steps, and a gap as a gap', () => {
    const steps = [
      { from: 0, to: 1, value: 5 },
      { from: 1, to: 2, value: 7 },
      { from: 3, to: 4, value: 6 },
    ];
    expect(stepPath(steps, same, same)).toBe('M0 5L1 5L1 7L2 7M3 6L4 6');
    expect(stepPath([], same, same)).toBe('');
  });

  it('closes a band for each stretch', () => {
    const band = [
      { from: 0, to: 1, low: 1, high: 4 },
      { from: 1, to: 2, low: 2, high: 5 },
      { from: 8, to: 9, low: 0, high: 1 },
    ];
    expect(bandPath(band, same, same)).toBe('M0 4L1 4L1 5L2 5L2 2L1 2L1 1L0 1ZM8 1L9 1L9 0L8 0Z');
  });

  it.each([
    [0, 35, 4, [0, 10, 20, 30]],
    [-3, 7, 5, [-2, 0, 2, 4, 6]],
    [0, 0.7, 4, [0, 0.2, 0.4, 0.6]],
    [0, 100, 5, [0, 20, 40, 60, 80, 100]],
    [4, 4, 5, [4]],
  ])('marks from %d to %d', (low, high, wanted, marks) => {
    expect(niceMarks(low, high, wanted)).toEqual(marks);
  });

  it('marks stay inside and stay few', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        (low, span) => {
          const marks = niceMarks(low, low + span, 4);
          const slack = span * 1e-6;
          expect(marks.every((mark) => mark >= low - slack && mark <= low + span + slack)).toBe(true);
          expect(marks.length).toBeLessThanOrEqual(5);
        },
      ),
    );
  });
});
