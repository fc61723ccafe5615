import { instant, later, minutes } from '@kwartier/units';
import { adminToken } from '../support/house.js';
import { shuffled } from '../support/shuffle.js';
import { TestStreet } from '../support/street.js';

const at = (time: string) => `2026-06-21T${time}:00Z`;
const yesterday = (time: string) => `2026-06-20T${time}:00Z`;
const hour = ['12:00', '12:15', '12:30', '12:45'];

describe('a meter is silent, and speaks later', () => {
  let street: TestStreet;
  beforeAll(async () => {
    street = await TestStreet.open({
      mode: 'FORWARD',
      from: yesterday('12:00'),
      homes: [{ name: 'anna' }, { name: 'ben' }, { name: 'carla' }],
    });
    await street.itIs(yesterday('13:00'));
    // Carla took 80, 160, 80 and 80 Wh yesterday; of today she says nothing at first.
    const carla = [
      ['12:15', 80],
      ['12:30', 240],
      ['12:45', 320],
      ['13:00', 400],
    ] as const;
    await street
      .meter('carla')
      .send(...carla.map(([time, importWh]) => ({ endsAt: yesterday(time), importWh, exportWh: 0 })));
    await street.itIs(at('11:00'));
    await street.orderAll('carla', 'carla', hour.map(at), 'BUY 300 @ 300000');
    await street.orderAll('ben', 'ben', hour.map(at), 'SELL 600 @ 100000');
    await street.itIs(at('13:00'));
    const silentUntilNoon = { endsAt: at('12:00'), importWh: 0, exportWh: 0 };
    for (const [home, exportWh] of [
      ['anna', 0],
      ['ben', 600],
    ] as const)
      await street.meter(home).send(
        silentUntilNoon,
        ...['12:15', '12:30', '12:45', '13:00'].map((time, i) => ({
          endsAt: at(time),
          importWh: 0,
          exportWh: exportWh * (i + 1),
        })),
      );
    await street.meter('carla').send({ ...silentUntilNoon, importWh: 400 });
  });
  afterAll(() => street.close());

  const settledRuns = async () =>
    street.house.rows<{ startsAt: number; run: number }>(
      `SELECT starts_at AS "startsAt", run FROM settlement.run WHERE starts_at >= $1 ORDER BY settled_at, starts_at, run`,
      [at('12:00')],
    );

  /** Carla's account against her lines, and all accounts against nothing. */
  async function booksAgree(): Promise<void> {
    const lines = await street.lines(adminToken, 'carla', at('00:00'), '2026-06-22T00:00:00Z');
    const owed = lines.reduce(
      (sum, { localPaidNano, localEarnedNano, feesNano }) =>
        sum + BigInt(localEarnedNano) - BigInt(localPaidNano) - BigInt(feesNano),
      0n,
    );
    const [account] = await street.house.rows<{ balance: bigint; held: bigint }>(
      `SELECT balance, held FROM ledger.account WHERE id = 'home/carla/carla' AND asset = 'CREDIT'`,
    );
    expect(account).toEqual({ balance: owed, held: 0n });
    const sums = await street.house.rows<{ sum: bigint }>(
      'SELECT sum(balance)::bigint AS sum FROM ledger.account GROUP BY asset',
    );
    expect(sums.map(({ sum }) => sum)).toEqual([0n, 0n]);
  }

  const linesOf = async (home: string) =>
    (await street.lines(street.token(home), home, at('12:00'), at('13:00'))).map(
      ({ run, importWh, boughtWh, soldWh, quality }) => [run, importWh, boughtWh, soldWh, quality].join(' '),
    );

  it('keeps everyone waiting for the time of grace, and no longer', async () => {
    await street.itIs(at('13:14'));
    expect(await settledRuns()).toEqual([]);
    await street.itIs(at('13:15'));
    expect(await settledRuns()).toHaveLength(1);
  });

  it('is then estimated from its earlier days, flagged, and settled in interval order', async () => {
    for (const time of ['13:30', '13:45', '14:00']) await street.itIs(at(time));
    expect(await settledRuns()).toEqual(hour.map((startsAt) => ({ startsAt: Date.parse(at(startsAt)), run: 1 })));
    expect(await linesOf('carla')).toEqual([
      '1 80 80 0 ESTIMATED',
      '1 160 160 0 ESTIMATED',
      '1 80 80 0 ESTIMATED',
      '1 80 80 0 ESTIMATED',
    ]);
    expect(await linesOf('ben')).toEqual([
      '1 0 0 80 MEASURED',
      '1 0 0 160 MEASURED',
      '1 0 0 80 MEASURED',
      '1 0 0 80 MEASURED',
    ]);
    await booksAgree();
  });

  it('shares what two registers say over the hour as it was expected, to the Wh, in a second run', async () => {
    await street.meter('carla').send({ endsAt: at('13:00'), importWh: 400 + 1_003, exportWh: 0 });
    await street.house.settleDown();
    // 1,003 Wh in the proportion of 80, 160, 80, 80. Her agent had ordered too, so all of it is filled.
    expect(await linesOf('carla')).toEqual([
      '2 201 201 0 ESTIMATED',
      '2 401 401 0 ESTIMATED',
      '2 201 201 0 ESTIMATED',
      '2 200 200 0 ESTIMATED',
    ]);
    expect(201 + 401 + 201 + 200).toBe(1_003);
    expect(await linesOf('ben')).toEqual([
      '2 0 0 201 MEASURED',
      '2 0 0 401 MEASURED',
      '2 0 0 201 MEASURED',
      '2 0 0 200 MEASURED',
    ]);
    await booksAgree();
  });

  it('is measured at last, where every register arrived', async () => {
    await street.meter('carla').send({ endsAt: at('12:30'), importWh: 400 + 500, exportWh: 0 });
    await street.meter('carla').send({ endsAt: at('12:15'), importWh: 400 + 250, exportWh: 0 });
    await street.house.settleDown();
    const carla = await street.lines(street.token('carla'), 'carla', at('12:00'), at('13:00'));
    expect(carla.map(({ importWh, quality }) => [importWh, quality])).toEqual([
      ['250', 'MEASURED'],
      ['250', 'MEASURED'],
      ['252', 'ESTIMATED'],
      ['251', 'ESTIMATED'],
    ]);
    await booksAgree();
  });

  it('takes back each run in full before the next, and edits none', async () => {
    const unbalanced = await street.house.rows(
      `SELECT r.id FROM ledger.transaction r JOIN ledger.entry e ON e.transaction_id IN (r.id, r.reverses)
       WHERE r.reverses IS NOT NULL GROUP BY r.id, e.account_id, e.asset HAVING sum(e.amount) <> 0`,
    );
    expect(unbalanced).toEqual([]);
    const [counted] = await street.house.rows<{ runs: bigint; reversals: bigint; intervals: bigint }>(
      `SELECT (SELECT count(*) FROM settlement.run) AS runs, (SELECT count(*) FROM ledger.transaction WHERE reverses IS NOT NULL) AS reversals,
         (SELECT count(DISTINCT starts_at) FROM settlement.run) AS intervals`,
    );
    expect(counted!.reversals).toBe(counted!.runs - counted!.intervals);
    expect(counted!.reversals).toBeGreaterThanOrEqual(8n);
    const before = await street.house.rows('SELECT * FROM settlement.run ORDER BY starts_at, run');
    await street.meter('carla').send({ endsAt: at('12:15'), importWh: 650, exportWh: 0 });
    await street.house.settleDown();
    expect(await street.house.rows('SELECT * FROM settlement.run ORDER BY starts_at, run')).toEqual(before);
  });
});

