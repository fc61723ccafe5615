import { microPerKwh, wh } from '@kwartier/units';
import fc from 'fast-check';
import { lineMoney } from './statement-line.js';

const prices = {
  priceMicroPerKwh: microPerKwh(200_000n),
  buyerFeeMicroPerKwh: microPerKwh(5_000n),
  sellerFeeMicroPerKwh: microPerKwh(1_000n),
  retailMicroPerKwh: microPerKwh(320_000n),
  feedInMicroPerKwh: microPerKwh(80_000n),
};

describe('lineMoney', () => {
  it('keeps the neighbours and the supplier apart, and says what was saved', () => {
    const line = lineMoney({ ...prices, importWh: wh(600n), exportWh: wh(0n), boughtWh: wh(350n), soldWh: wh(0n) });
    expect(line).toEqual({
      localPaidNano: 70_000_000n,
      localEarnedNano: 0n,
      feesNano: 1_750_000n,
      supplierPaidNano: 80_000_000n,
      supplierEarnedNano: 0n,
      ownTariffNano: 192_000_000n,
      savedNano: 40_250_000n,
    });
  });

  it('saves nothing where nothing was traded', () => {
    const line = lineMoney({
      ...prices,
      priceMicroPerKwh: undefined,
      importWh: wh(10n),
      exportWh: wh(3n),
      boughtWh: wh(0n),
      soldWh: wh(0n),
    });
    expect(line).toMatchObject({ savedNano: 0n, ownTariffNano: 10n * 320_000n - 3n * 80_000n });
  });

  it('leaves nobody worse off at any price within the terms', () => {
    const price = fc.bigInt({ min: 81_000n, max: 315_000n });
    const energy = fc.bigInt({ min: 0n, max: 10_000n });
    fc.assert(
      fc.property(price, energy, energy, energy, energy, (micro, bought, more, sold, rest) => {
        const line = lineMoney({
          ...prices,
          priceMicroPerKwh: microPerKwh(micro),
          importWh: wh(bought + more),
          exportWh: wh(sold + rest),
          boughtWh: wh(bought),
          soldWh: wh(sold),
        });
        expect(line.savedNano >= 0n).toBe(true);
      }),
    );
  });
});
