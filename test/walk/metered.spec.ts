import { OpenMarket } from '@kwartier/market/module';
import { MarketClock } from '@kwartier/platform';
import { at } from '../support/house.js';
import { TestStreet, zoneId } from '../support/street.js';

// In a METERED zone nobody forecasts: what was metered is ordered at what was wished, and cleared when all values are in.
describe('a zone that trades what was metered', () => {
  let street: TestStreet;
  beforeAll(async () => {
    street = await TestStreet.open({
      mode: 'METERED',
      from: '2026-06-21T12:00:00Z',
      homes: [{ name: 'anna' }, { name: 'ben' }, { name: 'carla', retail: 280_000 }],
    });
  });
  afterAll(() => street.close());

  const totals = { anna: [0, 0], ben: [0, 0], carla: [0, 0] };
  type Home = keyof typeof totals;

  /** What a home took and gave in the quarter that ends then. */
  const metered = async (home: Home, endsAt: string, importWh: number, exportWh: number): Promise<void> => {
    totals[home][0]! += importWh;
    totals[home][1]! += exportWh;
    const [importTotal, exportTotal] = totals[home];
    const answer = await street
      .meter(home)
      .send({ endsAt: `2026-06-21T${endsAt}:00Z`, importWh: importTotal!, exportWh: exportTotal! });
    expect(answer).toMatchObject({ code: 'TAKEN', readings: [{ outcome: 'ACCEPTED' }] });
  };

  const line = async (home: Home, startsAt: string) => {
    const { statementLines } = await street.house.get(
      street.token(home),
      `query ($pointId: ID!, $from: DateTime!, $to: DateTime!) {
        statementLines(pointId: $pointId, from: $from, to: $to, first: 1) {
          edges { node { startsAt run quality boughtWh soldWh priceMicroPerKwh savedNano } }
        }
      }`,
      { pointId: home, from: `2026-06-21T${startsAt}:00Z`, to: '2026-06-22T00:00:00Z' },
    );
    return statementLines.edges[0]?.node;
  };

  it('clears as soon as the last value is in, and follows a wish', async () => {
    const { setWish } = await street.house.get(
      street.token('ben'),
      `mutation ($wish: WishInput!) { setWish(wish: $wish) { ... on Wish { preset } ... on WishRefused { code } } }`,
      { wish: { pointId: 'ben', preset: 'KEEP_IT_LOCAL', sellLimitMicroPerKwh: '150000' } },
    );
    expect(setWish).toEqual({ preset: 'KEEP_IT_LOCAL' });
    await street.itIs('2026-06-21T12:15:00Z');
    await metered('anna', '12:15', 300, 0);
    await metered('ben', '12:15', 0, 400);
    await street.house.settleDown();
    expect(await line('anna', '12:00')).toBeUndefined();
    await metered('carla', '12:15', 200, 0);
    await street.house.settleDown();
    // 500 wanted, 400 there: Anna's limit is higher, Carla is at the margin. (150,000 + 275,000) / 2 = 212,500.
    expect(await line('anna', '12:00')).toMatchObject({ boughtWh: '300', priceMicroPerKwh: '212500' });
    expect(await line('carla', '12:00')).toMatchObject({ boughtWh: '100', priceMicroPerKwh: '212500' });
    expect(await line('ben', '12:00')).toMatchObject({ soldWh: '400', run: 1 });
  });

  it('does not wait for a silent meter longer than the time of grace, and corrects what it assumed', async () => {
    await street.itIs('2026-06-21T12:30:00Z');
    await metered('anna', '12:30', 100, 0);
    await metered('ben', '12:30', 0, 100);
    await street.itIs('2026-06-21T13:29:00Z');
    expect(await line('anna', '12:15')).toBeUndefined();
    await street.itIs('2026-06-21T13:30:00Z');
    expect(await line('anna', '12:15')).toMatchObject({ boughtWh: '100', run: 1, quality: 'MEASURED' });
    expect(await line('carla', '12:15')).toMatchObject({ quality: 'ESTIMATED', boughtWh: '0' });
    await metered('carla', '12:30', 80, 0);
    await street.house.settleDown();
    expect(await line('carla', '12:15')).toMatchObject({ quality: 'MEASURED', run: 2, boughtWh: '0' });
  });

  it('gives every interval its turn after an outage', async () => {
    // The house sleeps for six hours, and the meters upload when it wakes up.
    await street.house.app.get(MarketClock).stepTo(at('2026-06-21T19:30:00Z'));
    await street.house.app.get(OpenMarket, { strict: false }).wakeUp();
    await street.house.settleDown();
    for (const home of ['anna', 'ben', 'carla'] as const)
      for (let quarter = 0; quarter < 28; quarter++) {
        const minutes = 12 * 60 + 45 + 15 * quarter;
        const endsAt = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
        await metered(home, endsAt, home === 'ben' ? 0 : 50, home === 'ben' ? 100 : 0);
      }
    await street.house.settleDown();
    const [intervals] = await street.house.rows<{ settled: number; traded: number }>(
      `SELECT count(*) FILTER (WHERE i.run > 0)::int AS settled, count(*) FILTER (WHERE c.volume_wh = 100)::int AS traded
       FROM market.interval i LEFT JOIN market.clearing c USING (zone_id, starts_at)
       WHERE zone_id = $1 AND i.starts_at >= '2026-06-21T12:30:00Z' AND i.ends_at <= '2026-06-21T19:30:00Z'`,
      [zoneId],
    );
    expect(intervals).toEqual({ settled: 28, traded: 28 });
  });
});
