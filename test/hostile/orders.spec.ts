import { adminToken } from '../support/house.js';
import { TestStreet, zoneId } from '../support/street.js';

// The interval is 12:00 to 12:15, its gate closes at 11:55. Retail is 0.32 and feed-in 0.08, a buyer pays 0.005 in fees
// and a seller 0.001; so buying is worth while up to 0.315 and selling from 0.081. A fuse of 24 kW carries 6,000 Wh.
const startsAt = '2026-06-21T12:00:00Z';
const story = `
  11:40 | anna  | BUY   500 @ 250000 as a1                   | placed
  11:40 | anna  | BUY   500 @ 250000 as a1                   | the same order
  11:41 | anna  | BUY   600 @ 250000 as a1                   | CLIENT_ID_REUSED
  11:41 | anna  | SELL  500 @ 250000 as a1                   | CLIENT_ID_REUSED
  11:41 | ben   | BUY   500 @ 250000 as a1                   | placed
  11:42 | ben   | SELL    0 @ 120000 as b1                   | ENERGY_OUT_OF_RANGE
  11:42 | ben   | SELL   -5 @ 120000 as b1                   | ENERGY_OUT_OF_RANGE
  11:42 | ben   | SELL 2147483648 @ 120000 as b1             | ENERGY_OUT_OF_RANGE
  11:42 | ben   | SELL 9223372036854775807 @ 120000 as b1    | ENERGY_OUT_OF_RANGE
  11:42 | ben   | SELL  900 @ 120050 as b1                   | PRICE_OFF_TICK
  11:42 | ben   | SELL  900 @  80900 as b1                   | PRICE_OUT_OF_RANGE
  11:42 | ben   | SELL  900 @ 819200 as b1                   | PRICE_OUT_OF_RANGE
  11:42 | ben   | BUY   900 @ 315100 as b1                   | PRICE_OUT_OF_RANGE
  11:42 | ben   | BUY   900 @ -100 as b1                     | PRICE_OUT_OF_RANGE
  11:43 | ben   | SELL 9223372036854775808 @ 120000 as b1    | BAD_USER_INPUT
  11:43 | ben   | SELL  1e3 @ 120000 as b1                   | BAD_USER_INPUT
  11:43 | ben   | SELL 0x10 @ 120000 as b1                   | BAD_USER_INPUT
  11:43 | ben   | SELL  1.5 @ 120000 as b1                   | BAD_USER_INPUT
  11:43 | ben   | SELL  010 @ 120000 as b1                   | BAD_USER_INPUT
  11:43 | ben   | LEND  900 @ 120000 as b1                   | BAD_USER_INPUT
  11:44 | ben   | SELL 6001 @ 120000 as b1                   | TOO_LARGE
  11:44 | ben   | SELL 4000 @ 120000 as b1                   | placed
  11:44 | ben   | SELL 2001 @ 130000 as b2                   | TOO_LARGE
  11:44 | ben   | SELL 2000 @ 130000 as b2                   | placed
  11:44 | ben   | SELL    1 @ 130000 as b3                   | TOO_LARGE
  11:45 | ben   | SELL 2500 @ 140000 as b3 instead of b2     | TOO_LARGE
  11:45 | ben   | SELL 1500 @ 140000 as b3 instead of b2     | placed
  11:45 | ben   | SELL 1500 @ 140000 as b3 instead of b2     | the same order
  11:45 | ben   | SELL  500 @ 140000 as b4 instead of b2     | placed
  11:46 | ben   | SELL    1 @ 140000 as b5 instead of theirs | TOO_LARGE
  11:46 | carla | cancel a1                                  | NO_SUCH_ORDER
  11:46 | ben   | cancel b4                                  | cancelled
  11:46 | ben   | cancel b4                                  | cancelled
  11:46 | ben   | SELL  500 @ 140000 as b4                   | the same order
  11:54 | carla | SELL  400 @ 120000 as c1                   | placed
  11:55 | carla | SELL  400 @ 120000 as c2                   | GATE_CLOSED
  11:55 | carla | cancel c1                                  | GATE_CLOSED
  11:56 | carla | SELL  400 @ 120000 as c1                   | the same order
  11:56 | ben   | cancel b4                                  | cancelled
`;

