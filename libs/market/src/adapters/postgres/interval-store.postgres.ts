import { randomBytes } from 'node:crypto';
import { Database, type Tx } from '@kwartier/platform';
import {
  concat,
  hex,
  type Instant,
  invariant,
  type Nano,
  type Page,
  type PageRequest,
  pageOf,
  sha256,
  utf8Bytes,
} from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import {
  type FrozenBook,
  IntervalStore,
  type KeptClearing,
  memberKey,
  type MemberKey,
} from '../../application/interval-store.port.js';
import type { MarketSetting, ZoneInterval } from '../../application/market.port.js';
import { intervalKey } from '../../application/order-book.port.js';
import type { IntervalState, MarketMode } from '../../domain/interval.js';
import { decodeRules, type Rules } from '../../domain/rules.js';

interface SettingRow {
  readonly zoneId: string;
  readonly mode: MarketMode;
  readonly rulesHash: Uint8Array;
  readonly opensMsBefore: bigint;
  readonly gateMsBefore: bigint;
  readonly graceMs: bigint;
  readonly allowanceNano: Nano;
}

export const intervalColumns = `zone_id AS "zoneId", starts_at AS "startsAt", ends_at AS "endsAt", gate_closes_at AS "gateClosesAt",
  mode, state, epoch, run, rules_hash AS "rulesHash"`;

@Injectable()
export class PostgresIntervalStore extends IntervalStore {
  /** Rules never change under their hash, so each is read once. */
  private readonly rulesOf = new Map<string, Rules>();

  constructor(private readonly database: Database) {
    super();
  }

