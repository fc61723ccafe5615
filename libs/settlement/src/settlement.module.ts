import { GridModule } from '@kwartier/grid/module';
import { IdentityModule } from '@kwartier/identity/module';
import { LedgerModule } from '@kwartier/ledger/module';
import { MarketModule } from '@kwartier/market/module';
import { MeteringModule } from '@kwartier/metering/module';
import { TariffsModule } from '@kwartier/tariffs/module';
import { Module } from '@nestjs/common';
import { SettlementResolver } from './adapters/graphql/settlement.resolver.js';
import { PostgresSettlementStore } from './adapters/postgres/settlement-store.postgres.js';
import { SettleDue } from './application/settle-due.js';
import { SettleInterval } from './application/settle-interval.js';
import { SettlementStore } from './application/settlement-store.port.js';

export { Settlement1700000900000 } from './adapters/postgres/migrations/1700000900000-settlement.js';
export { SettleDue } from './application/settle-due.js';
export { SettleInterval } from './application/settle-interval.js';

@Module({
  imports: [IdentityModule, GridModule, TariffsModule, LedgerModule, MeteringModule, MarketModule],
  providers: [
    SettleDue,
    SettleInterval,
    SettlementResolver,
    { provide: SettlementStore, useClass: PostgresSettlementStore },
  ],
  exports: [SettleDue, SettleInterval],
})
export class SettlementModule {}
