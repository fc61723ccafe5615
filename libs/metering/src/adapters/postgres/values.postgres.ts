import { Database } from '@kwartier/platform';
import type { Instant } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { Values } from '../../application/values.port.js';
import type { Revision } from '../../domain/interval-value.js';
import { valueColumns } from './reading-store.postgres.js';

@Injectable()
export class PostgresValues extends Values {
  constructor(private readonly database: Database) {
    super();
  }

  async at(pointIds: readonly string[], startsAt: Instant): Promise<ReadonlyMap<string, Revision>> {
    const rows = await this.among(pointIds, [startsAt]);
    return new Map(rows.map((row) => [row.pointId, row]));
  }

  async among(pointIds: readonly string[], starts: readonly Instant[]): Promise<readonly Revision[]> {
    return this.database.query<Revision>(
      `SELECT DISTINCT ON (v.starts_at, v.point_id) ${valueColumns} FROM metering.interval_value v
       WHERE v.starts_at = ANY($2::timestamptz[]) AND v.point_id = ANY($1::text[])
       ORDER BY v.starts_at, v.point_id, v.revision DESC`,
      [pointIds, starts.map((at) => new Date(at))],
    );
  }

  async series(pointId: string, from: Instant, to: Instant): Promise<readonly Revision[]> {
    return this.database.query<Revision>(
      `SELECT DISTINCT ON (v.starts_at) ${valueColumns} FROM metering.interval_value v
       WHERE v.point_id = $1 AND v.starts_at >= $2 AND v.starts_at < $3 ORDER BY v.starts_at, v.revision DESC`,
      [pointId, new Date(from), new Date(to)],
    );
  }

  async coverage(pointIds: readonly string[], from: Instant, to: Instant): Promise<ReadonlyMap<string, number>> {
    const rows = await this.database.query<{ pointId: string; intervals: number }>(
      `SELECT point_id AS "pointId", count(DISTINCT starts_at)::int AS intervals FROM metering.interval_value
       WHERE point_id = ANY($1) AND starts_at >= $2 AND starts_at < $3 GROUP BY point_id`,
      [pointIds, new Date(from), new Date(to)],
    );
    return new Map(rows.map(({ pointId, intervals }) => [pointId, intervals]));
  }
}
