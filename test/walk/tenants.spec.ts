import { adminToken } from '../support/house.js';
import { TestStreet, zoneId } from '../support/street.js';

// Anna lives in the flat until noon of the 21st, Zoe from then on. Ben has sun, Carla is a neighbour.
const at = (time: string) => `2026-06-21T${time}:00Z`;
const [from, noon, to] = [at('00:00'), at('12:00'), '2026-06-22T00:00:00Z'];
const quarters = ['11:00', '11:15', '11:30', '11:45', '12:00', '12:15', '12:30'];

describe('a tenant leaves in mid-month and another comes', () => {
  let street: TestStreet;
  let heardByAnna: Awaited<ReturnType<TestStreet['house']['subscribe']>>;
  let heardByZoe: typeof heardByAnna;
  beforeAll(async () => {
    street = await TestStreet.open({
      mode: 'FORWARD',
      from: at('10:45'),
      homes: [{ name: 'flat' }, { name: 'ben' }, { name: 'carla' }],
    });
    await street.moveTenant('flat', 'anna', at('11:00'));
    const wish =
      'mutation { setWish(wish: { pointId: "flat", preset: BEST_PRICE, buyLimitMicroPerKwh: "150000" }) { ... on Wish { preset } } }';
    await street.itIs(at('11:00'));
    await street.house.get(street.token('anna'), wish);
    // Anna orders beyond the day of her leaving; she does not know of it yet.
    const ordered = [at('11:45'), noon, at('12:15')];
    await street.orderAll('anna', 'flat', ordered, 'BUY 500 @ 300000');
    await street.moveTenant('flat', 'zoe', noon);
    await street.orderAll('ben', 'ben', ordered, 'SELL 800 @ 100000');
    await street.orderAll('zoe', 'flat', [noon], 'BUY 400 @ 280000');
    const updates = 'subscription { statementUpdated(pointId: "flat") { startsAt } }';
    heardByAnna = await street.house.subscribe(street.token('anna'), updates);
    heardByZoe = await street.house.subscribe(street.token('zoe'), updates);
    await street.itIs(at('12:30'));
    for (const [home, importWh, exportWh] of [
      ['flat', 300, 0],
      ['ben', 0, 700],
      ['carla', 10, 0],
    ] as const)
      await street
        .meter(home)
        .send(...quarters.map((time, i) => ({ endsAt: at(time), importWh: i * importWh, exportWh: i * exportWh })));
    await street.house.settleDown();
  });
  afterAll(async () => {
    await heardByAnna.stop();
    await heardByZoe.stop();
    await street.close();
  });

  const startsOf = (lines: readonly { startsAt: string }[]): string[] =>
    lines.map(({ startsAt }) => startsAt.slice(11, 16));

  it('gives each the lines of their own time', async () => {
    expect(startsOf(await street.lines(street.token('anna'), 'flat', from, to))).toEqual([
      '11:00',
      '11:15',
      '11:30',
      '11:45',
    ]);
    expect(startsOf(await street.lines(street.token('zoe'), 'flat', from, to))).toEqual(['12:00', '12:15']);
    expect(startsOf(await street.lines(street.token('zoe'), 'flat', from, noon))).toEqual([]);
    expect(startsOf(await street.lines(street.token('anna'), 'flat', noon, to))).toEqual([]);
  });

  it('sums both parts of the month to the whole', async () => {
    const fields = [
      'importWh',
      'boughtWh',
      'localPaidNano',
      'feesNano',
      'supplierPaidNano',
      'ownTariffNano',
      'savedNano',
      'netNano',
      'intervals',
    ];
    const statement = async (token: string): Promise<Record<string, string>> =>
      (
        await street.house.get(
          token,
          `{ statement(pointId: "flat", from: "2026-05-31T22:00:00Z", to: "2026-06-30T22:00:00Z") { ${fields.join(' ')} } }`,
        )
      ).statement;
    const [anna, zoe, whole] = [
      await statement(street.token('anna')),
      await statement(street.token('zoe')),
      await statement(adminToken),
    ];
    for (const field of fields)
      expect([field, BigInt(anna[field]!) + BigInt(zoe[field]!)]).toEqual([field, BigInt(whole[field]!)]);
    // Whoever left takes nothing: her order beyond noon delivers nothing, though the flat took 300 Wh.
    expect([anna['boughtWh'], zoe['boughtWh']]).toEqual(['300', '300']);
  });

  it('shows neither of them the readings, orders and wishes of the other', async () => {
    const seenBy = async (who: string) => {
      const { readings, orders } = await street.house.get(
        street.token(who),
        `{ readings(pointId: "flat", from: "${from}", to: "${to}", first: 100) { edges { node { endsAt } } } orders(pointId: "flat", first: 100) { edges { node { clientId } } } }`,
      );
      return {
        readings: readings.edges.map(({ node }: any) => node.endsAt.slice(11, 16)),
        orders: orders.edges.map(({ node }: any) => node.clientId).filter((id: string) => !id.startsWith('agent')),
      };
    };
    expect(await seenBy('anna')).toEqual({
      readings: ['11:15', '11:30', '11:45', '12:00'],
      orders: [`anna-${at('11:45')}`],
    });
    expect(await seenBy('zoe')).toEqual({ readings: ['12:15', '12:30'], orders: [`zoe-${noon}`] });
    expect(await street.house.get(street.token('zoe'), '{ wish(pointId: "flat") { preset } }')).toEqual({ wish: null });
  });

  it('lets whoever left neither order, wish nor look ahead', async () => {
    for (const question of [
      '{ wish(pointId: "flat") { preset } }',
      `{ forecasts(pointId: "flat", from: "${noon}", to: "${to}", first: 1) { edges { cursor } } }`,
    ])
      expect((await street.house.ask(street.token('anna'), question)).errors![0]!.extensions.code).toBe('NOT_FOUND');
    expect(await street.order('flat', at('13:00'), 'BUY 10 @ 100000 as a9', undefined, 'anna')).toBe('NOT_FOUND');
    expect(await street.order('flat', at('11:45'), 'BUY 10 @ 100000 as z9', undefined, 'zoe')).toBe('NOT_FOUND');
    const { points } = await street.house.get(
      street.token('anna'),
      `{ points(zoneId: "${zoneId}", first: 9) { edges { node { id } } } }`,
    );
    expect(points.edges).toEqual([]);
  });

  it('tells each of their own quarters alone', async () => {
    const heard = ({ heard: updates }: typeof heardByAnna) =>
      [...new Set(startsOf(updates.map(({ statementUpdated }) => statementUpdated)))].sort();
    for (let i = 0; heard(heardByZoe).length < 2 && i < 200; i++) await new Promise((later) => setTimeout(later, 10));
    expect(heard(heardByAnna)).toEqual(['11:00', '11:15', '11:30', '11:45']);
    expect(heard(heardByZoe)).toEqual(['12:00', '12:15']);
  });

  it('keeps an account and a pseudonym for each', async () => {
    const balances = await street.house.rows<{ id: string; balance: bigint }>(
      `SELECT id, balance FROM ledger.account WHERE id LIKE 'home/%/flat' AND asset = 'CREDIT' ORDER BY id`,
    );
    // 300 Wh each at the price half-way between 0.10 and the last matched bid, plus 0.005 in fees.
    expect(balances).toEqual([
      { id: 'home/anna/flat', balance: -(300n * (200_000n + 5_000n)) },
      { id: 'home/zoe/flat', balance: -(300n * (190_000n + 5_000n)) },
    ]);
    const members = await street.house.rows<{ index: number }>(
      `SELECT DISTINCT index FROM market.member WHERE point_id = 'flat'`,
    );
    expect(members).toHaveLength(2);
  });
});
