import { Database, type Tx } from '@kwartier/platform';
import { invariant, nano, type Nano } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { type Balance, type Hold, Ledger } from '../../application/ledger.port.js';
import type { Asset } from '../../domain/account.js';
import { assertBalanced, type Posting, type Transaction } from '../../domain/posting.js';

interface AccountRow {
  readonly id: string;
  readonly balance: bigint;
  readonly held: bigint;
  readonly allowance: bigint;
}

@Injectable()
export class PostgresLedger extends Ledger {
  constructor(private readonly database: Database) {
    super();
  }

  async open(accountIds: readonly string[], allowanceNano: Nano): Promise<void> {
    await this.database.execute(
      `INSERT INTO ledger.account (id, asset, allowance)
       SELECT id, asset, CASE asset WHEN 'CREDIT' THEN $2::bigint ELSE 0 END
       FROM unnest($1::text[]) AS id, unnest(ARRAY['CREDIT', 'WH']) AS asset
       ON CONFLICT (id, asset) DO NOTHING`,
      [accountIds, allowanceNano],
    );
  }

  async lock(tx: Tx, accountIds: readonly string[]): Promise<void> {
    await lockFree(tx, accountIds);
  }

  async balances(tx: Tx, accountIds: readonly string[]): Promise<ReadonlyMap<string, Balance>> {
    const rows = await tx.query<AccountRow>(
      `SELECT id, balance, held, allowance FROM ledger.account WHERE id = ANY($1) AND asset = 'CREDIT'`,
      [accountIds],
    );
    return new Map(rows.map((row) => [row.id, balanceOf(row)]));
  }

  async hold(tx: Tx, holds: readonly Hold[]): Promise<ReadonlySet<string>> {
    const free = await lockFree(
      tx,
      holds.map(({ accountId }) => accountId),
    );
    const refused = new Set<string>();
    const taken = new Map<string, bigint>();
    const held: Hold[] = [];
    for (const hold of holds) {
      const before = taken.get(hold.accountId) ?? 0n;
      // What costs nothing needs no cover, even from an account that is below its allowance.
      if (hold.amountNano > 0n && before + hold.amountNano > (free.get(hold.accountId) ?? 0n)) {
        refused.add(hold.id);
        continue;
      }
      taken.set(hold.accountId, before + hold.amountNano);
      held.push(hold);
    }
    await tx.execute(
      `INSERT INTO ledger.hold (id, account_id, amount) SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])`,
      [held.map(({ id }) => id), held.map(({ accountId }) => accountId), held.map(({ amountNano }) => amountNano)],
    );
    await addHeld(tx, taken);
    return refused;
  }

  async release(tx: Tx, holdIds: readonly string[]): Promise<void> {
    if (holdIds.length === 0) return;
    // Accounts first and in order, as everywhere, so that two transactions never wait for each other in a ring.
    await tx.execute(
      `SELECT 1 FROM ledger.account
       WHERE asset = 'CREDIT' AND id IN (SELECT account_id FROM ledger.hold WHERE id = ANY($1)) ORDER BY id FOR UPDATE`,
      [holdIds],
    );
    await tx.execute(
      `WITH gone AS (DELETE FROM ledger.hold WHERE id = ANY($1) RETURNING account_id, amount),
         back AS (SELECT account_id, sum(amount)::bigint AS amount FROM gone GROUP BY account_id)
       UPDATE ledger.account SET held = held - back.amount FROM back WHERE id = back.account_id AND asset = 'CREDIT'`,
      [holdIds],
    );
  }

  async post(tx: Tx, transaction: Transaction): Promise<boolean> {
    assertBalanced(transaction);
    const { id, at, reason, reverses, postings } = transaction;
    const entered = await tx.execute(
      'INSERT INTO ledger.transaction (id, at, reason, reverses) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING',
      [id, new Date(at), reason, reverses],
    );
    if (entered === 0) return false;
    const columns = [
      postings.map(({ accountId }) => accountId),
      postings.map(({ asset }) => asset),
      postings.map(({ amount }) => amount),
    ];
    await tx.execute(
      `SELECT 1 FROM ledger.account WHERE (id, asset) IN (SELECT * FROM unnest($1::text[], $2::text[])) ORDER BY id, asset FOR UPDATE`,
      columns.slice(0, 2),
    );
    await tx.execute(
      `INSERT INTO ledger.entry (transaction_id, line, account_id, asset, amount)
       SELECT $4, line, account_id, asset, amount
       FROM unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY AS p (account_id, asset, amount, line)`,
      [...columns, id],
    );
    await tx.execute(
      `UPDATE ledger.account a SET balance = balance + p.amount
       FROM (SELECT account_id, asset, sum(amount)::bigint AS amount FROM unnest($1::text[], $2::text[], $3::bigint[]) AS p (account_id, asset, amount)
             GROUP BY account_id, asset) p
       WHERE a.id = p.account_id AND a.asset = p.asset`,
      columns,
    );
    return true;
  }

  async postings(transactionId: string): Promise<readonly Posting[]> {
    return this.database.query<Posting>(
      'SELECT account_id AS "accountId", asset, amount FROM ledger.entry WHERE transaction_id = $1 ORDER BY line',
      [transactionId],
    );
  }

  async total(asset: Asset): Promise<bigint> {
    const [row] = await this.database.query<{ accounts: bigint; entries: bigint }>(
      `SELECT (SELECT coalesce(sum(balance), 0)::bigint FROM ledger.account WHERE asset = $1) AS accounts,
         (SELECT coalesce(sum(amount), 0)::bigint FROM ledger.entry WHERE asset = $1) AS entries`,
      [asset],
    );
    invariant(row!.accounts === row!.entries, `the balances in ${asset} are the sums of their entries`);
    return row!.accounts;
  }
}

const balanceOf = ({ balance, held, allowance }: AccountRow): Balance => ({
  balanceNano: nano(balance),
  heldNano: nano(held),
  allowanceNano: nano(allowance),
});

/** What each account can still set aside; in the order of their ids, so that nobody waits in a ring. */
async function lockFree(tx: Tx, accountIds: readonly string[]): Promise<Map<string, bigint>> {
  const rows = await tx.query<AccountRow>(
    `SELECT id, balance, held, allowance FROM ledger.account WHERE id = ANY($1) AND asset = 'CREDIT' ORDER BY id FOR UPDATE`,
    [[...new Set(accountIds)]],
  );
  return new Map(rows.map(({ id, balance, held, allowance }) => [id, balance - held + allowance]));
}

async function addHeld(tx: Tx, amounts: ReadonlyMap<string, bigint>): Promise<void> {
  await tx.execute(
    `UPDATE ledger.account a SET held = held + p.amount FROM unnest($1::text[], $2::bigint[]) AS p (id, amount)
     WHERE a.id = p.id AND a.asset = 'CREDIT'`,
    [[...amounts.keys()], [...amounts.values()]],
  );
}
