import type { Rules } from '@kwartier/market';
import { admit } from '@kwartier/market';
import { type Instant, microPerKwh, wh } from '@kwartier/units';
import fc from 'fast-check';
import { suggestOrders } from './suggest-orders.js';

const rules: Rules = {
  grid: { start: microPerKwh(0n), tick: microPerKwh(100n), count: 8_192 },
  priceRule: 'SHARED_MARGIN',
  buyerFeeMicroPerKwh: microPerKwh(5_000n),
  sellerFeeMicroPerKwh: microPerKwh(1_000n),
  tieRule: 'BY_INTERVAL',
  intervalMinutes: 15,
  undeliveredSharePpm: 0,
};
const own = { retailMicroPerKwh: microPerKwh(320_000n), feedInMicroPerKwh: microPerKwh(80_000n) };
const local = { preset: 'KEEP_IT_LOCAL', buyLimitMicroPerKwh: undefined, sellLimitMicroPerKwh: undefined } as const;
const expected = (importWh: bigint, exportWh: bigint) => ({ importWh: wh(importWh), exportWh: wh(exportWh) });
const limits = (wish: Parameters<typeof suggestOrders>[3]) =>
  suggestOrders(expected(300n, 200n), rules, own, wish).map(({ side, energyWh, limitMicroPerKwh }) => [
    side,
    energyWh,
    limitMicroPerKwh,
  ]);

describe('suggestOrders', () => {
  it('keeps it local: everything that beats the own tariff', () => {
    expect(limits(local)).toEqual([
      ['BUY', 300n, 315_000n],
      ['SELL', 200n, 81_000n],
    ]);
  });

  it('asks the other side for a third of the span when the price counts', () => {
    expect(limits({ ...local, preset: 'BEST_PRICE' })).toEqual([
      ['BUY', 300n, 237_000n],
      ['SELL', 200n, 159_000n],
    ]);
  });

  it('follows what was wished, rounded inward to the grid', () => {
    expect(
      limits({ ...local, buyLimitMicroPerKwh: microPerKwh(200_050n), sellLimitMicroPerKwh: microPerKwh(150_050n) }),
    ).toEqual([
      ['BUY', 300n, 200_000n],
      ['SELL', 200n, 150_100n],
    ]);
  });

  it.each([
    ['nothing is expected', expected(0n, 0n), local],
    ['the wish is below every price', expected(300n, 0n), { ...local, buyLimitMicroPerKwh: microPerKwh(-1n) }],
    ['the wish is above every price', expected(0n, 300n), { ...local, sellLimitMicroPerKwh: microPerKwh(900_000n) }],
  ])('places nothing where %s', (_, expectation, wish) => {
    expect(suggestOrders(expectation, rules, own, wish)).toEqual([]);
  });

  it('only suggests what the market admits, whatever is wished', () => {
    const price = fc.option(fc.bigInt({ min: -100_000n, max: 1_000_000n }), { nil: undefined });
    const preset = fc.constantFrom('KEEP_IT_LOCAL' as const, 'BEST_PRICE' as const);
    fc.assert(
      fc.property(
        price,
        price,
        preset,
        fc.bigInt(-50_000n, 850_000n),
        fc.bigInt(0n, 500_000n),
        (buy, sell, how, feedIn, more) => {
          const prices = { retailMicroPerKwh: microPerKwh(feedIn + more), feedInMicroPerKwh: microPerKwh(feedIn) };
          const wish = {
            preset: how,
            buyLimitMicroPerKwh: buy === undefined ? undefined : microPerKwh(buy),
            sellLimitMicroPerKwh: sell === undefined ? undefined : microPerKwh(sell),
          };
          for (const suggestion of suggestOrders(expected(10n, 20n), rules, prices, wish)) {
            const order = {
              ...suggestion,
              clientId: 'c',
              participantId: 'p',
              pointId: 'p',
              zoneId: 'z',
              startsAt: 0 as Instant,
            };
            expect(admit(order, rules, prices, wh(20n)).ok).toBe(true);
          }
        },
      ),
    );
  });
});