describe('orders before the gate', () => {
  let street: TestStreet;
  beforeAll(async () => {
    street = await TestStreet.open({
      mode: 'FORWARD',
      from: '2026-06-21T11:30:00Z',
      homes: [{ name: 'anna' }, { name: 'ben' }, { name: 'carla' }, { name: 'dora' }],
    });
  });
  afterAll(() => street.close());

  const seen = new Set<string>();
  it.each(rowsOf(story))('%s  %s  %s => %s', async (time, who, words, expected) => {
    // The clock alone: that a gate closes in time must not hang on the loop that freezes the book.
    await street.house.stepTo(`2026-06-21T${time}:00Z`);
    expect(await told(who, words)).toBe(expected);
  });

  async function told(who: string, words: string): Promise<string> {
    const [, cancelled] = /^cancel (\S+)$/.exec(words) ?? [];
    if (cancelled) return inWords(await street.cancel(who, cancelled), 'cancelled', 'cancelled');
    const [order, replaces] = words.split(' instead of ') as [string, string | undefined];
    return inWords(await street.order(who, startsAt, order, replaces), 'placed', 'the same order');
  }

  /** An order's id becomes what happened to it; a refusal stays its code. */
  function inWords(answer: string, first: string, again: string): string {
    if (!/^[0-9a-f-]{36}$/.test(answer)) return answer;
    const before = seen.has(answer);
    seen.add(answer);
    return before ? again : first;
  }

  it('leaves in the frozen book what stood at the gate, and holds money for nothing else', async () => {
    await street.house.settleDown();
    const book = await street.house.rows(
      `SELECT o.client_id AS "clientId", o.participant_id AS who FROM market.book b JOIN market.order o ON o.id = ANY(b.order_ids)
       WHERE b.starts_at = $1 ORDER BY 2, 1`,
      [startsAt],
    );
    expect(book.map((row) => Object.values(row).reverse().join(' '))).toEqual([
      'anna a1',
      'ben a1',
      'ben b1',
      'ben b3',
      'carla c1',
    ]);
    const [broken] = await street.house.rows<{ count: bigint }>(
      `SELECT count(*) FROM ledger.account a WHERE held <> (SELECT coalesce(sum(amount), 0) FROM ledger.hold h WHERE h.account_id = a.id AND h.asset = a.asset)`,
    );
    expect(broken!.count).toBe(0n);
  });

  it('knows no interval that never was, was over, or starts beside the quarter', async () => {
    for (const other of [
      '2026-06-21T11:30:00Z',
      '2026-06-22T12:00:00Z',
      '2026-06-21T12:31:00Z',
      '2026-06-21T12:30:00.001Z',
    ])
      expect(await street.order('carla', other, 'SELL 10 @ 120000 as other')).toBe('NO_SUCH_INTERVAL');
    expect(await street.order('carla', '0000-01-01T00:00:00Z', 'SELL 10 @ 120000 as other')).toBe('NOT_FOUND');
    expect(await street.order('carla', '2026-06-21T12:15:00+00:00', 'SELL 10 @ 120000 as other')).toBe(
      'BAD_USER_INPUT',
    );
  });

  it.each(['', 'ä', 'x'.repeat(129), 'nul\u0000'])('refuses the client id %j', async (clientId) => {
    const { placeOrder } = await street.house.get(
      street.token('carla'),
      `mutation ($order: PlaceOrderInput!) { placeOrder(order: $order) { ... on PlacedOrder { orderId } ... on OrderRefused { code } } }`,
      {
        order: {
          clientId,
          pointId: 'carla',
          startsAt: '2026-06-21T12:30:00Z',
          side: 'SELL',
          energyWh: '10',
          limitMicroPerKwh: '120000',
        },
      },
    );
    expect(placeOrder).toEqual({ code: 'BAD_CLIENT_ID' });
    expect(await street.cancel('carla', clientId)).toBe('NO_SUCH_ORDER');
  });

  it.each(['energyWh: 10', 'energyWh: 1.5', 'energyWh: 1e3', 'energyWh: null', 'energyWh: ["10"]', 'energyWh: true'])(
    'refuses %s where a number in quotes belongs',
    async (energy) => {
      const order = `clientId: "x", pointId: "carla", startsAt: "2026-06-21T12:30:00Z", side: SELL, limitMicroPerKwh: "120000"`;
      const { status, errors } = await street.house.ask(
        street.token('carla'),
        `mutation { placeOrder(order: { ${order}, ${energy} }) { ... on PlacedOrder { orderId } } }`,
      );
      expect([status, errors![0]!.extensions.code]).toEqual([
        400,
        expect.stringMatching(/^(GRAPHQL_VALIDATION_FAILED|BAD_USER_INPUT)$/),
      ]);
    },
  );

  it('places one order when the same one arrives fifty times at once', async () => {
    const fifty = Array.from({ length: 50 }, async () =>
      street.order('carla', '2026-06-21T12:30:00Z', 'SELL 10 @ 120000 as fifty'),
    );
    const ids = new Set(await Promise.all(fifty));
    expect([...ids]).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(await street.house.rows(`SELECT 1 FROM ledger.hold WHERE id = $1`, [...ids])).toHaveLength(1);
  });

  it('lets fifty different orders at once fill the connection and not more', async () => {
    const fifty = Array.from({ length: 50 }, async (_, i) =>
      street.order('ben', '2026-06-21T12:30:00Z', `SELL 300 @ 120000 as f${i}`),
    );
    const answers = await Promise.all(fifty);
    expect(answers.filter((answer) => answer === 'TOO_LARGE')).toHaveLength(30);
  });

  it('holds no more than the allowance, and a replacement that it does not cover leaves the old order standing', async () => {
    // 0.1 credits: enough for 300 Wh at 0.30 and 0.005 in fees, not for 400.
    await street.openMarket({ allowanceNano: '100000000' });
    const later = '2026-06-21T12:45:00Z';
    const held = async () =>
      (
        await street.house.rows<{ held: bigint }>(
          `SELECT held FROM ledger.account WHERE id = 'home/dora/dora' AND asset = 'CREDIT'`,
        )
      )[0]!.held;
    expect(await street.order('dora', later, 'BUY 400 @ 300000 as d0')).toBe('NOT_COVERED');
    const first = await street.order('dora', later, 'BUY 300 @ 300000 as d1');
    expect(await held()).toBe(91_500_000n);
    expect(await street.order('dora', later, 'BUY 400 @ 300000 as d2', 'd1')).toBe('NOT_COVERED');
    expect(await street.order('dora', later, 'BUY 300 @ 300000 as d1')).toBe(first);
    expect(await held()).toBe(91_500_000n);
    expect(await street.order('dora', later, 'BUY 320 @ 300000 as d3', 'd1')).toMatch(/-/);
    expect(await held()).toBe(97_600_000n);
    expect(await street.cancel('dora', 'd3')).toMatch(/-/);
    expect(await held()).toBe(0n);
  });

  it('reads the clock only after it waited for the gate', async () => {
    const next = '2026-06-21T12:15:00Z';
    let answer: Promise<string> | undefined;
    await street.house.database.transaction(async (tx) => {
      await tx.execute('SELECT 1 FROM market.interval WHERE zone_id = $1 AND starts_at = $2 FOR UPDATE', [
        zoneId,
        next,
      ]);
      answer = street.order('anna', next, 'BUY 10 @ 120000 as late');
      await street.house.somebodyWaits();
      await street.house.stepTo('2026-06-21T12:10:00Z');
    });
    expect(await answer).toBe('GATE_CLOSED');
  });

  it('makes orders from wishes alone where the meter has the first word, and shares nothing without an auction yet', async () => {
    await street.openMarket({ mode: 'METERED' });
    await street.itIs('2026-06-21T13:00:00Z');
    expect(await street.order('anna', '2026-06-21T15:00:00Z', 'BUY 10 @ 120000 as m1')).toBe('ORDERS_COME_FROM_WISHES');
    const { openMarket } = await street.house.get(
      adminToken,
      `mutation ($zoneId: ID!) {
        openMarket(market: { zoneId: $zoneId, mode: SHARING, priceRule: EQUILIBRIUM, buyerFeeMicroPerKwh: "0", sellerFeeMicroPerKwh: "0", allowanceNano: "0" }) {
          ... on MarketRefused { code }
        }
      }`,
      { zoneId },
    );
    expect(openMarket).toEqual({ code: 'MODE_NOT_BUILT' });
  });

  // Last, for nothing here freezes the book of the interval whose state it changes.
  it('refuses an order that arrives while the gate is closing, even before that is committed', async () => {
    const last = '2026-06-21T13:30:00Z';
    let answer: Promise<string> | undefined;
    await street.house.database.transaction(async (tx) => {
      await tx.execute(
        `UPDATE market.interval SET state = 'CLOSING', epoch = epoch + 1 WHERE zone_id = $1 AND starts_at = $2`,
        [zoneId, last],
      );
      answer = street.order('anna', last, 'BUY 10 @ 120000 as late');
      await street.house.somebodyWaits();
    });
    expect(await answer).toBe('GATE_CLOSED');
  });
});

function rowsOf(table: string): [string, string, string, string][] {
  const cells = (line: string) => line.split('|').map((cell) => cell.trim()) as [string, string, string, string];
  return table.trim().split('\n').map(cells);
}
