import { Test, type TestingModule } from '@nestjs/testing';
import { startTestPostgres, type TestPostgres } from '../../../../test/support/postgres.js';
import { MarketClock } from '../clock/market-clock.js';
import { Database } from '../database/database.js';
import { DatabaseModule } from '../database/database.module.js';
import { PlatformModule } from '../platform.module.js';
import { Live } from './live.js';
import { Outbox } from './outbox.js';

describe('the ground', () => {
  let postgres: TestPostgres;
  let house: TestingModule;
  let database: Database;
  let outbox: Outbox;
  beforeAll(async () => {
    postgres = await startTestPostgres();
    house = await Test.createTestingModule({
      imports: [DatabaseModule.forRoot({ url: postgres.url, migrations: [] }), PlatformModule],
    }).compile();
    await house.init();
    database = house.get(Database, { strict: false });
    outbox = house.get(Outbox);
  });
  afterAll(async () => {
    await house.close();
    await postgres.stop();
  });

  const tell = async (topic: string, ...keys: string[]): Promise<void> =>
    database.transaction(async (tx) => outbox.tell(tx, ...keys.map((key) => ({ topic, key, payload: { key } }))));

  it('delivers what was told, once, however often it was told', async () => {
    await tell('a', '1', '2');
    await tell('a', '2');
    const seen: string[] = [];
    const handle = async (_: unknown, messages: readonly { key: string }[]) =>
      void seen.push(...messages.map(({ key }) => key));
    expect(await outbox.deliver(database, 'a', 10, handle)).toBe(2);
    expect(await outbox.deliver(database, 'a', 10, handle)).toBe(0);
    expect(seen).toEqual(['1', '2']);
  });

  it('tells nothing of a transaction that was undone, and delivers again what failed', async () => {
    const undone = database.transaction(async (tx) => {
      await outbox.tell(tx, { topic: 'b', key: 'undone', payload: {} });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await tell('b', 'kept');
    const failing = outbox.deliver(database, 'b', 10, async () => Promise.reject(new Error('not now')));
    await expect(failing).rejects.toThrow('not now');
    expect(await outbox.deliver(database, 'b', 10, async () => undefined)).toBe(1);
  });

  it('loses nothing to writers that overtake each other while several hands deliver', async () => {
    const seen: string[] = [];
    let writing = true;
    const deliver = async (): Promise<void> => {
      for (let last = false; !last;) {
        last = !writing;
        await outbox.deliver(
          database,
          'c',
          7,
          async (_, messages) => void seen.push(...messages.map(({ key }) => key)),
        );
      }
    };
    const hands = [deliver(), deliver(), deliver()];
    await Promise.all(
      Array.from({ length: 6 }, async (_, writer) => {
        for (let i = 0; i < 40; i++) await tell('c', `${writer}/${i}`);
      }),
    );
    writing = false;
    await Promise.all(hands);
    expect(seen).toHaveLength(240);
    expect(new Set(seen).size).toBe(240);
  });

  it('hints at what just happened, when it is committed, to those who watch', async () => {
    const live = house.get(Live);
    const heard = live.watch('news', (event) => event['of']);
    const next = heard.next();
    await database.transaction(async (tx) => {
      await outbox.hint(tx, { kind: 'other', of: 'nothing' });
      await outbox.hint(tx, { kind: 'news', of: 'anna' });
    });
    expect(await next).toEqual({ done: false, value: 'anna' });
  });

  it('lets a watcher go at once, in the middle of waiting', async () => {
    const heard = house.get(Live).watch('silence', () => 'never');
    const next = heard.next();
    await heard.return?.();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('brings 64-bit numbers, instants and lists of them exactly', async () => {
    const [row] = await database.query<{ most: bigint; at: number; list: bigint[] }>(
      `SELECT 9223372036854775807 AS most, '2026-06-21 12:00:00.123+02'::timestamptz AS at, ARRAY[1, 9007199254740993]::bigint[] AS list`,
    );
    expect(row).toEqual({
      most: 9_223_372_036_854_775_807n,
      at: Date.UTC(2026, 5, 21, 10, 0, 0, 123),
      list: [1n, 9_007_199_254_740_993n],
    });
  });

  it('survives the loss of its connections', async () => {
    await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    const clock = house.get(MarketClock);
    const heard = house.get(Live).watch('back', () => true);
    const next = heard.next();
    const shout = async (): Promise<void> => database.transaction(async (tx) => outbox.hint(tx, { kind: 'back' }));
    let isBack = false;
    void next.then(() => (isBack = true));
    while (!isBack) {
      await shout().catch(() => undefined);
      await new Promise((later) => setTimeout(later, 50));
    }
    expect((await clock.state()).mode).toBe('REAL');
  });
});
