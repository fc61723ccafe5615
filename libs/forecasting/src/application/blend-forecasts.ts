import { Register } from '@kwartier/identity';
import { Values } from '@kwartier/metering';
import { MarketClock } from '@kwartier/platform';
import { type Instant, invariant, later, minutes } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { isWeekend, mostDaysBack, sameQuarter } from '../domain/blend.js';
import { type EarlierDay, forecastPoint } from '../domain/forecast-point.js';
import type { Forecast } from '../domain/forecast.js';
import { ForecastStore } from './forecast-store.port.js';
import { Forecasts } from './forecasts.port.js';

@Injectable()
export class BlendForecasts extends Forecasts {
  constructor(
    private readonly values: Values,
    private readonly register: Register,
    private readonly store: ForecastStore,
    private readonly clock: MarketClock,
  ) {
    super();
  }

  async issue(zoneId: string, pointIds: readonly string[], startsAt: Instant): Promise<ReadonlyMap<string, Forecast>> {
    const forecasts = await this.forecast(zoneId, pointIds, [startsAt]);
    await this.store.keep(forecasts);
    return new Map(forecasts.map((forecast) => [forecast.pointId, forecast]));
  }

  async latest(pointIds: readonly string[], startsAt: Instant): Promise<ReadonlyMap<string, Forecast>> {
    const forecasts = await this.store.latest(pointIds, [startsAt]);
    return new Map(forecasts.map((forecast) => [forecast.pointId, forecast]));
  }

  async outlook(zoneId: string, pointId: string, starts: readonly Instant[]): Promise<readonly Forecast[]> {
    const said = new Map((await this.store.latest([pointId], starts)).map((forecast) => [forecast.startsAt, forecast]));
    const unsaid = starts.filter((startsAt) => !said.has(startsAt));
    for (const forecast of await this.forecast(zoneId, [pointId], unsaid)) said.set(forecast.startsAt, forecast);
    return starts.map((startsAt) => said.get(startsAt)!);
  }

  /** Only intervals that have ended by now are looked at: what is not yet over cannot be known. */
  private async forecast(zoneId: string, pointIds: readonly string[], starts: readonly Instant[]): Promise<Forecast[]> {
    if (starts.length === 0 || pointIds.length === 0) return [];
    const zone = await this.register.zone(zoneId);
    invariant(zone, 'forecasts are made for zones that exist');
    const now = await this.clock.now();
    const length = minutes(zone.intervalMinutes);
    const lagsOf = new Map(
      starts.map((startsAt) => {
        const lags = Array.from({ length: mostDaysBack }, (_, i) => sameQuarter(startsAt, i + 1, zone.timeZone));
        return [startsAt, lags];
      }),
    );
    const wanted = [...new Set([...lagsOf.values()].flat())].filter((at) => later(at, length) <= now);
    const known = new Map(pointIds.map((pointId) => [pointId, new Map<Instant, EarlierDay>()]));
    for (const { pointId, startsAt, importWh, exportWh } of await this.values.among(pointIds, wanted))
      known.get(pointId)!.set(startsAt, { importWh: Number(importWh), exportWh: Number(exportWh) });

    return starts.flatMap((startsAt) => {
      const lags = lagsOf.get(startsAt)!;
      const weekend = isWeekend(startsAt, zone.timeZone);
      const sameClass = lags.map((lag) => isWeekend(lag, zone.timeZone) === weekend);
      return pointIds.map((pointId) =>
        forecastPoint(
          pointId,
          startsAt,
          now,
          lags.map((lag) => known.get(pointId)!.get(lag)),
          sameClass,
        ),
      );
    });
  }
}
