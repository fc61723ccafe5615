import { Database } from '@kwartier/platform';
import { Injectable } from '@nestjs/common';
import { Network } from '../../application/network.port.js';
import type { Connection, Feeder, Transformer } from '../../domain/connection.js';

const connectionColumns = 'c.point_id AS "pointId", c.feeder_id AS "feederId", c.limit_w AS "limitW"';

@Injectable()
export class PostgresNetwork extends Network {
  constructor(private readonly database: Database) {
    super();
  }

  async build(feeders: readonly Feeder[], transformers: readonly Transformer[]): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.execute(
        `INSERT INTO grid.feeder (id, zone_id, name, limit_import_w, limit_export_w)
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[])
         ON CONFLICT (id) DO UPDATE SET limit_import_w = excluded.limit_import_w, limit_export_w = excluded.limit_export_w`,
        [
          feeders.map(({ id }) => id),
          feeders.map(({ zoneId }) => zoneId),
          feeders.map(({ name }) => name),
          feeders.map(({ limitImportW }) => limitImportW),
          feeders.map(({ limitExportW }) => limitExportW),
        ],
      );
      for (const { zoneId, pointId, ratedW } of transformers)
        await tx.execute(
          `INSERT INTO grid.transformer (zone_id, point_id, rated_w) VALUES ($1, $2, $3)
           ON CONFLICT (zone_id) DO UPDATE SET point_id = excluded.point_id, rated_w = excluded.rated_w`,
          [zoneId, pointId, ratedW],
        );
    });
  }

  async connect(connections: readonly Connection[]): Promise<void> {
    await this.database.execute(
      `INSERT INTO grid.connection (point_id, feeder_id, limit_w) SELECT * FROM unnest($1::text[], $2::text[], $3::int[])
       ON CONFLICT (point_id) DO UPDATE SET feeder_id = excluded.feeder_id, limit_w = excluded.limit_w`,
      [
        connections.map(({ pointId }) => pointId),
        connections.map(({ feederId }) => feederId),
        connections.map(({ limitW }) => limitW),
      ],
    );
  }

  async feeders(zoneId: string): Promise<readonly Feeder[]> {
    return this.database.query<Feeder>(
      `SELECT id, zone_id AS "zoneId", name, limit_import_w AS "limitImportW", limit_export_w AS "limitExportW"
       FROM grid.feeder WHERE zone_id = $1 ORDER BY id`,
      [zoneId],
    );
  }

  async transformer(zoneId: string): Promise<Transformer | undefined> {
    const [row] = await this.database.query<Transformer>(
      'SELECT zone_id AS "zoneId", point_id AS "pointId", rated_w AS "ratedW" FROM grid.transformer WHERE zone_id = $1',
      [zoneId],
    );
    return row;
  }

  async connections(pointIds: readonly string[]): Promise<readonly Connection[]> {
    return this.database.query<Connection>(
      `SELECT ${connectionColumns} FROM grid.connection c WHERE point_id = ANY($1)`,
      [pointIds],
    );
  }

  async connectionsOf(zoneId: string): Promise<readonly Connection[]> {
    return this.database.query<Connection>(
      `SELECT ${connectionColumns} FROM grid.connection c JOIN grid.feeder f ON f.id = c.feeder_id
       WHERE f.zone_id = $1 ORDER BY c.point_id`,
      [zoneId],
    );
  }
}
