import { Agents1700000800000, AgentsModule, AgentsStepsModule } from '@kwartier/agents/module';
import { Forecasting1700000600000, ForecastingModule } from '@kwartier/forecasting/module';
import { Grid1700000200000, gridLoaders, GridModule } from '@kwartier/grid/module';
import { Network } from '@kwartier/grid';
import { Register } from '@kwartier/identity';
import { Identity1700000100000, identityLoaders, IdentityModule, Sessions } from '@kwartier/identity/module';
import { Ledger1700000400000, LedgerModule } from '@kwartier/ledger/module';
import {
  IntervalStore,
  Market1700000700000,
  MarketEngine1700001000000,
  marketLoaders,
  MarketModule,
  MarketStepsModule,
} from '@kwartier/market/module';
import { MeterDoorsModule, Metering1700000500000, MeteringModule } from '@kwartier/metering/module';
import {
  type ApiRooms,
  ApiRoomsOf,
  DatabaseModule,
  GraphqlApiModule,
  HouseController,
  type Migration,
  PlatformModule,
} from '@kwartier/platform';
import { Settlement1700000900000, SettlementModule, SettlementStepsModule } from '@kwartier/settlement/module';
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
  MarketEngine1700001000000,
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

/** What a process does for the house. Every process knows all rooms; doors and steps stand only where they are chosen. */
export type Part = 'api' | 'gateway' | 'market' | 'forecaster';
export const wholeHouse: readonly Part[] = ['api', 'gateway', 'market', 'forecaster'];

const modulesOf: Readonly<Record<Part, NonNullable<DynamicModule['imports']>>> = {
  api: [GraphqlApiModule.forRoot({ imports: [HouseRoomsModule], provider: HouseRooms })],
  gateway: [MeterDoorsModule],
  market: [MarketStepsModule, SettlementStepsModule],
  forecaster: [AgentsStepsModule],
};

export interface HouseOptions {
  readonly databaseUrl: string;
  readonly parts: readonly Part[];
  readonly onPoolError: (error: Error) => void;
}

/** The one list of rooms that all processes stand on. */
@Module({})
export class HouseModule {
  static over({ databaseUrl, parts, onPoolError }: HouseOptions): DynamicModule {
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
        ...parts.flatMap((part) => modulesOf[part]),
      ],
      controllers: [HouseController],
    };
  }
}
