import { Database, type Tx } from '@kwartier/platform';
import {
  type Instant,
  type MicroPerKwh,
  type Page,
  type PageRequest,
  pageOf,
  type Side,
  type Wh,
} from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import type { StandingOrder, ZoneInterval } from '../../application/market.port.js';
import {
  type Admitted,
  clientKey,
  type GateView,
  intervalKey,
  OrderBook,
  type OrderRow,
  type OrderState,
  sideKey,
} from '../../application/order-book.port.js';
import type { Order } from '../../domain/order.js';
import { intervalColumns } from './interval-store.postgres.js';

interface Row {
  readonly orderId: string;
  readonly clientId: string;
  readonly participantId: string;
  readonly pointId: string;
  readonly zoneId: string;
  readonly startsAt: Instant;
  readonly side: Side;
  readonly energyWh: Wh;
  readonly limitMicroPerKwh: MicroPerKwh;
  readonly state: OrderState;
  readonly placedAt: Instant;
}

@Injectable()
export class PostgresOrderBook extends OrderBook {
  constructor(private readonly database: Database) {
    super();
  }

  async known(
    tx: Tx,
    orders: readonly Pick<Order, 'participantId' | 'clientId'>[],
  ): Promise<ReadonlyMap<string, OrderRow>> {
    if (orders.length === 0) return new Map();
    const rows = await tx.query<Row>(
      `SELECT ${columns} FROM market.order o
       WHERE (participant_id, client_id) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
      [orders.map(({ participantId }) => participantId), orders.map(({ clientId }) => clientId)],
    );
    return new Map(rows.map((row) => [clientKey(row), toOrderRow(row)]));
  }

  async holdGates(
    tx: Tx,
    wanted: readonly { readonly zoneId: string; readonly startsAt: Instant }[],
  ): Promise<ReadonlyMap<string, GateView>> {
    if (wanted.length === 0) return new Map();
    const unique = [...new Map(wanted.map((one) => [intervalKey(one), one])).values()];
    // A queue that is fair to the gate: share locks of rows overlap for ever, and whoever closes would wait for ever.
    await tx.execute(
      `SELECT pg_advisory_xact_lock_shared(hashtextextended(key, 0)) FROM unnest($1::text[]) AS key ORDER BY key`,
      [unique.map(intervalKey)],
    );
    const intervals = await tx.query<ZoneInterval>(
      `SELECT ${intervalColumns} FROM market.interval
       WHERE (zone_id, starts_at) IN (SELECT * FROM unnest($1::text[], $2::timestamptz[])) ORDER BY zone_id, starts_at FOR SHARE`,
      [unique.map(({ zoneId }) => zoneId), unique.map(({ startsAt }) => new Date(startsAt))],
    );
    const [clock] = await tx.query<{ now: Instant }>('SELECT market.now() AS now');
    return new Map(intervals.map((interval) => [intervalKey(interval), { interval, now: clock!.now }]));
  }

  async standingWh(tx: Tx, orders: readonly Order[]): Promise<ReadonlyMap<string, Wh>> {
    if (orders.length === 0) return new Map();
    const replaced = new Set(
      orders.flatMap(({ participantId, replaces }) =>
        replaces === undefined ? [] : [clientKey({ participantId, clientId: replaces })],
      ),
    );
    const rows = await tx.query<Pick<Row, 'participantId' | 'clientId' | 'pointId' | 'startsAt' | 'side' | 'energyWh'>>(
      `SELECT participant_id AS "participantId", client_id AS "clientId", point_id AS "pointId", starts_at AS "startsAt", side, energy_wh AS "energyWh"
       FROM market.order WHERE state = 'STANDING' AND point_id = ANY($1) AND starts_at = ANY($2::timestamptz[])`,
      [
        [...new Set(orders.map(({ pointId }) => pointId))],
        [...new Set(orders.map(({ startsAt }) => startsAt))].map((at) => new Date(at)),
      ],
    );
    const standing = new Map<string, Wh>();
    for (const row of rows)
      if (!replaced.has(clientKey(row)))
        standing.set(sideKey(row), ((standing.get(sideKey(row)) ?? 0n) + row.energyWh) as Wh);
    return standing;
  }

  async insert(tx: Tx, admitted: readonly Admitted[]): Promise<ReadonlyMap<string, string>> {
    const rows = await tx.query<Pick<Row, 'orderId' | 'participantId' | 'clientId'>>(
      // The clock is read once: the column's default would read it for every order.
      `INSERT INTO market.order (participant_id, client_id, point_id, zone_id, starts_at, side, energy_wh, limit_micro, tick, placed_at)
       SELECT *, (SELECT market.now()) FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::bigint[], $8::bigint[], $9::int[])
       ON CONFLICT (participant_id, client_id) DO NOTHING
       RETURNING id AS "orderId", participant_id AS "participantId", client_id AS "clientId"`,
      [
        admitted.map(({ order }) => order.participantId),
        admitted.map(({ order }) => order.clientId),
        admitted.map(({ order }) => order.pointId),
        admitted.map(({ order }) => order.zoneId),
        admitted.map(({ order }) => new Date(order.startsAt)),
        admitted.map(({ order }) => order.side),
        admitted.map(({ order }) => order.energyWh),
        admitted.map(({ order }) => order.limitMicroPerKwh),
        admitted.map(({ tick }) => tick),
      ],
    );
    return new Map(rows.map((row) => [clientKey(row), row.orderId]));
  }

  async withdraw(tx: Tx, orderIds: readonly string[]): Promise<void> {
    if (orderIds.length > 0) await tx.execute('DELETE FROM market.order WHERE id = ANY($1::uuid[])', [orderIds]);
  }

  async end(
    tx: Tx,
    orders: readonly Pick<Order, 'participantId' | 'clientId' | 'startsAt' | 'pointId'>[],
    state: 'REPLACED' | 'CANCELLED',
  ): Promise<readonly StandingOrder[]> {
    if (orders.length === 0) return [];
    const rows = await tx.query<Row>(
      `UPDATE market.order o SET state = $4
       WHERE state = 'STANDING' AND (participant_id, client_id, starts_at, point_id) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $5::text[]))
       RETURNING ${columns}`,
      [
        orders.map(({ participantId }) => participantId),
        orders.map(({ clientId }) => clientId),
        orders.map(({ startsAt }) => new Date(startsAt)),
        state,
        orders.map(({ pointId }) => pointId),
      ],
    );
    return rows.map(toOrderRow);
  }

  async restore(tx: Tx, orderIds: readonly string[]): Promise<void> {
    if (orderIds.length > 0)
      await tx.execute(`UPDATE market.order SET state = 'STANDING' WHERE id = ANY($1::uuid[])`, [orderIds]);
  }

  async standing(tx: Tx, zoneId: string, startsAt: Instant) {
    return tx.query<{
      orderId: string;
      pointId: string;
      participantId: string;
      side: Side;
      tick: number;
      energyWh: bigint;
    }>(
      `SELECT id AS "orderId", point_id AS "pointId", participant_id AS "participantId", side, tick, energy_wh AS "energyWh"
       FROM market.order WHERE zone_id = $1 AND starts_at = $2 AND state = 'STANDING'`,
      [zoneId, new Date(startsAt)],
    );
  }

  async list(
    { participantId, pointId }: { readonly participantId?: string | undefined; readonly pointId: string },
    windows: readonly { readonly from: Instant; readonly to: Instant }[],
    { first, after }: PageRequest<readonly [number, string]>,
  ): Promise<Page<OrderRow>> {
    const rows = await this.database.query<Row>(
      `SELECT ${columns} FROM market.order o
       WHERE point_id = $1 AND ($2::text IS NULL OR participant_id = $2)
         AND EXISTS (SELECT 1 FROM unnest($3::timestamptz[], $4::timestamptz[]) AS w (a, b) WHERE starts_at >= a AND starts_at < b)
         AND ($5::timestamptz IS NULL OR (starts_at, id) < ($5, $6::uuid))
       ORDER BY starts_at DESC, id DESC LIMIT $7`,
      [
        pointId,
        participantId,
        windows.map(({ from }) => new Date(from)),
        windows.map(({ to }) => new Date(to)),
        after && new Date(after[0]),
        after?.[1],
        first + 1,
      ],
    );
    return pageOf(rows.map(toOrderRow), first);
  }
}

const columns = `o.id AS "orderId", client_id AS "clientId", participant_id AS "participantId", point_id AS "pointId",
  zone_id AS "zoneId", starts_at AS "startsAt", side, energy_wh AS "energyWh", limit_micro AS "limitMicroPerKwh", state, placed_at AS "placedAt"`;

const toOrderRow = ({ orderId, state, placedAt, ...order }: Row): OrderRow => ({ orderId, state, placedAt, order });
