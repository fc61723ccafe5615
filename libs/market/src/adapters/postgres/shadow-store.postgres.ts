import { Database } from '@kwartier/platform';
import type { Instant } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import type { ZoneInterval } from '../../application/market.port.js';
import { type Shadow, ShadowStore } from '../../application/shadow-store.port.js';
import { intervalColumns } from './interval-store.postgres.js';

@Injectable()
export class PostgresShadowStore extends ShadowStore {
  constructor(private readonly database: Database) {
    super();
  }

  async due(most: number): Promise<readonly ZoneInterval[]> {
    return this.database.query<ZoneInterval>(
      `SELECT ${intervalColumns} FROM market.shadow JOIN market.interval USING (zone_id, starts_at)
       WHERE result_bytes IS NULL AND flaw IS NULL ORDER BY starts_at, zone_id LIMIT $1`,
      [most],
    );
  }

  async keep(zoneId: string, startsAt: Instant, shadow: Shadow): Promise<void> {
    await this.database.execute(
      `UPDATE market.shadow SET network_bytes = $3, places_bytes = $4, result_bytes = $5, volume_wh = $6, binding_lines = $7
       WHERE zone_id = $1 AND starts_at = $2 AND result_bytes IS NULL`,
      [
        zoneId,
        new Date(startsAt),
        Buffer.from(shadow.networkBytes),
        Buffer.from(shadow.placesBytes),
        Buffer.from(shadow.resultBytes),
        shadow.volumeWh,
        shadow.bindingLines,
      ],
    );
  }

  async giveUp(zoneId: string, startsAt: Instant, flaw: string): Promise<void> {
    await this.database.execute(
      'UPDATE market.shadow SET flaw = $3 WHERE zone_id = $1 AND starts_at = $2 AND result_bytes IS NULL',
      [zoneId, new Date(startsAt), flaw],
    );
  }
}
