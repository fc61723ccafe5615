import { Client } from 'pg';

/** What must never be found in the books of a house, whatever happened to it. Each question finds what breaks its sentence. */
const sentences: readonly [sentence: string, question: string][] = [
  [
    'an interval has a book once its gate closed, and one clearing once it was cleared',
    `SELECT i.starts_at FROM market.interval i
     LEFT JOIN market.book b USING (zone_id, starts_at) LEFT JOIN market.clearing c USING (zone_id, starts_at)
     WHERE (i.state <> 'OPEN') <> (b.root IS NOT NULL) OR (i.state NOT IN ('OPEN', 'CLOSING')) <> (c.result_root IS NOT NULL)`,
  ],
  [
    'an interval counted each of its steps once',
    `SELECT starts_at, state, epoch, run FROM market.interval WHERE epoch IS DISTINCT FROM
       CASE state WHEN 'OPEN' THEN 0 WHEN 'CLOSING' THEN 1 WHEN 'CLEARED' THEN 2 WHEN 'SETTLING' THEN 3 + run END`,
  ],
  [
    'an interval knows its runs',
    `SELECT i.starts_at, i.state, i.run FROM market.interval i
     LEFT JOIN (SELECT zone_id, starts_at, count(*) AS runs, max(run) AS last FROM settlement.run GROUP BY zone_id, starts_at) r
       USING (zone_id, starts_at)
     WHERE i.run <> coalesce(r.runs, 0) OR i.run <> coalesce(r.last, 0) OR (i.run > 0) <> (i.state = 'SETTLING')`,
  ],
  [
    'each clearing and each run waits for the chain once, and nothing else does',
    `SELECT fact.key, told.key FROM (
       SELECT format('commit/%s/%s', zone_id, extract(epoch FROM starts_at)::bigint) AS key FROM market.clearing
       UNION ALL
       SELECT format('settle/%s/%s/%s', zone_id, extract(epoch FROM starts_at)::bigint, run) FROM settlement.run
     ) AS fact FULL JOIN (SELECT key FROM platform.outbox WHERE topic = 'chain') AS told USING (key)
     WHERE fact.key IS NULL OR told.key IS NULL`,
  ],
  [
    'each run is posted once',
    `SELECT r.transaction_id, t.id FROM settlement.run r
     FULL JOIN (SELECT id FROM ledger.transaction WHERE reverses IS NULL) AS t ON t.id = r.transaction_id
     WHERE r.transaction_id IS NULL OR t.id IS NULL`,
  ],
  [
    'all balances sum to zero',
    'SELECT asset, sum(balance) FROM ledger.account GROUP BY asset HAVING sum(balance) <> 0',
  ],
  [
    'every transaction sums to zero',
    'SELECT transaction_id FROM ledger.entry GROUP BY transaction_id, asset HAVING sum(amount) <> 0',
  ],
  [
    'a balance is the sum of its entries',
    `SELECT a.id, a.asset, a.balance, e.sum FROM ledger.account a
     LEFT JOIN (SELECT account_id, asset, sum(amount) AS sum FROM ledger.entry GROUP BY account_id, asset) e
       ON e.account_id = a.id AND e.asset = a.asset
     WHERE a.balance <> coalesce(e.sum, 0)`,
  ],
  [
    'what is held is the sum of the holds',
    `SELECT a.id, a.held FROM ledger.account a WHERE a.held <>
       (SELECT coalesce(sum(h.amount), 0) FROM ledger.hold h WHERE h.account_id = a.id AND h.asset = a.asset)`,
  ],
  [
    'money is held for orders that stand and are not settled yet',
    `SELECT h.id FROM ledger.hold h JOIN market.order o ON o.id::text = h.id JOIN market.interval i USING (zone_id, starts_at)
     WHERE o.state <> 'STANDING' OR i.run > 0`,
  ],
  [
    'an order that stood at its gate is in the book',
    `SELECT o.id FROM market.order o JOIN market.book b USING (zone_id, starts_at)
     WHERE (o.state = 'STANDING') <> (o.id = ANY(b.order_ids))`,
  ],
  [
    'the calendar has no hole',
    `SELECT * FROM (
       SELECT starts_at, ends_at, lead(starts_at) OVER (PARTITION BY zone_id ORDER BY starts_at) AS next FROM market.interval
     ) AS calendar WHERE next <> ends_at`,
  ],
];

/** What is wrong with the books, seen at one instant; empty when nothing is. */
export async function flawsOf(databaseUrl: string): Promise<readonly string[]> {
  return withClient(databaseUrl, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const flaws: string[] = [];
    for (const [sentence, question] of sentences) {
      const { rows } = await client.query<Record<string, unknown>>(question);
      if (rows.length > 0) flaws.push(`not so: ${sentence}: ${JSON.stringify(rows.slice(0, 3))}`);
    }
    await client.query('COMMIT');
    return flaws;
  });
}

/** Asks a database past the product; a connection that a kill cuts off is no surprise here. */
export async function withClient<T>(databaseUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

export const rowOf = async <Row extends object>(databaseUrl: string, question: string): Promise<Row> =>
  withClient(databaseUrl, async (client) => (await client.query<Row>(question)).rows[0]!);
