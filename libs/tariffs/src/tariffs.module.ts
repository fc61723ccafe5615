import { Module } from '@nestjs/common';
import { TariffsResolver } from './adapters/graphql/tariffs.resolver.js';
import { PostgresTariffs } from './adapters/postgres/tariffs.postgres.js';
import { PublishTariff } from './application/publish-tariff.js';
import { Tariffs } from './application/tariffs.port.js';

export { Tariffs1700000300000 } from './adapters/postgres/migrations/1700000300000-tariffs.js';
export { PublishTariff } from './application/publish-tariff.js';

@Module({
  providers: [PublishTariff, TariffsResolver, { provide: Tariffs, useClass: PostgresTariffs }],
  exports: [PublishTariff, Tariffs],
})
export class TariffsModule {}
