import { days, formatInstant, instant, later, minutes } from '@kwartier/units';
import { TestStreet } from '../support/street.js';

// By night, from two to three o'clock of the local clock, electricity costs 0.10, else 0.32.
describe.each([
  ['in spring, when that hour is left out', '2026-03-28T23:00:00Z', 92, 0],
  ['in autumn, when it comes twice', '2026-10-24T22:00:00Z', 100, 8],
])('a day %s', (_name, midnight, quarters, cheap) => {
  it(`has ${quarters} quarters in a statement, ${cheap} of them at night's price`, async () => {
    // From three hours before, so that the night's price can be announced in time.
    const street = await TestStreet.open({
      mode: 'FORWARD',
      from: formatInstant(later(instant(Date.parse(midnight)), -minutes(180))),
      homes: [{ name: 'anna' }],
    });
    try {
      const rate = (fromMinute: number, toMinute: number, retail: number) => ({
        fromMinute,
        toMinute,
        weekdays: 'ALL',
        retailMicroPerKwh: String(retail),
        feedInMicroPerKwh: '80000',
      });
      await street.admin(
        'mutation ($tariff: TariffInput!) { publishTariff(tariff: $tariff) { ... on TariffRefused { code } } }',
        {
          tariff: {
            supplierId: 'stadtwerke',
            supplierName: 'Stadtwerke',
            tariffId: 'tariff-320000-80000',
            name: 'Night',
            version: 2,
            from: midnight,
            rates: [rate(0, 120, 320_000), rate(120, 180, 100_000), rate(180, 1_440, 320_000)],
          },
        },
      );
      const start = instant(Date.parse(midnight));
      const end = later(start, minutes(15) * quarters);
      // Books open two hours ahead, so a house that is awake every two hours misses none.
      for (let now = start; now <= end; now = later(now, minutes(60))) {
        await street.house.stepTo(now);
        const hour = [-45, -30, -15, 0].map((ago) => later(now, minutes(ago))).filter((endsAt) => endsAt >= start);
        const readings = hour.map((endsAt) => ({
          endsAt,
          importWh: (10 * (endsAt - start)) / minutes(15),
          exportWh: 0,
        }));
        await street.meter('anna').send(...readings);
        await street.house.settleDown();
      }
      const from = formatInstant(start);
      const lines = await street.lines(street.token('anna'), 'anna', from, formatInstant(later(start, days(2))));
      expect(lines).toHaveLength(quarters);
      expect(lines.filter(({ retailMicroPerKwh }) => retailMicroPerKwh === '100000')).toHaveLength(cheap);
      const { statement } = await street.house.get(
        street.token('anna'),
        `{ statement(pointId: "anna", from: "${from}", to: "${formatInstant(end)}") { intervals importWh ownTariffNano } }`,
      );
      expect(statement).toEqual({
        intervals: quarters,
        importWh: String(quarters * 10),
        ownTariffNano: String(10 * (cheap * 100_000 + (quarters - cheap) * 320_000)),
      });
    } finally {
      await street.close();
    }
  });
});
