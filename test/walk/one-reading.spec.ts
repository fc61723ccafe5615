import { adminToken } from '../support/house.js';
import { TestStreet, zoneId } from '../support/street.js';

// Anna buys, Ben has sun. The interval is 12:00 to 12:15; its gate closes at 11:55.
const startsAt = '2026-06-21T12:00:00Z';

describe('one reading, from the meter to the statement', () => {
  let street: TestStreet;
  beforeAll(async () => {
    street = await TestStreet.open({
      mode: 'FORWARD',
      from: '2026-06-21T11:00:00Z',
      homes: [{ name: 'anna' }, { name: 'ben' }, { name: 'carla' }],
    });
  });
  afterAll(() => street.close());

  it('is ordered before the gate, matched at it, and settled as it was metered', async () => {
    const cleared = await street.house.subscribe(
      street.token('anna'),
      'subscription ($zoneId: ID!) { intervalCleared(zoneId: $zoneId) { startsAt clearing { priceMicroPerKwh volumeWh } } }',
      { zoneId },
    );
    expect(await street.order('anna', startsAt, 'BUY 500 @ 300000 as a1')).toMatch(/-/);
    expect(await street.order('ben', startsAt, 'SELL 400 @ 100000 as b1')).toMatch(/-/);
    await street.itIs('2026-06-21T11:55:00Z');
    await street.itIs('2026-06-21T12:15:00Z');

    // Ben delivers 350 of his 400 Wh; Anna takes 600.
    for (const [home, importWh, exportWh] of [
      ['anna', 600, 0],
      ['ben', 50, 350],
      ['carla', 10, 0],
    ] as const)
      expect(
        await street.meter(home).send(
          ...['11:15', '11:30', '11:45', '12:00'].map((time) => ({
            endsAt: `2026-06-21T${time}:00Z`,
            importWh: 0,
            exportWh: 0,
          })),
          { endsAt: '2026-06-21T12:15:00Z', importWh, exportWh },
        ),
      ).toMatchObject({ code: 'TAKEN' });
    await street.house.settleDown();

    const question = `query ($pointId: ID!) {
      statementLines(pointId: $pointId, from: "2026-06-21T12:00:00Z", to: "2026-06-21T12:15:00Z", first: 10) {
        edges { node { run importWh exportWh boughtWh soldWh priceMicroPerKwh localPaidNano localEarnedNano feesNano
          supplierPaidNano supplierEarnedNano ownTariffNano savedNano quality } }
      }
    }`;
    const line = async (home: string) =>
      (await street.house.get(street.token(home), question, { pointId: home })).statementLines.edges[0].node;

    // The price is half-way between 0.10 and 0.30.
    expect(await line('anna')).toEqual({
      run: 1,
      importWh: '600',
      exportWh: '0',
      boughtWh: '350',
      soldWh: '0',
      priceMicroPerKwh: '200000',
      localPaidNano: '70000000',
      localEarnedNano: '0',
      feesNano: '1750000',
      supplierPaidNano: '80000000',
      supplierEarnedNano: '0',
      ownTariffNano: '192000000',
      savedNano: '40250000',
      quality: 'MEASURED',
    });
    expect(await line('ben')).toMatchObject({
      soldWh: '350',
      localEarnedNano: '70000000',
      feesNano: '350000',
      supplierPaidNano: '16000000',
      supplierEarnedNano: '0',
      savedNano: String(70_000_000 - 350_000 - 28_000_000),
    });
    expect(await line('carla')).toMatchObject({ boughtWh: '0', savedNano: '0' });
    expect(cleared.problems).toEqual([]);
    expect(cleared.heard.map(({ intervalCleared }) => intervalCleared)).toContainEqual({
      startsAt,
      clearing: { priceMicroPerKwh: '200000', volumeWh: '400' },
    });
    await cleared.stop();
  });

  it('leaves books that sum to zero and batches that wait for the chain', async () => {
    const sums = await street.house.rows<{ asset: string; sum: bigint }>(
      'SELECT asset, sum(balance)::bigint AS sum FROM ledger.account GROUP BY asset ORDER BY asset',
    );
    expect(sums).toEqual([
      { asset: 'CREDIT', sum: 0n },
      { asset: 'WH', sum: 0n },
    ]);
    const { settlementStatus } = await street.house.get(
      adminToken,
      'query ($zoneId: ID!) { settlementStatus(zoneId: $zoneId) { waitingBatches settledThrough } }',
      { zoneId },
    );
    expect(settlementStatus.settledThrough).toBe('2026-06-21T12:15:00Z');
    expect(settlementStatus.waitingBatches).toBeGreaterThanOrEqual(2);
  });
});
