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
import { WriteLines } from './application/write-lines.js';

export { Settlement1700000900000 } from './adapters/postgres/migrations/1700000900000-settlement.js';
export { SettleInterval } from './application/settle-interval.js';

@Module({
  imports: [IdentityModule, GridModule, TariffsModule, LedgerModule, MeteringModule, MarketModule],
  providers: [
    SettleInterval,
    SettlementResolver,
    WriteLines,
    { provide: SettlementStore, useClass: PostgresSettlementStore },
  ],
  exports: [SettleInterval, SettlementStore],
})
export class SettlementModule {}

/** Only in the process whose loop settles and corrects. */
@Module({
  imports: [IdentityModule, LedgerModule, MeteringModule, MarketModule, SettlementModule],
  providers: [SettleDue],
})
export class SettlementStepsModule {}
