import { Agents1700000800000, AgentsModule } from '@kwartier/agents/module';
import { Forecasting1700000600000, ForecastingModule } from '@kwartier/forecasting/module';
import { Grid1700000200000, gridLoaders, GridModule } from '@kwartier/grid/module';
import { Network } from '@kwartier/grid';
import { Register } from '@kwartier/identity';
import { Identity1700000100000, identityLoaders, IdentityModule, Sessions } from '@kwartier/identity/module';
import { Ledger1700000400000, LedgerModule } from '@kwartier/ledger/module';
import { IntervalStore, Market1700000700000, marketLoaders, MarketModule } from '@kwartier/market/module';
import { Metering1700000500000, MeteringModule } from '@kwartier/metering/module';
import {
  type ApiRooms,
  ApiRoomsOf,
  DatabaseModule,
  GraphqlApiModule,
  HouseController,
  type Migration,
  PlatformModule,
} from '@kwartier/platform';
import { Settlement1700000900000, SettlementModule } from '@kwartier/settlement/module';
import { Tariffs1700000300000, TariffsModule } from '@kwartier/tariffs/module';
import { type DynamicModule, Injectable, Module } from '@nestjs/common';

/** Of all rooms, upstream first. */
export const migrations: readonly Migration[] = [
  Identity1700000100000,
  Grid1700000200000,
  Tariffs1700000300000,
  Ledger1700000400000,
  Metering1700000500000,
  Forecasting1700000600000,
  Market1700000700000,
  Agents1700000800000,
  Settlement1700000900000,
];

@Injectable()
export class HouseRooms extends ApiRoomsOf {
  constructor(
    private readonly sessions: Sessions,
    private readonly register: Register,
    private readonly network: Network,
    private readonly intervals: IntervalStore,
  ) {
    super();
  }

  rooms(): ApiRooms {
    return {
      viewerOf: async (token) => this.sessions.viewerFor(token),
      loaders: () => ({
        ...identityLoaders(this.register),
        ...gridLoaders(this.network),
        ...marketLoaders(this.intervals),
      }),
      production: process.env['NODE_ENV'] === 'production',
    };
  }
}

@Module({ imports: [IdentityModule, GridModule, MarketModule], providers: [HouseRooms], exports: [HouseRooms] })
class HouseRoomsModule {}

/** The whole house in one process. */
@Module({})
export class HouseModule {
  static over(databaseUrl: string, onPoolError: (error: Error) => void): DynamicModule {
    return {
      module: HouseModule,
      imports: [
        DatabaseModule.forRoot({ url: databaseUrl, migrations, poolSize: 12, onPoolError }),
        PlatformModule,
        IdentityModule,
        GridModule,
        TariffsModule,
        LedgerModule,
        MeteringModule,
        ForecastingModule,
        MarketModule,
        AgentsModule,
        SettlementModule,
        GraphqlApiModule.forRoot({ imports: [HouseRoomsModule], provider: HouseRooms }),
      ],
      controllers: [HouseController],
    };
  }
}
