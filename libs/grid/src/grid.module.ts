import { IdentityModule } from '@kwartier/identity/module';
import { Module } from '@nestjs/common';
import { PointConnectionResolver, ZoneNetworkResolver } from './adapters/graphql/grid.resolver.js';
import { PostgresNetwork } from './adapters/postgres/network.postgres.js';
import { Network } from './application/network.port.js';

export { type GridLoaders, gridLoaders } from './adapters/graphql/grid.loaders.js';
export { Grid1700000200000 } from './adapters/postgres/migrations/1700000200000-grid.js';

@Module({
  imports: [IdentityModule],
  providers: [PointConnectionResolver, ZoneNetworkResolver, { provide: Network, useClass: PostgresNetwork }],
  exports: [Network],
})
export class GridModule {}
