import { SettleInterval } from '@kwartier/settlement/module';
import { MarketClock } from '@kwartier/platform';
import { at } from '../support/house.js';
import { TestStreet, zoneId } from '../support/street.js';

const noon = '2026-06-21T12:00:00Z';
const end = '2026-06-21T12:15:00Z';

describe('two processes that settle at once', () => {
  let street: TestStreet;
  beforeAll(async () => {
    street = await TestStreet.open({ mode: 'FORWARD', from: '2026-06-21T11:45:00Z', homes: [{ name: 'anna' }] });
  });
  afterAll(() => street.close());

  it('make one run of it, first or correction', async () => {
    const settle = street.house.app.get(SettleInterval, { strict: false });
    const settledBy = async (lastRun: number) =>
      (await Promise.all([1, 2].map(async () => settle.run(zoneId, at(noon), lastRun)))).filter(Boolean).length;
    await street.itIs(noon);
    await street.house.app.get(MarketClock).stepTo(at(end));
    await street
      .meter('anna')
      .send({ endsAt: noon, importWh: 0, exportWh: 0 }, { endsAt: end, importWh: 50, exportWh: 0 });

    expect(await settledBy(0)).toBe(1);
    expect(await settledBy(1)).toBe(1);
    expect(await settledBy(1)).toBe(0);
    const runs = await street.house.rows('SELECT run FROM settlement.run WHERE starts_at = $1 ORDER BY run', [noon]);
    expect(runs).toEqual([{ run: 1 }, { run: 2 }]);
  });

  it('leave to the next pass what is noted after the run that they missed', async () => {
    await street.house.rows('INSERT INTO settlement.correction_due VALUES ($1, $2)', [zoneId, noon]);
    const settle = street.house.app.get(SettleInterval, { strict: false });
    expect(await settle.run(zoneId, at(noon), 1)).toBe(false);
    expect(await street.house.rows('SELECT * FROM settlement.correction_due')).toHaveLength(1);
    await street.house.settleDown();
    expect(await street.house.rows('SELECT * FROM settlement.correction_due')).toEqual([]);
  });
});
