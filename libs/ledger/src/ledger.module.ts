import { Module } from '@nestjs/common';
import { PostgresLedger } from './adapters/postgres/ledger.postgres.js';
import { Ledger } from './application/ledger.port.js';

export { Ledger1700000400000 } from './adapters/postgres/migrations/1700000400000-ledger.js';

@Module({ providers: [{ provide: Ledger, useClass: PostgresLedger }], exports: [Ledger] })
export class LedgerModule {}
