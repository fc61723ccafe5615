import { microPerKwh, nano, type Side, wh } from '@kwartier/units';
import fc from 'fast-check';
import { chargeOf, deliver, entryKey, type FilledEntry } from './deliver.js';

const prices = {
  priceMicroPerKwh: microPerKwh(200_000n),
  buyerFeeMicroPerKwh: microPerKwh(5_000n),
  sellerFeeMicroPerKwh: microPerKwh(1_000n),
};
const rich = { means: () => nano(10n ** 15n) };
const names = ['anna', 'ben', 'carla', 'dora'];

/** `anna BUY 500 of 400`: filled 500, metered 400. */
function street(table: string) {
  const rows = table
    .trim()
    .split('\n')
    .map(
      (line) =>
        /(?<who>\w+)\s+(?<side>BUY|SELL)\s+(?<fill>\d+) of\s+(?<metered>\d+)\s+=> (?<local>\d+)/.exec(line)!.groups!,
    );
  const filled = rows.map(({ who, side, fill }): FilledEntry => ({
    member: names.indexOf(who!),
    side: side as Side,
    fillWh: wh(BigInt(fill!)),
  }));
  const metered = (member: number) => ({
    importWh: wh(
      BigInt(rows.find((row) => names.indexOf(row['who']!) === member && row['side'] === 'BUY')?.['metered'] ?? 0),
    ),
    exportWh: wh(
      BigInt(rows.find((row) => names.indexOf(row['who']!) === member && row['side'] === 'SELL')?.['metered'] ?? 0),
    ),
  });
  const expected = rows.map(({ who, side, local }) => [`${names.indexOf(who!)}/${side}`, BigInt(local!)]);
  return { filled, metered, expected };
}

describe('deliver', () => {
  it.each([
    [
      'everyone delivers',
      `
      anna  BUY   500 of 500 => 500
      ben   SELL  500 of 500 => 500`,
    ],
    [
      'the seller delivers less: the buyers are cut pro rata',
      `
      anna  BUY   600 of 600 => 300
      carla BUY   200 of 900 => 100
      ben   SELL  800 of 400 => 400`,
    ],
    [
      'a buyer takes less: the sellers are cut pro rata',
      `
      anna  BUY   600 of 100 => 100
      ben   SELL  400 of 400 => 67
      dora  SELL  200 of 200 => 33`,
    ],
    [
      'who takes more than was filled gets no more',
      `
      anna  BUY   300 of 900 => 300
      ben   SELL  300 of 800 => 300`,
    ],
  ])('%s', (_, table) => {
    const { filled, metered, expected } = street(table);
    const { local } = deliver(filled, metered, prices, 0, rich);
    expect(new Map(local.map((entry) => [entryKey(entry), entry.localWh]))).toEqual(
      new Map(expected as [string, bigint][]),
    );
  });

  it('counts the odd Wh from the place that the rules name', () => {
    const filled: FilledEntry[] = [
      { member: 0, side: 'BUY', fillWh: wh(1n) },
      { member: 1, side: 'BUY', fillWh: wh(1n) },
      { member: 2, side: 'SELL', fillWh: wh(1n) },
    ];
    const metered = () => ({ importWh: wh(9n), exportWh: wh(9n) });
    const buyers = [0, 1, 2].map((start) =>
      deliver(filled, metered, prices, start, rich)
        .local.filter(({ side }) => side === 'BUY')
        .map(({ localWh }) => localWh),
    );
    expect(buyers).toEqual([
      [1n, 0n],
      [0n, 1n],
      [1n, 0n],
    ]);
  });

  it('voids in run 1 what could not be paid, and later runs keep to that', () => {
    const filled: FilledEntry[] = [
      { member: 0, side: 'BUY', fillWh: wh(100n) },
      { member: 1, side: 'BUY', fillWh: wh(100n) },
      { member: 2, side: 'SELL', fillWh: wh(200n) },
    ];
    const metered = () => ({ importWh: wh(100n), exportWh: wh(200n) });
    const exact = nano(100n * 205_000n);
    const first = deliver(filled, metered, prices, 0, { means: (member) => (member === 0 ? nano(exact - 1n) : exact) });
    expect([...first.voided]).toEqual(['0/BUY']);
    expect(first.localWh).toBe(100n);
    const later = deliver(filled, metered, prices, 0, { voided: first.voided });
    expect(later.local).toEqual(first.local);
  });

  it('charges a seller only where the price does not cover the fee', () => {
    expect(chargeOf('SELL', wh(10n), prices)).toBe(0n);
    expect(chargeOf('SELL', wh(10n), { ...prices, priceMicroPerKwh: microPerKwh(-2_000n) })).toBe(30_000n);
    expect(chargeOf('BUY', wh(10n), { ...prices, priceMicroPerKwh: microPerKwh(-9_000n) })).toBe(0n);
  });

  it('lets nobody have more than was filled and metered, and buys what is sold', () => {
    const amount = fc.bigInt({ min: 0n, max: 5_000n });
    const entry = fc.record({ member: fc.nat(5), side: fc.constantFrom<Side>('BUY', 'SELL'), fill: amount });
    const meter = fc.array(fc.record({ importWh: amount, exportWh: amount }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 12 }), meter, fc.nat(1_000), (entries, meters, start) => {
        const filled = entries.map(({ member, side, fill }): FilledEntry => ({ member, side, fillWh: wh(fill) }));
        const metered = (member: number) => ({
          importWh: wh(meters[member]!.importWh),
          exportWh: wh(meters[member]!.exportWh),
        });
        const { local, localWh } = deliver(filled, metered, prices, start, rich);
        const sum = (side: Side) => local.reduce((all, one) => (one.side === side ? all + one.localWh : all), 0n);
        expect([sum('BUY'), sum('SELL')]).toEqual([localWh, localWh]);
        for (const one of local) {
          const fill = filled.filter((it) => entryKey(it) === entryKey(one)).reduce((all, it) => all + it.fillWh, 0n);
          const meteredWh = one.side === 'BUY' ? metered(one.member).importWh : metered(one.member).exportWh;
          expect(one.localWh <= fill && one.localWh <= meteredWh).toBe(true);
        }
      }),
    );
  });
});
