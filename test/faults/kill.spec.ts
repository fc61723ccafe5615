import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { instant } from '@kwartier/units';
import { flawsOf, rowOf, withClient } from '../support/books.js';
import { databaseOf, databaseUrlOf, newHome, Product, removeHome, until } from '../support/product.js';
import { Witness } from '../support/witness.js';

const adminToken = 'administrator-of-a-demo-that-is-killed';
// A week of readings and four hours of trading: long enough to be met in the middle, short enough to be waited for.
const env = { KWARTIER_DEMO_DAYS: '7', KWARTIER_DEMO_HOURS: '4', KWARTIER_ADMIN_TOKEN: adminToken };
const quartersToCatchUp = 16;
const meters = 21;

interface Facts {
  readonly readings: number;
  readonly clearings: number;
  readonly runs: number;
  readonly lastSeen: Date;
}

const factsOf = async (home: string): Promise<Facts> =>
  rowOf<Facts>(
    databaseUrlOf(home),
    `SELECT (SELECT count(*)::int FROM metering.reading WHERE point_id <> 'witness-1') AS readings,
       (SELECT count(*)::int FROM market.clearing) AS clearings, (SELECT count(*)::int FROM settlement.run) AS runs,
       (SELECT last_seen FROM market.clock) AS "lastSeen"`,
  );

// One home lives through all of it, each story begins where the one before was cut off.
describe('a demo street that is killed again and again', () => {
  let home: string;
  let product: Product;
  let witness: Witness;
  /** The last instant of the market clock that anybody saw. */
  let seen = new Date(0);
  const ordered = new Map<string, { readonly pointId: string; readonly token: string; readonly orderId: string }>();

  const start = (): Product => (product = new Product({ home, words: ['--speed', '600'], env }));
  const startAgain = async (): Promise<void> => {
    start();
    await product.url();
    const { lastSeen } = await factsOf(home);
    expect(lastSeen.getTime()).toBeGreaterThanOrEqual(seen.getTime());
    expect(await flawsOf(databaseUrlOf(home))).toEqual([]);
  };
  const remember = async (): Promise<Facts> => {
    const facts = await factsOf(home);
    seen = facts.lastSeen;
    return facts;
  };

  beforeAll(async () => {
    home = await newHome();
  });
  afterAll(async () => {
    await witness?.stop();
    await product?.killEverything();
    await removeHome(home);
  });

  it('comes up after a kill in its first initdb, and after one before its tables stand', async () => {
    const place = join(home, 'postgres');
    const halfMade = () => existsSync(place) && readdirSync(place).some((name) => name.startsWith('data.new-'));
    start();
    await until('initdb is at work', halfMade, 5);
    expect(existsSync(join(place, 'data'))).toBe(false);
    await product.killEverything();
    expect(halfMade()).toBe(true);

    start();
    await product.says(/✔ database/);
    await product.killEverything();
    expect(product.said).not.toContain('✔ page');

    await startAgain();
  });

  it('loses no acknowledged reading when it is killed during the upload of its history', async () => {
    const { lastSeen } = await factsOf(home);
    witness = await Witness.enrol(product, adminToken, instant(lastSeen.getTime()));
    await witness.connect(await product.mqttUrl());
    const publishing = witness.publishUntilCut();
    const before = await until('some of it is there', async () => {
      const facts = await remember();
      return facts.readings > 0 && facts;
    });
    await product.killEverything();
    await publishing;
    expect(product.said).not.toContain('late uploads taken');

    await startAgain();
    expect((await factsOf(home)).readings).toBeGreaterThanOrEqual(before.readings);
    expect(await witness.missing(product)).toEqual([]);
  });

  it('goes on with its catch-up where it was killed, and clears nothing twice', async () => {
    await product.says(/late uploads taken/);
    await witness.connect(await product.mqttUrl());
    const publishing = witness.publishUntilCut();
    const before = await until('some quarters are caught up', async () => {
      const facts = await remember();
      return facts.runs >= 3 && facts;
    });
    await product.killEverything();
    await publishing;
    expect(product.said).not.toContain('caught up');
    expect(before.clearings).toBeLessThan(quartersToCatchUp);

    await startAgain();
    expect((await factsOf(home)).clearings).toBeGreaterThanOrEqual(before.clearings);
    expect(await witness.missing(product)).toEqual([]);
    await product.says(/caught up/);
  });

  it('clears an interval once when it is killed between its gate and its clearing, at 600×', async () => {
    const url = databaseUrlOf(home);
    const cut = await withClient(url, async (client) => {
      // Whoever clears has frozen the book by now, and waits for us to write the result.
      await client.query('BEGIN');
      await client.query('LOCK TABLE market.clearing IN SHARE MODE');
      await until('a clearing waits', async () => {
        const { waiting } = await rowOf<{ waiting: boolean }>(
          url,
          `SELECT EXISTS (SELECT FROM pg_stat_activity
             WHERE wait_event_type = 'Lock' AND query ILIKE '%INSERT INTO market.clearing%') AS waiting`,
        );
        return waiting;
      });
      const { startsAt } = await rowOf<{ startsAt: Date }>(
        url,
        `SELECT min(starts_at) AS "startsAt" FROM market.interval WHERE state = 'CLOSING'`,
      );
      await remember();
      await product.killEverything();
      return startsAt;
    });

    await startAgain();
    const cleared = async () =>
      rowOf<{ clearings: number; state: string }>(
        databaseUrlOf(home),
        `SELECT state, (SELECT count(*)::int FROM market.clearing c WHERE c.starts_at = i.starts_at) AS clearings
         FROM market.interval i WHERE starts_at = '${cut.toISOString()}'`,
      );
    await until('it is settled', async () => (await cleared()).state === 'SETTLING');
    expect(await cleared()).toEqual({ state: 'SETTLING', clearings: 1 });
  });

  it('keeps every reading and order that it acknowledged when only the program is killed, and adopts its PostgreSQL', async () => {
    await product.says(/now at 600×/);
    const before = witness.acknowledged.length;
    await witness.connect(await product.mqttUrl());
    const publishing = witness.publishUntilCut();
    const ordering = orderUntilCut(product, ordered);
    await until('enough is acknowledged', () => witness.acknowledged.length >= before + 50 && ordered.size >= 10);
    await remember();
    const database = databaseOf(home);
    await product.killProgram();
    await Promise.all([publishing, ordering]);
    expect(databaseOf(home)).toEqual(database);

    await startAgain();
    expect(product.said).toContain('taken over from a killed start');
    expect(databaseOf(home)?.pid).toBe(database?.pid);
    expect(await witness.missing(product)).toEqual([]);
    expect(await missingOrders(product, ordered)).toEqual([]);
  });

  it('goes on trading, with every quarter of every meter in its place, and ends in order', async () => {
    await product.says(/now at 600×/);
    const before = await remember();
    const enough = 4;
    await until('more quarters are traded and settled', async () => {
      const now = await factsOf(home);
      return now.clearings >= before.clearings + enough && now.runs >= before.runs + enough;
    });
    expect(await flawsOf(databaseUrlOf(home))).toEqual([]);
    const { points, holes } = await rowOf<{ points: number; holes: number }>(
      databaseUrlOf(home),
      `SELECT count(DISTINCT point_id)::int AS points, (count(*) FILTER (WHERE next > ends_at + interval '15 min'))::int AS holes
       FROM (SELECT point_id, ends_at, lead(ends_at) OVER (PARTITION BY point_id, register ORDER BY ends_at) AS next
             FROM metering.reading WHERE point_id <> 'witness-1') AS readings`,
    );
    expect({ points, holes }).toEqual({ points: meters, holes: 0 });
    expect(await product.interrupt()).toBe(0);
    expect(databaseOf(home)).toBeUndefined();
  });
});

