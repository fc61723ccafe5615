import fc from 'fast-check';
import { packVarints } from '../../../testing/slow-varints.js';
import { decodeDelivered, encodeDelivered } from './delivered-bytes.js';

const energy = fc.bigInt({ min: 0n, max: 2n ** 31n - 1n });

describe('packed deliveries', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ importWh: energy, exportWh: energy })), (entries) => {
        expect(decodeDelivered(encodeDelivered(entries), entries.length)).toEqual({ ok: true, value: entries });
      }),
    );
  });

  it.each<[string, (number | bigint)[], number]>([
    ['bytes are missing', [5, 0, 7], 3],
    ['bytes are left over', [5, 0, 7, 0, 1], 4],
    ['an energy is out of range', [5, 0, 7, 2n ** 31n], 3],
  ])('of two members are refused because %s (%j)', (why, numbers, at) => {
    expect(decodeDelivered(packVarints(numbers), 2)).toEqual({ ok: false, refusal: { code: 'MALFORMED', at, why } });
  });

  it.each([-1n, 2n ** 31n])('never hold %p Wh', (importWh) => {
    expect(() => encodeDelivered([{ importWh, exportWh: 0n }])).toThrow('fits the format');
  });
});
