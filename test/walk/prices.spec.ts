import { adminToken } from '../support/house.js';
import { TestStreet } from '../support/street.js';

// An order is settled against the prices it was placed under: whoever changes them announces it before the book opens.
describe('a change of price', () => {
  let street: TestStreet;
  beforeAll(async () => {
    street = await TestStreet.open({
      mode: 'FORWARD',
      from: '2026-06-21T11:00:00Z',
      homes: [{ name: 'anna' }, { name: 'ben' }],
    });
  });
  afterAll(() => street.close());

  const publish = async (tariffId: string, version: number, from: string, retail = 290_000) => {
    const rate = { fromMinute: 0, toMinute: 1440, weekdays: 'ALL', feedInMicroPerKwh: '80000' };
    const { publishTariff } = await street.house.get(
      adminToken,
      `mutation ($tariff: TariffInput!) {
        publishTariff(tariff: $tariff) { ... on TariffPublished { version } ... on Refusal { code } }
      }`,
      {
        tariff: {
          supplierId: 'stadtwerke',
          supplierName: 'Stadtwerke',
          tariffId,
          name: 'Changed',
          version,
          from,
          rates: [{ ...rate, retailMicroPerKwh: String(retail) }],
        },
      },
    );
    return publishTariff.code ?? publishTariff.version;
  };
  const supply = async (pointId: string, tariffId: string, from: string) => {
    const { data, errors } = await street.house.ask(
      adminToken,
      'mutation ($p: ID!, $t: ID!, $f: DateTime!) { supplyPoint(pointId: $p, tariffId: $t, from: $f) }',
      { p: pointId, t: tariffId, f: from },
    );
    return errors?.[0]?.extensions.code ?? data.supplyPoint;
  };

  it.each([
    ['at once', '2026-06-21T11:00:00Z', 'TOO_SOON'],
    ['in forty minutes', '2026-06-21T11:40:00Z', 'TOO_SOON'],
    ['in the past', '2026-06-20T00:00:00Z', 'TOO_SOON'],
    ['in three hours', '2026-06-21T14:00:00Z', 2],
    ['the same again', '2026-06-21T14:00:00Z', 'ALREADY_PUBLISHED'],
  ])('of a tariff that holds, %s', async (_, from, expected) => {
    expect(await publish('tariff-320000-80000', 2, from)).toBe(expected);
  });

  it('refuses a price beyond all sense', async () => {
    expect(await publish('absurd', 1, '2026-06-21T11:00:00Z', 2 ** 52)).toBe('PRICE_OUT_OF_RANGE');
  });

  it('lets a point change over with notice, to a tariff that has prices', async () => {
    expect(await publish('cheap', 1, '2026-06-21T15:00:00Z', 250_000)).toBe(1);
    expect(await supply('anna', 'cheap', '2026-06-21T14:00:00Z')).toBe('TARIFF_NOT_PUBLISHED');
    expect(await supply('anna', 'nobody-knows', '2026-06-21T15:00:00Z')).toBe('TARIFF_NOT_PUBLISHED');
    expect(await supply('anna', 'cheap', '2026-06-21T15:00:00Z')).toBe(true);
    expect(await publish('now', 1, '2026-06-21T11:00:00Z', 200_000)).toBe(1);
    expect(await supply('anna', 'now', '2026-06-21T12:00:00Z')).toBe('TOO_SOON');
  });

  it('keeps settling over the change, and leaves nobody worse off', async () => {
    const times = ['13:30', '13:45', '14:00', '14:15'];
    for (const [i, time] of times.entries()) {
      const startsAt = `2026-06-21T${time}:00Z`;
      if (i === 0) await street.itIs('2026-06-21T13:00:00Z');
      expect(await street.order('anna', startsAt, `BUY 200 @ 280000 as a${i}`)).toMatch(/-/);
      expect(await street.order('ben', startsAt, `SELL 200 @ 90000 as b${i}`)).toMatch(/-/);
    }
    await street.itIs('2026-06-21T14:30:00Z');
    const quarters = Array.from({ length: 14 }, (_, i) => i + 1);
    for (const home of ['anna', 'ben'] as const)
      await street.meter(home).send(
        ...quarters.map((quarter) => ({
          endsAt: new Date(Date.UTC(2026, 5, 21, 11, 15 * quarter)).toISOString().replace('.000', ''),
          importWh: home === 'anna' ? 200 * quarter : 0,
          exportWh: home === 'ben' ? 200 * quarter : 0,
        })),
      );
    await street.house.settleDown();
    const lines = await street.house.rows<{ retail: bigint; bought: bigint; saved: bigint }>(
      `SELECT retail_micro AS retail, bought_wh AS bought, saved_nano AS saved FROM settlement.line
       WHERE point_id = 'anna' AND starts_at >= '2026-06-21T13:30:00Z' ORDER BY starts_at`,
    );
    expect(lines.map(({ retail, bought }) => [retail, bought])).toEqual([
      [320_000n, 200n],
      [320_000n, 200n],
      [290_000n, 200n],
      [290_000n, 200n],
    ]);
    expect(lines.every(({ saved }) => saved > 0n)).toBe(true);
  });
});
