import { GridModule } from '@kwartier/grid/module';
import { IdentityModule } from '@kwartier/identity/module';
import { MeteringModule } from '@kwartier/metering/module';
import { Module } from '@nestjs/common';
import { ForecastsResolver } from './adapters/graphql/forecasts.resolver.js';
import { PostgresForecastStore } from './adapters/postgres/forecast-store.postgres.js';
import { BlendForecasts } from './application/blend-forecasts.js';
import { ForecastStore } from './application/forecast-store.port.js';
import { Forecasts } from './application/forecasts.port.js';

export { Forecasting1700000600000 } from './adapters/postgres/migrations/1700000600000-forecasting.js';

@Module({
  imports: [IdentityModule, GridModule, MeteringModule],
  providers: [
    ForecastsResolver,
    { provide: Forecasts, useClass: BlendForecasts },
    { provide: ForecastStore, useClass: PostgresForecastStore },
  ],
  exports: [Forecasts],
})
export class ForecastingModule {}
