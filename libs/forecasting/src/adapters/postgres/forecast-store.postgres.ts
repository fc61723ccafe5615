import { Database } from '@kwartier/platform';
import type { Instant } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { ForecastStore } from '../../application/forecast-store.port.js';
import type { Forecast } from '../../domain/forecast.js';

@Injectable()
export class PostgresForecastStore extends ForecastStore {
  constructor(private readonly database: Database) {
    super();
  }

  async keep(forecasts: readonly Forecast[]): Promise<void> {
    if (forecasts.length === 0) return;
    // Arrays of arrays travel as their text, because PostgreSQL would unnest them down to single numbers.
    await this.database.execute(
      `INSERT INTO forecasting.forecast (point_id, starts_at, issued_at, model, level, inputs_hash, import_wh, export_wh)
       SELECT point_id, starts_at, issued_at, model, level, inputs_hash, import_wh::int[], export_wh::int[]
       FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[], $4::text[], $5::int[], $6::text[], $7::text[], $8::text[])
         AS f (point_id, starts_at, issued_at, model, level, inputs_hash, import_wh, export_wh)
       ON CONFLICT DO NOTHING`,
      [
        forecasts.map(({ pointId }) => pointId),
        forecasts.map(({ startsAt }) => new Date(startsAt)),
        forecasts.map(({ issuedAt }) => new Date(issuedAt)),
        forecasts.map(({ model }) => model),
        forecasts.map(({ level }) => level),
        forecasts.map(({ inputsHash }) => inputsHash),
        forecasts.map(({ importWh }) => `{${importWh.join(',')}}`),
        forecasts.map(({ exportWh }) => `{${exportWh.join(',')}}`),
      ],
    );
  }

  async latest(pointIds: readonly string[], starts: readonly Instant[]): Promise<readonly Forecast[]> {
    return this.database.query<Forecast>(
      `SELECT DISTINCT ON (starts_at, point_id) point_id AS "pointId", starts_at AS "startsAt", issued_at AS "issuedAt",
         model, level, inputs_hash AS "inputsHash", import_wh AS "importWh", export_wh AS "exportWh"
       FROM forecasting.forecast WHERE starts_at = ANY($2::timestamptz[]) AND point_id = ANY($1)
       ORDER BY starts_at, point_id, issued_at DESC`,
      [pointIds, starts.map((at) => new Date(at))],
    );
  }
}