  async keepSetting(
    { zoneId, mode, times, allowanceNano }: MarketSetting,
    rulesHash: Uint8Array,
    rulesBytes: Uint8Array,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.execute('INSERT INTO market.rules (hash, bytes) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
        Buffer.from(rulesHash),
        Buffer.from(rulesBytes),
      ]);
      await tx.execute(
        `INSERT INTO market.setting (zone_id, mode, rules_hash, opens_ms_before, gate_ms_before, grace_ms, allowance_nano)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (zone_id) DO UPDATE SET mode = excluded.mode, rules_hash = excluded.rules_hash, opens_ms_before = excluded.opens_ms_before,
           gate_ms_before = excluded.gate_ms_before, grace_ms = excluded.grace_ms, allowance_nano = excluded.allowance_nano`,
        [zoneId, mode, Buffer.from(rulesHash), times.opensMsBefore, times.gateMsBefore, times.graceMs, allowanceNano],
      );
    });
  }

  async settings(): Promise<readonly (MarketSetting & { readonly rulesHash: Uint8Array })[]> {
    const rows = await this.database.query<SettingRow>(
      `SELECT zone_id AS "zoneId", mode, rules_hash AS "rulesHash", opens_ms_before AS "opensMsBefore",
         gate_ms_before AS "gateMsBefore", grace_ms AS "graceMs", allowance_nano AS "allowanceNano"
       FROM market.setting ORDER BY zone_id`,
    );
    return Promise.all(
      rows.map(async ({ opensMsBefore, gateMsBefore, graceMs, ...row }) => ({
        ...row,
        rules: await this.rules(row.rulesHash),
        times: {
          opensMsBefore: Number(opensMsBefore),
          gateMsBefore: Number(gateMsBefore),
          graceMs: Number(graceMs),
        },
      })),
    );
  }

  async rules(hash: Uint8Array): Promise<Rules> {
    const key = hex(hash);
    const known = this.rulesOf.get(key);
    if (known) return known;
    const [row] = await this.database.query<{ bytes: Uint8Array }>('SELECT bytes FROM market.rules WHERE hash = $1', [
      hash,
    ]);
    const rules = row && decodeRules(row.bytes);
    invariant(rules?.ok, `the rules ${key} are known and can be read`);
    this.rulesOf.set(key, rules.value);
    return rules.value;
  }

  async open(intervals: readonly Omit<ZoneInterval, 'state' | 'epoch' | 'run'>[]): Promise<number> {
    if (intervals.length === 0) return 0;
    return this.database.execute(
      `INSERT INTO market.interval (zone_id, starts_at, ends_at, gate_closes_at, mode, rules_hash)
       SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::bytea[])
       ON CONFLICT DO NOTHING`,
      [
        intervals.map(({ zoneId }) => zoneId),
        intervals.map(({ startsAt }) => new Date(startsAt)),
        intervals.map(({ endsAt }) => new Date(endsAt)),
        intervals.map(({ gateClosesAt }) => new Date(gateClosesAt)),
        intervals.map(({ mode }) => mode),
        intervals.map(({ rulesHash }) => Buffer.from(rulesHash)),
      ],
    );
  }

  async waitForValues(zoneId: string, ms: number): Promise<void> {
    await this.database.execute(
      `UPDATE market.interval SET gate_closes_at = market.now() + $2 * interval '1 millisecond'
       WHERE zone_id = $1 AND state = 'OPEN' AND mode = 'METERED' AND ends_at <= market.now()
         AND gate_closes_at < market.now() + $2 * interval '1 millisecond'`,
      [zoneId, ms],
    );
  }

  async find(zoneId: string, startsAt: Instant): Promise<ZoneInterval | undefined> {
    const [row] = await this.database.query<ZoneInterval>(
      `SELECT ${intervalColumns} FROM market.interval WHERE zone_id = $1 AND starts_at = $2`,
      [zoneId, new Date(startsAt)],
    );
    return row;
  }

  async list(
    zoneId: string,
    from: Instant,
    to: Instant,
    { first, after }: PageRequest<readonly [number]>,
  ): Promise<Page<ZoneInterval>> {
    const rows = await this.database.query<ZoneInterval>(
      `SELECT ${intervalColumns} FROM market.interval
       WHERE zone_id = $1 AND starts_at >= $2 AND starts_at < $3 AND ($4::timestamptz IS NULL OR starts_at < $4)
       ORDER BY starts_at DESC LIMIT $5`,
      [zoneId, new Date(from), new Date(to), after && new Date(after[0]), first + 1],
    );
    return pageOf(rows, first);
  }

  async unsettled(zoneId: string, most: number): Promise<readonly ZoneInterval[]> {
    return this.database.query<ZoneInterval>(
      `SELECT ${intervalColumns} FROM market.interval
       WHERE zone_id = $1 AND state IN ('OPEN', 'CLOSING', 'CLEARED', 'METERED') ORDER BY starts_at LIMIT $2`,
      [zoneId, most],
    );
  }

  async last(zoneId: string): Promise<ZoneInterval | undefined> {
    const [row] = await this.database.query<ZoneInterval>(
      `SELECT ${intervalColumns} FROM market.interval WHERE zone_id = $1 ORDER BY starts_at DESC LIMIT 1`,
      [zoneId],
    );
    return row;
  }

  async gatesDue(most: number): Promise<readonly ZoneInterval[]> {
    return this.database.query<ZoneInterval>(
      `SELECT ${intervalColumns} FROM market.interval
       WHERE state = 'OPEN' AND gate_closes_at <= market.now() ORDER BY gate_closes_at, zone_id LIMIT $1`,
      [most],
    );
  }

  async closing(most: number): Promise<readonly ZoneInterval[]> {
    return this.database.query<ZoneInterval>(
      `SELECT ${intervalColumns} FROM market.interval WHERE state = 'CLOSING' ORDER BY starts_at, zone_id LIMIT $1`,
      [most],
    );
  }

  async lock(tx: Tx, zoneId: string, startsAt: Instant): Promise<ZoneInterval | undefined> {
    await tx.execute('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [intervalKey({ zoneId, startsAt })]);
    const [row] = await tx.query<ZoneInterval>(
      `SELECT ${intervalColumns} FROM market.interval WHERE zone_id = $1 AND starts_at = $2 FOR UPDATE`,
      [zoneId, new Date(startsAt)],
    );
    return row;
  }

  async move(tx: Tx, interval: ZoneInterval, to: IntervalState, run: number): Promise<boolean> {
    const moved = await tx.execute(
      `UPDATE market.interval SET state = $5, epoch = epoch + 1, run = $6
       WHERE zone_id = $1 AND starts_at = $2 AND state = $3 AND epoch = $4`,
      [interval.zoneId, new Date(interval.startsAt), interval.state, interval.epoch, to, run],
    );
    return moved === 1;
  }

  async members(
    tx: Tx,
    zoneId: string,
    period: string,
    wanted: readonly MemberKey[],
  ): Promise<ReadonlyMap<string, number>> {
    // One writer a zone: indexes are dense, so two of them must not be drawn at once.
    await tx.execute('SELECT 1 FROM market.setting WHERE zone_id = $1 FOR UPDATE', [zoneId]);
    await tx.execute('INSERT INTO market.period (zone_id, period, salt) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      zoneId,
      period,
      randomBytes(32),
    ]);
    const [{ salt }] = (await tx.query<{ salt: Uint8Array }>(
      'SELECT salt FROM market.period WHERE zone_id = $1 AND period = $2',
      [zoneId, period],
    )) as [{ salt: Uint8Array }];
    const rows = await tx.query<MemberKey & { index: number }>(
      'SELECT index, point_id AS "pointId", participant_id AS "participantId" FROM market.member WHERE zone_id = $1 AND period = $2',
      [zoneId, period],
    );
    const indexes = new Map(rows.map((row) => [memberKey(row), row.index]));
    const newcomers = [...new Map(wanted.map((one) => [memberKey(one), one])).values()]
      .filter((one) => !indexes.has(memberKey(one)))
      .map((one) => ({ ...one, lot: hex(sha256(concat(salt, utf8Bytes(memberKey(one))))) }))
      .sort((a, b) => (a.lot < b.lot ? -1 : 1));
    newcomers.forEach((one, i) => indexes.set(memberKey(one), rows.length + i));
    await tx.execute(
      `INSERT INTO market.member (zone_id, period, index, point_id, participant_id)
       SELECT $1, $2, * FROM unnest($3::int[], $4::text[], $5::text[])`,
      [
        zoneId,
        period,
        newcomers.map((one) => indexes.get(memberKey(one))),
        newcomers.map(({ pointId }) => pointId),
        newcomers.map(({ participantId }) => participantId),
      ],
    );
    return indexes;
  }

  async keepBook(tx: Tx, zoneId: string, startsAt: Instant, { bytes, root, orderIds }: FrozenBook): Promise<void> {
    await tx.execute(
      'INSERT INTO market.book (zone_id, starts_at, bytes, root, order_ids) VALUES ($1, $2, $3, $4, $5::uuid[])',
      [zoneId, new Date(startsAt), Buffer.from(bytes), Buffer.from(root), orderIds],
    );
  }

  async book(tx: Tx | undefined, zoneId: string, startsAt: Instant): Promise<FrozenBook | undefined> {
    const [row] = await (tx ?? this.database).query<FrozenBook>(
      'SELECT bytes, root, order_ids::text[] AS "orderIds" FROM market.book WHERE zone_id = $1 AND starts_at = $2',
      [zoneId, new Date(startsAt)],
    );
    return row;
  }

  async keepClearing(tx: Tx, clearing: Omit<KeptClearing, 'clearedAt'>): Promise<void> {
    await tx.execute(
      `INSERT INTO market.clearing (zone_id, starts_at, price_tick, volume_wh, order_count, result_bytes, result_root, book_root, pivotal_members)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        clearing.zoneId,
        new Date(clearing.startsAt),
        clearing.priceTick,
        clearing.volumeWh,
        clearing.orderCount,
        Buffer.from(clearing.resultBytes),
        Buffer.from(clearing.resultRoot),
        Buffer.from(clearing.bookRoot),
        clearing.pivotalMembers,
      ],
    );
    await tx.execute('INSERT INTO market.shadow (zone_id, starts_at) VALUES ($1, $2)', [
      clearing.zoneId,
      new Date(clearing.startsAt),
    ]);
  }

  async clearings(
    keys: readonly { readonly zoneId: string; readonly startsAt: Instant }[],
  ): Promise<readonly KeptClearing[]> {
    const rows = await this.database.query<
      KeptClearing & { priceTick: number | null; pivotalMembers: number[] | null }
    >(
      `SELECT zone_id AS "zoneId", starts_at AS "startsAt", price_tick AS "priceTick", volume_wh AS "volumeWh", order_count AS "orderCount",
         result_bytes AS "resultBytes", result_root AS "resultRoot", book_root AS "bookRoot", pivotal_members AS "pivotalMembers", cleared_at AS "clearedAt"
       FROM market.clearing WHERE (zone_id, starts_at) IN (SELECT * FROM unnest($1::text[], $2::timestamptz[]))`,
      [keys.map(({ zoneId }) => zoneId), keys.map(({ startsAt }) => new Date(startsAt))],
    );
    return rows.map((row) => ({
      ...row,
      priceTick: row.priceTick ?? undefined,
      pivotalMembers: row.pivotalMembers ?? undefined,
    }));
  }

  async owners(orderIds: readonly string[]): Promise<ReadonlyMap<string, MemberKey>> {
    const rows = await this.database.query<MemberKey & { id: string }>(
      'SELECT id, point_id AS "pointId", participant_id AS "participantId" FROM market.order WHERE id = ANY($1::uuid[])',
      [orderIds],
    );
    return new Map(rows.map(({ id, pointId, participantId }) => [id, { pointId, participantId }]));
  }
}