describe('registers that arrive in any order', () => {
  it('come to the same values and statements', async () => {
    const homes = ['first', 'second', 'third', 'fourth'].map((name) => ({ name }));
    const street = await TestStreet.open({ mode: 'FORWARD', from: at('09:45'), homes });
    try {
      await street.itIs(at('12:30'));
      const start = instant(Date.parse(at('10:00')));
      const readings = Array.from({ length: 9 }, (_, i) => ({
        endsAt: later(start, minutes(15) * i),
        importWh: i ** 3,
        exportWh: 10 * i,
      }));
      // The first in the order of time and at once, the others one by one, and the house settles in between.
      await street.meter('first').send(...readings);
      for (const [seed, { name }] of homes.slice(1).entries())
        for (const [n, reading] of shuffled(readings, seed).entries()) {
          expect(await street.meter(name).send(reading)).toMatchObject({ readings: [{ outcome: 'ACCEPTED' }] });
          if (n % 4 === seed) await street.house.settleDown();
        }
      await street.house.settleDown();
      const statementOf = async (name: string) =>
        (await street.lines(street.token(name), name, at('10:00'), at('12:00'))).map((line) => ({
          ...line,
          run: 'any',
        }));
      const [first, ...others] = await Promise.all(homes.map(async ({ name }) => statementOf(name)));
      expect(first).toHaveLength(8);
      expect(first!.every(({ quality }) => quality === 'MEASURED')).toBe(true);
      for (const other of others) expect(other).toEqual(first);
    } finally {
      await street.close();
    }
  });
});
