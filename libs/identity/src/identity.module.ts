import { Module } from '@nestjs/common';
import { IdentityResolver } from './adapters/graphql/identity.resolver.js';
import { PostgresRegister } from './adapters/postgres/register.postgres.js';
import { PostgresTokens } from './adapters/postgres/tokens.postgres.js';
import { Access } from './application/access.port.js';
import { Enrol } from './application/enrol.js';
import { ExchangeDevice } from './application/exchange-device.js';
import { MoveTenant } from './application/move-tenant.js';
import { RegisterAccess } from './application/register-access.js';
import { Register } from './application/register.port.js';
import { Sessions } from './application/sessions.js';
import { Tokens } from './application/tokens.port.js';

export { Identity1700000100000 } from './adapters/postgres/migrations/1700000100000-identity.js';
export { Enrol } from './application/enrol.js';
export { ExchangeDevice } from './application/exchange-device.js';
export { type IdentityLoaders, identityLoaders } from './adapters/graphql/identity.loaders.js';
export { MoveTenant } from './application/move-tenant.js';
export { Sessions } from './application/sessions.js';
export { Tokens } from './application/tokens.port.js';

@Module({
  providers: [
    Enrol,
    ExchangeDevice,
    MoveTenant,
    Sessions,
    IdentityResolver,
    { provide: Access, useClass: RegisterAccess },
    { provide: Register, useClass: PostgresRegister },
    { provide: Tokens, useClass: PostgresTokens },
  ],
  exports: [Access, Enrol, ExchangeDevice, MoveTenant, Sessions, Register, Tokens],
})
export class IdentityModule {}
