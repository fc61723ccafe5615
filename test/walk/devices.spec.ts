import { Register } from '@kwartier/identity';
import { instant } from '@kwartier/units';
import { postReadings } from '../support/doors.js';
import { adminToken } from '../support/house.js';
import { TestMeter } from '../support/meter.js';
import { TestStreet, zoneId } from '../support/street.js';

const at = (time: string) => `2026-06-21T${time}:00Z`;
const noon = at('12:00');

describe('a meter is exchanged', () => {
  let street: TestStreet;
  let old: TestMeter;
  beforeAll(async () => {
    street = await TestStreet.open({ mode: 'FORWARD', from: at('11:30'), homes: [{ name: 'anna' }, { name: 'ben' }] });
    old = street.meter('anna');
    await street.itIs(at('12:30'));
    await old.send(
      { endsAt: at('11:45'), importWh: 100, exportWh: 0 },
      { endsAt: at('12:00'), importWh: 220, exportWh: 0 },
    );
  });
  afterAll(() => street.close());

  it('stays where it is as long as the new one cannot be installed', async () => {
    const bens = new TestMeter(zoneId, 'anna', 'meter-ben', 'key of ben');
    await expect(street.exchangeMeter(bens, noon)).rejects.toThrow('ALREADY_TAKEN');
    expect(await old.send({ endsAt: at('12:00'), importWh: 220, exportWh: 0 })).toMatchObject({
      readings: [{ outcome: 'DUPLICATE' }],
    });
  });

  it('is measured on both sides of the exchange, and the old one is believed no more', async () => {
    const next = new TestMeter(zoneId, 'anna', 'meter-anna-2', 'second key of anna');
    await street.exchangeMeter(next, noon, '7000', '5');
    expect(await next.send({ endsAt: at('12:15'), importWh: 7_040, exportWh: 6 })).toMatchObject({
      readings: [{ outcome: 'ACCEPTED' }],
    });
    for (const [time, outcome] of [
      ['12:00', { outcome: 'DUPLICATE' }],
      ['12:15', { outcome: 'QUARANTINED', code: 'NOT_INSTALLED' }],
    ] as const) {
      const importWh = time === '12:00' ? 220 : 260;
      const { answer } = await postReadings(
        street,
        old.payload([{ endsAt: at(time), importWh, exportWh: 0 }]),
        zoneId,
        'anna',
      );
      expect(answer.readings).toEqual([{ endsAt: at(time), ...outcome }]);
    }
    // Before its installation the new one has nothing to say either.
    expect(await next.send({ endsAt: noon, importWh: 7_000, exportWh: 5 })).toMatchObject({
      readings: [{ code: 'NOT_INSTALLED' }],
    });
    const values = await street.house.rows<{ importWh: bigint; exportWh: bigint; quality: string }>(
      `SELECT import_wh AS "importWh", export_wh AS "exportWh", quality FROM metering.interval_value WHERE point_id = 'anna' ORDER BY starts_at, revision`,
    );
    expect(values.map((row) => Object.values(row))).toEqual([
      [100n, 0n, 'MEASURED'],
      [120n, 0n, 'MEASURED'],
      [40n, 1n, 'MEASURED'],
    ]);
  });
});

describe('a virtual point', () => {
  it('has the values of its formula, and a statement of its own', async () => {
    const street = await TestStreet.open({
      mode: 'FORWARD',
      from: at('11:30'),
      homes: [{ name: 'anna' }, { name: 'ben' }],
    });
    try {
      const since = instant(Date.parse(at('11:30')));
      const term = (register: 'IMPORT' | 'EXPORT', overPointId: string, factor: number) => ({
        pointId: 'house',
        register,
        overPointId,
        overRegister: register,
        factor,
      });
      await street.house.app.get(Register, { strict: false }).enrol({
        participants: [{ id: 'owners', name: 'All owners', kind: 'BUSINESS' }],
        points: [{ id: 'house', zoneId, kind: 'VIRTUAL', from: since }],
        holdings: [{ pointId: 'house', participantId: 'owners', from: since }],
        virtualTerms: [term('IMPORT', 'anna', 1), term('IMPORT', 'ben', -1), term('EXPORT', 'ben', 2)],
      });
      await street.house.get(
        adminToken,
        `mutation { supplyPoint(pointId: "house", tariffId: "tariff-320000-80000", from: "${at('11:30')}") }`,
      );
      await street.itIs(at('12:15'));
      for (const [home, totals, exports] of [
        ['anna', [0, 100, 130], [0, 0, 0]],
        ['ben', [0, 40, 110], [0, 40, 110]],
      ] as const)
        await street.meter(home).send(
          ...['11:45', '12:00', '12:15'].map((time, i) => ({
            endsAt: at(time),
            importWh: totals[i]!,
            exportWh: exports[i]!,
          })),
        );
      await street.house.settleDown();
      const lines = await street.lines(await street.tokenFor('HOUSEHOLD', 'owners'), 'house', at('11:45'), at('12:15'));
      // A register never runs backwards: where Ben takes more than Anna, it stands.
      expect(lines).toMatchObject([
        { importWh: '60', exportWh: '80', quality: 'MEASURED', ownTariffNano: String(60 * 320_000 - 80 * 80_000) },
        { importWh: '0', exportWh: '140', quality: 'MEASURED', ownTariffNano: String(-140 * 80_000) },
      ]);
    } finally {
      await street.close();
    }
  });
});
