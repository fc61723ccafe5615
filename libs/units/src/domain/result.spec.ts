import { invariant } from './invariant.js';
import { accepted, refused, type Result } from './result.js';

const gate = (open: boolean): Result<number, { code: 'GATE_CLOSED'; closedAt: number }> =>
  open ? accepted(1) : refused({ code: 'GATE_CLOSED', closedAt: 5 });

describe('an answer', () => {
  it('is a value or a refusal with a name', () => {
    expect(gate(true)).toEqual({ ok: true, value: 1 });
    expect(gate(false)).toEqual({ ok: false, refusal: { code: 'GATE_CLOSED', closedAt: 5 } });
  });
});

describe('an invariant', () => {
  it('stops the line and says what must be true', () => {
    expect(() => invariant(1 + 1 === 2, 'sums add up')).not.toThrow();
    expect(() => invariant(0, 'bought is sold')).toThrow('Invariant broken: bought is sold');
  });
});
