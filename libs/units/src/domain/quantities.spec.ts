import fc from 'fast-check';
import { addNano, addWh, cost, lessWh, microPerKwh, minWh, nano, negate, registerOf, sumWh, wh } from './quantities.js';

const anyEnergy = fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n }).map(wh);

describe('quantities', () => {
  it('turn energy at a price into nano-credits, exactly: 790 Wh at 0.17 are 0.1343', () => {
    expect(cost(wh(790n), microPerKwh(170_000n))).toBe(134_300_000n);
    expect(cost(wh(1n), microPerKwh(-1n))).toBe(-1n);
    expect(cost(wh(2n ** 53n + 1n), microPerKwh(3n))).toBe(27_021_597_764_222_979n);
  });

  it('cost the same in parts as in one piece', () => {
    const price = fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n }).map(microPerKwh);
    fc.assert(
      fc.property(anyEnergy, anyEnergy, price, (a, b, each) => {
        expect(addNano(cost(a, each), cost(b, each))).toBe(cost(addWh(a, b), each));
        expect(negate(cost(a, each))).toBe(cost(lessWh(wh(0n), a), each));
      }),
    );
  });

  it('add up', () => {
    fc.assert(
      fc.property(fc.array(anyEnergy), (all) => {
        expect(sumWh(all)).toBe(all.reduce(addWh, wh(0n)));
        expect(all.every((one) => all.reduce(minWh) <= one)).toBe(true);
      }),
    );
    expect(negate(nano(5n))).toBe(-5n);
  });

  it('meter what an order promises on the register of its side', () => {
    expect([registerOf('BUY'), registerOf('SELL')]).toEqual(['IMPORT', 'EXPORT']);
  });
});
