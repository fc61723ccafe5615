import { ForecastingModule } from '@kwartier/forecasting/module';
import { GridModule } from '@kwartier/grid/module';
import { IdentityModule } from '@kwartier/identity/module';
import { LedgerModule } from '@kwartier/ledger/module';
import { MeteringModule } from '@kwartier/metering/module';
import { TariffsModule } from '@kwartier/tariffs/module';
import { Module } from '@nestjs/common';
import { ClockResolver } from './adapters/graphql/clock.resolver.js';
import { IntervalResolver, OrderResolver, ZoneMarketResolver } from './adapters/graphql/market.resolver.js';
import { PostgresIntervalStore } from './adapters/postgres/interval-store.postgres.js';
import { PostgresOrderBook } from './adapters/postgres/order-book.postgres.js';
import { PostgresShadowStore } from './adapters/postgres/shadow-store.postgres.js';
import { CancelOrder } from './application/cancel-order.js';
import { ClearInterval } from './application/clear-interval.js';
import { CloseGate } from './application/close-gate.js';
import { CheckedClearings, IntervalLife } from './application/interval-life.js';
import { IntervalStore } from './application/interval-store.port.js';
import { Clearings, Intervals, Orders } from './application/market.port.js';
import { MarketSteps } from './application/market-steps.js';
import { OpenMarket } from './application/open-market.js';
import { OrderBook } from './application/order-book.port.js';
import { PlaceOrders } from './application/place-orders.js';
import { ShadowClearing } from './application/shadow-clearing.js';
import { ShadowStore } from './application/shadow-store.port.js';

export { type MarketLoaders, marketLoaders } from './adapters/graphql/market.loaders.js';
export { Market1700000700000 } from './adapters/postgres/migrations/1700000700000-market.js';
export { MarketEngine1700001000000 } from './adapters/postgres/migrations/1700001000000-market-engine.js';
export { IntervalStore } from './application/interval-store.port.js';
export { OpenMarket } from './application/open-market.js';

@Module({
  imports: [IdentityModule, GridModule, TariffsModule, LedgerModule, MeteringModule, ForecastingModule],
  providers: [
    CancelOrder,
    ClearInterval,
    ClockResolver,
    CloseGate,
    IntervalResolver,
    OpenMarket,
    OrderResolver,
    ShadowClearing,
    ZoneMarketResolver,
    { provide: Clearings, useClass: CheckedClearings },
    { provide: Intervals, useClass: IntervalLife },
    { provide: IntervalStore, useClass: PostgresIntervalStore },
    { provide: OrderBook, useClass: PostgresOrderBook },
    { provide: Orders, useClass: PlaceOrders },
    { provide: ShadowStore, useClass: PostgresShadowStore },
  ],
  exports: [ClearInterval, Clearings, CloseGate, Intervals, IntervalStore, OpenMarket, Orders, ShadowClearing],
})
export class MarketModule {}

/** Only in the process whose loop opens, closes and clears. */
@Module({ imports: [MarketModule], providers: [MarketSteps] })
export class MarketStepsModule {}