/** Each home's household orders one Wh after the other, for the interval with the latest gate, until the product is gone. */
async function orderUntilCut(
  product: Product,
  acknowledged: Map<string, { pointId: string; token: string; orderId: string }>,
): Promise<void> {
  const { points, intervals } = await product.ask(
    'demo',
    `query {
      points(zoneId: "sonnenweg", first: 100) { edges { node { id kind participant { id } } } }
      intervals(zoneId: "sonnenweg", first: 1) { edges { node { startsAt } } }
    }`,
  );
  const { startsAt } = intervals.edges[0].node;
  const homes = points.edges.map(({ node }: any) => node).filter(({ kind }: any) => kind === 'CONNECTION');
  for (let number = 0; ; number++) {
    const { id: pointId, participant } = homes[number % homes.length];
    const token = `demo:${participant.id}`;
    const clientId = `killed-${number}`;
    try {
      const { data } = await product.answer(
        token,
        `mutation ($order: PlaceOrderInput!) { placeOrder(order: $order) { ... on PlacedOrder { orderId } ... on OrderRefused { code } } }`,
        { order: { clientId, pointId, startsAt, side: 'BUY', energyWh: '1', limitMicroPerKwh: '150000' } },
      );
      const { orderId } = data.placeOrder;
      if (orderId) acknowledged.set(clientId, { pointId, token, orderId });
    } catch {
      return; // nobody answers any more
    }
  }
}

/** Acknowledged orders that their household does not find, or not under the id that it was told. */
async function missingOrders(
  product: Product,
  acknowledged: ReadonlyMap<string, { pointId: string; token: string; orderId: string }>,
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const [clientId, { pointId, token, orderId }] of acknowledged) {
    const { orders } = await product.ask(
      token,
      `query ($pointId: ID!) { orders(pointId: $pointId, first: 100) { edges { node { id clientId } } } }`,
      { pointId },
    );
    if (!orders.edges.some(({ node }: any) => node.id === orderId && node.clientId === clientId))
      missing.push(clientId);
  }
  return missing;
}
