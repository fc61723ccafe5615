import { Access, type Viewer } from '@kwartier/identity';
import { notFound } from '@kwartier/platform';
import { Args, Context, Field, ID, InputType, Int, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { Network } from '../../application/network.port.js';

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

@ObjectType('Network', { description: 'The feeder tree of a zone.' })
export class NetworkType {
  @Field(() => [FeederType]) feeders: FeederType[];
  @Field(() => TransformerType, { nullable: true }) transformer: TransformerType | undefined;
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

@Resolver()
export class GridResolver {
  constructor(
    private readonly network: Network,
    private readonly access: Access,
  ) {}

  @Query(() => NetworkType, { name: 'network' })
  async networkOf(
    @Args('zoneId', { type: () => ID }) zoneId: string,
    @Context('viewer') viewer: Viewer,
  ): Promise<NetworkType> {
    if (!(await this.access.zone(viewer, zoneId))) throw notFound();
    const [feeders, transformer] = await Promise.all([this.network.feeders(zoneId), this.network.transformer(zoneId)]);
    return { feeders: [...feeders], transformer };
  }

  @Mutation(() => NetworkType, { description: 'Builds or changes feeders and hangs points on them (administrators).' })
  async buildNetwork(
    @Args('zoneId', { type: () => ID }) zoneId: string,
    @Args('feeders', { type: () => [FeederInput] }) feeders: FeederInput[],
    @Args('connections', { type: () => [ConnectionInput] }) connections: ConnectionInput[],
    @Context('viewer') viewer: Viewer,
  ): Promise<NetworkType> {
    if (viewer.role !== 'ADMIN') throw notFound();
    await this.network.build(
      feeders.map((feeder) => ({ ...feeder, zoneId })),
      [],
    );
    await this.network.connect(connections);
    return this.networkOf(zoneId, viewer);
  }
}
