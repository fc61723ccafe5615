import { Database } from '@kwartier/platform';
import { type Instant, microPerKwh } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { Tariffs } from '../../application/tariffs.port.js';
import {
  type OwnPrices,
  type Rate,
  rateAt,
  type Supplier,
  type Supply,
  type Tariff,
  type TariffVersion,
} from '../../domain/tariff.js';

interface SupplyRow {
  readonly pointId: string;
  readonly tariffId: string;
  readonly tariffName: string;
  readonly version: number;
}

@Injectable()
export class PostgresTariffs extends Tariffs {
  /** A published version never changes, so it is read once. */
  private readonly ratesOf = new Map<string, readonly Rate[]>();

  constructor(private readonly database: Database) {
    super();
  }

  async publish(supplier: Supplier, tariff: Tariff, version: TariffVersion): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      await tx.execute('INSERT INTO tariffs.supplier (id, name) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING', [
        supplier.id,
        supplier.name,
      ]);
      await tx.execute(
        'INSERT INTO tariffs.tariff (id, supplier_id, name) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING',
        [tariff.id, supplier.id, tariff.name],
      );
      const isNew = await tx.execute(
        'INSERT INTO tariffs.version (tariff_id, version, valid_from) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
        [version.tariffId, version.version, new Date(version.from)],
      );
      if (isNew === 0) return false;
      for (const rate of version.rates)
        await tx.execute(
          `INSERT INTO tariffs.rate (tariff_id, version, from_minute, to_minute, weekdays, retail_micro, feed_in_micro)
           VALUES ($1, $2, $3, $4, $5, $6, $7)`,
          [
            version.tariffId,
            version.version,
            rate.fromMinute,
            rate.toMinute,
            rate.weekdays,
            rate.retailMicroPerKwh,
            rate.feedInMicroPerKwh,
          ],
        );
      return true;
    });
  }

  async isPublished(tariffId: string, at: Instant | undefined): Promise<boolean> {
    const rows = await this.database.query(
      'SELECT 1 FROM tariffs.version WHERE tariff_id = $1 AND ($2::timestamptz IS NULL OR valid_from <= $2) LIMIT 1',
      [tariffId, at === undefined ? undefined : new Date(at)],
    );
    return rows.length > 0;
  }

  async isSupplied(pointId: string): Promise<boolean> {
    return (
      (await this.database.query('SELECT 1 FROM tariffs.supply WHERE point_id = $1 LIMIT 1', [pointId])).length > 0
    );
  }

  async supply(supplies: readonly Supply[]): Promise<void> {
    const values = [
      supplies.map(({ pointId }) => pointId),
      supplies.map(({ tariffId }) => tariffId),
      supplies.map(({ from }) => new Date(from)),
    ];
    await this.database.transaction(async (tx) => {
      await tx.execute(
        `UPDATE tariffs.supply SET valid_to = next.valid_from
         FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS next (point_id, tariff_id, valid_from)
         WHERE supply.point_id = next.point_id AND supply.valid_to IS NULL AND supply.valid_from < next.valid_from`,
        values,
      );
      await tx.execute(
        `INSERT INTO tariffs.supply (point_id, tariff_id, valid_from)
         SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[])`,
        values,
      );
    });
  }

  async ownPrices(
    pointIds: readonly string[],
    startsAt: Instant,
    timeZone: string,
  ): Promise<ReadonlyMap<string, OwnPrices>> {
    const rows = await this.database.query<SupplyRow>(
      `SELECT s.point_id AS "pointId", s.tariff_id AS "tariffId", t.name AS "tariffName", v.version
       FROM tariffs.supply s JOIN tariffs.tariff t ON t.id = s.tariff_id
       JOIN LATERAL (
         SELECT version FROM tariffs.version WHERE tariff_id = s.tariff_id AND valid_from <= $2 ORDER BY valid_from DESC LIMIT 1
       ) v ON true
       WHERE s.point_id = ANY($1) AND s.valid_from <= $2 AND (s.valid_to IS NULL OR s.valid_to > $2)`,
      [pointIds, new Date(startsAt)],
    );
    const now = new Map<string, Rate>();
    for (const row of rows) {
      const key = `${row.tariffId}/${row.version}`;
      if (!now.has(key)) now.set(key, rateAt(await this.rates(row.tariffId, row.version), startsAt, timeZone));
    }
    return new Map(
      rows.map(({ pointId, tariffId, tariffName, version }) => {
        const { retailMicroPerKwh, feedInMicroPerKwh } = now.get(`${tariffId}/${version}`)!;
        return [pointId, { tariffId, tariffName, version, retailMicroPerKwh, feedInMicroPerKwh }];
      }),
    );
  }

  private async rates(tariffId: string, version: number): Promise<readonly Rate[]> {
    const key = `${tariffId}/${version}`;
    const known = this.ratesOf.get(key);
    if (known) return known;
    const rows = await this.database.query<
      Omit<Rate, 'retailMicroPerKwh' | 'feedInMicroPerKwh'> & { retail: bigint; feedIn: bigint }
    >(
      `SELECT from_minute AS "fromMinute", to_minute AS "toMinute", weekdays, retail_micro AS retail, feed_in_micro AS "feedIn"
       FROM tariffs.rate WHERE tariff_id = $1 AND version = $2`,
      [tariffId, version],
    );
    const rates = rows.map(({ retail, feedIn, ...rate }) => ({
      ...rate,
      retailMicroPerKwh: microPerKwh(retail),
      feedInMicroPerKwh: microPerKwh(feedIn),
    }));
    this.ratesOf.set(key, rates);
    return rates;
  }
}
