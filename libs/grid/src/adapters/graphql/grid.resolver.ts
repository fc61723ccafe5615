import type { Viewer } from '@kwartier/identity';
import { PointType, ZoneType } from '@kwartier/identity/graphql';
import { notFound } from '@kwartier/platform';
import {
  Args,
  Context,
  Field,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Parent,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { Network } from '../../application/network.port.js';
import type { GridLoaders } from './grid.loaders.js';

@ObjectType('Feeder', { description: 'A line from the transformer to homes.' })
export class FeederType {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
  @Field(() => Int) limitImportW: number;
  @Field(() => Int) limitExportW: number;
}

@ObjectType('Transformer')
export class TransformerType {
  @Field(() => ID) pointId: string;
  @Field(() => Int) ratedW: number;
}

@InputType()
export class FeederInput {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
  @Field(() => Int) limitImportW: number;
  @Field(() => Int) limitExportW: number;
}

@InputType()
export class ConnectionInput {
  @Field(() => ID) pointId: string;
  @Field(() => ID) feederId: string;
  @Field(() => Int, { description: 'What its fuse carries, in watts.' }) limitW: number;
}

@InputType()
export class TransformerInput {
  @Field(() => ID, { description: 'The point of kind TRANSFORMER whose meter shows its load.' }) pointId: string;
  @Field(() => Int) ratedW: number;
}

@Resolver(() => ZoneType)
export class ZoneNetworkResolver {
  constructor(private readonly network: Network) {}

  @ResolveField(() => [FeederType])
  async feeders(@Parent() zone: ZoneType): Promise<FeederType[]> {
    return [...(await this.network.feeders(zone.id))];
  }

  @ResolveField(() => TransformerType, { nullable: true })
  async transformer(@Parent() zone: ZoneType): Promise<TransformerType | undefined> {
    return this.network.transformer(zone.id);
  }

  @Mutation(() => [FeederType], { description: 'Builds or changes feeders and hangs points on them (administrators).' })
  async buildNetwork(
    @Args('zoneId', { type: () => ID }) zoneId: string,
    @Args('feeders', { type: () => [FeederInput] }) feeders: FeederInput[],
    @Args('connections', { type: () => [ConnectionInput] }) connections: ConnectionInput[],
    @Args('transformer', { type: () => TransformerInput, nullable: true }) transformer: TransformerInput | undefined,
    @Context('viewer') viewer: Viewer,
  ): Promise<FeederType[]> {
    if (viewer.role !== 'ADMIN') throw notFound();
    await this.network.build(
      feeders.map((feeder) => ({ ...feeder, zoneId })),
      transformer ? [{ ...transformer, zoneId }] : [],
    );
    await this.network.connect(connections);
    return [...(await this.network.feeders(zoneId))];
  }
}

@Resolver(() => PointType)
export class PointConnectionResolver {
  @ResolveField(() => ID, { nullable: true, description: 'The feeder it hangs on.' })
  async feederId(@Parent() point: PointType, @Context('loaders') loaders: GridLoaders): Promise<string | undefined> {
    return (await loaders.connections.load(point.id))?.feederId;
  }
}
