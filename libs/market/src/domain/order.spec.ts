import { type Instant, microPerKwh, parseInstant, priceAt, wh } from '@kwartier/units';
import fc from 'fast-check';
import { admit, asksTheSame, mostOrderWh, type Order, termsOf, worstCase } from './order.js';
import type { Rules } from './rules.js';

const rules: Rules = {
  grid: { start: microPerKwh(0n), tick: microPerKwh(100n), count: 8_192 },
  priceRule: 'SHARED_MARGIN',
  buyerFeeMicroPerKwh: microPerKwh(5_000n),
  sellerFeeMicroPerKwh: microPerKwh(1_000n),
  tieRule: 'BY_INTERVAL',
  intervalMinutes: 15,
  undeliveredSharePpm: 0,
};
const own = { retailMicroPerKwh: microPerKwh(310_050n), feedInMicroPerKwh: microPerKwh(80_030n) };
const order = (change: Partial<Order> = {}): Order => ({
  clientId: 'a1',
  participantId: 'anna',
  pointId: 'p1',
  zoneId: 'sonnenweg',
  startsAt: parseInstant('2026-06-21T12:00:00Z') as Instant,
  side: 'BUY',
  energyWh: wh(500n),
  limitMicroPerKwh: microPerKwh(250_000n),
  ...change,
});
const room = wh(6_000n);

describe('termsOf', () => {
  it('rounds inward to the grid, charges included', () => {
    expect(priceAt(rules.grid, termsOf(rules, 'BUY', own)!.highestTick)).toBe(305_000n);
    expect(priceAt(rules.grid, termsOf(rules, 'SELL', own)!.lowestTick)).toBe(81_100n);
  });

  it('finds none where charges eat the gain', () => {
    expect(termsOf(rules, 'BUY', { ...own, retailMicroPerKwh: microPerKwh(4_999n) })).toBeUndefined();
    expect(termsOf(rules, 'SELL', { ...own, feedInMicroPerKwh: microPerKwh(819_000n) })).toBeUndefined();
  });

  it('never lets anyone trade at a worse price than their own', () => {
    const price = fc.bigInt({ min: -50_000n, max: 900_000n });
    fc.assert(
      fc.property(price, price, (retail, feedIn) => {
        const prices = { retailMicroPerKwh: microPerKwh(retail), feedInMicroPerKwh: microPerKwh(feedIn) };
        const buy = termsOf(rules, 'BUY', prices);
        const sell = termsOf(rules, 'SELL', prices);
        expect(!buy || priceAt(rules.grid, buy.highestTick) + rules.buyerFeeMicroPerKwh <= retail).toBe(true);
        expect(!sell || priceAt(rules.grid, sell.lowestTick) - rules.sellerFeeMicroPerKwh >= feedIn).toBe(true);
      }),
    );
  });
});

describe('admit', () => {
  it.each<[string, Partial<Order>, string | true]>([
    ['in range', {}, true],
    ['at its upper edge', { limitMicroPerKwh: microPerKwh(305_000n) }, true],
    ['above it', { limitMicroPerKwh: microPerKwh(305_100n) }, 'PRICE_OUT_OF_RANGE'],
    ['between two ticks', { limitMicroPerKwh: microPerKwh(250_050n) }, 'PRICE_OFF_TICK'],
    ['below the grid', { limitMicroPerKwh: microPerKwh(-100n) }, 'PRICE_OUT_OF_RANGE'],
    ['no energy', { energyWh: wh(0n) }, 'ENERGY_OUT_OF_RANGE'],
    ['negative energy', { energyWh: wh(-1n) }, 'ENERGY_OUT_OF_RANGE'],
    ['one more than a book can hold', { energyWh: wh(mostOrderWh + 1n) }, 'ENERGY_OUT_OF_RANGE'],
    ['all that the connection carries', { energyWh: room }, true],
    ['one Wh more', { energyWh: wh(room + 1n) }, 'TOO_LARGE'],
    [
      'selling for less than the supplier pays',
      { side: 'SELL', limitMicroPerKwh: microPerKwh(81_000n) },
      'PRICE_OUT_OF_RANGE',
    ],
    ['selling at the lower edge', { side: 'SELL', limitMicroPerKwh: microPerKwh(81_100n) }, true],
  ])('%s', (_, change, expected) => {
    const answer = admit(order(change), rules, own, room);
    expect(answer.ok || answer.refusal.code).toBe(expected);
  });
});

describe('worstCase', () => {
  it.each<[string, Partial<Order>, bigint]>([
    ['a buyer pays price and fee', {}, 500n * 255_000n],
    ['a seller risks nothing', { side: 'SELL' }, 0n],
    ['unless the price is negative', { side: 'SELL', limitMicroPerKwh: microPerKwh(-20_000n) }, 500n * 21_000n],
    ['a buyer who is paid risks nothing', { limitMicroPerKwh: microPerKwh(-20_000n) }, 0n],
  ])('%s', (_, change, expected) => {
    expect(worstCase(order(change), rules)).toBe(expected);
  });
});

describe('asksTheSame', () => {
  it.each<[string, Partial<Order>, boolean]>([
    ['the same words', {}, true],
    ['another amount', { energyWh: wh(501n) }, false],
    ['another price', { limitMicroPerKwh: microPerKwh(250_100n) }, false],
    ['the other side', { side: 'SELL' }, false],
    ['another point', { pointId: 'p2' }, false],
    ['another interval', { startsAt: parseInstant('2026-06-21T12:15:00Z')! }, false],
  ])('%s', (_, change, expected) => {
    expect(asksTheSame(order(), order(change))).toBe(expected);
  });
});
