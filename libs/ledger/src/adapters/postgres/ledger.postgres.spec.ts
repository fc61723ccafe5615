import { Database, DatabaseModule, type Tx } from '@kwartier/platform';
import { instant, nano } from '@kwartier/units';
import { Test, type TestingModule } from '@nestjs/testing';
import { startTestPostgres, type TestPostgres } from '../../../../../test/support/postgres.js';
import { Ledger } from '../../application/ledger.port.js';
import type { Posting, Transaction } from '../../domain/posting.js';
import { LedgerModule } from '../../ledger.module.js';
import { Ledger1700000400000 } from './migrations/1700000400000-ledger.js';

const credit = (accountId: string, amount: bigint): Posting => ({ accountId, asset: 'CREDIT', amount });
const transaction = (id: string, ...postings: Posting[]): Transaction => ({
  id,
  at: instant(0),
  reason: 'a test',
  reverses: undefined,
  postings,
});

describe('the books', () => {
  let postgres: TestPostgres;
  let house: TestingModule;
  let database: Database;
  let ledger: Ledger;
  const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.transaction(work);
  const balance = async (id: string) => (await inTx((tx) => ledger.balances(tx, [id]))).get(id)!;

  beforeAll(async () => {
    postgres = await startTestPostgres();
    house = await Test.createTestingModule({
      imports: [DatabaseModule.forRoot({ url: postgres.url, migrations: [Ledger1700000400000] }), LedgerModule],
    }).compile();
    database = house.get(Database, { strict: false });
    ledger = house.get(Ledger, { strict: false });
    await ledger.open(['anna', 'ben', 'zone'], nano(1_000n));
  });
  afterAll(async () => {
    await house.close();
    await postgres.stop();
  });

  it('books twice, once', async () => {
    const sale = transaction('sale', credit('anna', -300n), credit('ben', 290n), credit('zone', 10n));
    expect(await inTx((tx) => ledger.post(tx, sale))).toBe(true);
    expect(await inTx((tx) => ledger.post(tx, sale))).toBe(false);
    expect((await balance('anna')).balanceNano).toBe(-300n);
    expect(await ledger.total('CREDIT')).toBe(0n);
  });

  it('stops the line at a transaction that does not sum to zero', async () => {
    await expect(inTx((tx) => ledger.post(tx, transaction('odd', credit('anna', 1n))))).rejects.toThrow('sums to zero');
  });

  it.each([
    [
      'an unbalanced transaction',
      `INSERT INTO ledger.transaction (id, at, reason) VALUES ('x', now(), 'x');
       INSERT INTO ledger.entry VALUES ('x', 1, 'anna', 'CREDIT', 5)`,
    ],
    ['a line that joins later', `INSERT INTO ledger.entry VALUES ('sale', 9, 'anna', 'CREDIT', 5)`],
    ['a changed amount', 'UPDATE ledger.entry SET amount = amount + 1'],
    ['a deleted line', 'DELETE FROM ledger.entry'],
    ['a changed transaction', `UPDATE ledger.transaction SET reason = 'other'`],
    ['a line of nothing', `INSERT INTO ledger.entry VALUES ('sale', 9, 'anna', 'CREDIT', 0)`],
  ])('is defended by the database against %s', async (_, sql) => {
    const forced = inTx(async (tx) => {
      for (const statement of sql.split(';')) await tx.execute(statement);
    });
    await expect(forced).rejects.toMatchObject({ code: '23514' });
  });

  it('holds as far as balance and allowance reach, hold by hold', async () => {
    await ledger.open(['carla'], nano(1_000n));
    const hold = (id: string, amount: bigint) => ({ id, accountId: 'carla', amountNano: nano(amount) });
    const refused = await inTx((tx) =>
      ledger.hold(tx, [hold('a', 600n), hold('b', 500n), hold('c', 400n), hold('d', 0n)]),
    );
    expect([...refused]).toEqual(['b']);
    expect((await balance('carla')).heldNano).toBe(1_000n);
    await inTx((tx) => ledger.release(tx, ['a', 'unknown']));
    await inTx((tx) => ledger.release(tx, ['a']));
    expect((await balance('carla')).heldNano).toBe(400n);
    expect([...(await inTx((tx) => ledger.hold(tx, [hold('e', 600n)])))]).toEqual([]);
  });

  it('lets two orders at once count on the same money only once', async () => {
    await ledger.open(['dora'], nano(1_000n));
    const tries = Array.from({ length: 20 }, (_, i) =>
      inTx((tx) => ledger.hold(tx, [{ id: `race-${i}`, accountId: 'dora', amountNano: nano(300n) }])),
    );
    const refused = (await Promise.all(tries)).filter(({ size }) => size > 0).length;
    expect(refused).toBe(17);
    expect((await balance('dora')).heldNano).toBe(900n);
  });

  it('keeps an allowance that was given', async () => {
    await ledger.open(['anna'], nano(5n));
    expect((await balance('anna')).allowanceNano).toBe(1_000n);
  });
});
