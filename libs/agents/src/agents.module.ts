import { ForecastingModule } from '@kwartier/forecasting/module';
import { IdentityModule } from '@kwartier/identity/module';
import { MarketModule } from '@kwartier/market/module';
import { MeteringModule } from '@kwartier/metering/module';
import { TariffsModule } from '@kwartier/tariffs/module';
import { Module } from '@nestjs/common';
import { WishResolver } from './adapters/graphql/wish.resolver.js';
import { PostgresRounds } from './adapters/postgres/rounds.postgres.js';
import { PostgresWishes } from './adapters/postgres/wishes.postgres.js';
import { OrderForHomes } from './application/order-for-homes.js';
import { Rounds } from './application/rounds.port.js';
import { SetWish } from './application/set-wish.js';
import { Wishes } from './application/wishes.port.js';

export { Agents1700000800000 } from './adapters/postgres/migrations/1700000800000-agents.js';
export { SetWish } from './application/set-wish.js';

@Module({
  imports: [IdentityModule, TariffsModule, ForecastingModule, MeteringModule, MarketModule],
  providers: [
    SetWish,
    WishResolver,
    { provide: Rounds, useClass: PostgresRounds },
    { provide: Wishes, useClass: PostgresWishes },
  ],
  exports: [Rounds, SetWish, Wishes],
})
export class AgentsModule {}

/** Only in the process whose loop orders for homes. */
@Module({
  imports: [IdentityModule, TariffsModule, ForecastingModule, MeteringModule, MarketModule, AgentsModule],
  providers: [OrderForHomes],
})
export class AgentsStepsModule {}
