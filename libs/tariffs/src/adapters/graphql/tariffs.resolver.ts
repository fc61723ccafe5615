import { DateTime, MicroCreditsPerKwh, notFound, Refusal } from '@kwartier/platform';
import type { Viewer } from '@kwartier/identity';
import { type Instant, microPerKwh } from '@kwartier/units';
import {
  Args,
  Context,
  createUnionType,
  Field,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  registerEnumType,
  Resolver,
} from '@nestjs/graphql';
import { GraphQLError } from 'graphql';
import { PublishTariff } from '../../application/publish-tariff.js';
import type { Weekdays } from '../../domain/tariff.js';

export const WeekdaysEnum = { ALL: 'ALL', WEEKEND: 'WEEKEND', WORKDAYS: 'WORKDAYS' } as const satisfies {
  [Name in Weekdays]: Name;
};
registerEnumType(WeekdaysEnum, { name: 'Weekdays' });

@InputType()
export class RateInput {
  @Field(() => Int, { description: 'Minute of the local day, from 0.' }) fromMinute: number;
  @Field(() => Int, { description: 'Up to 1440, not included.' }) toMinute: number;
  @Field(() => WeekdaysEnum) weekdays: Weekdays;
  @Field(() => MicroCreditsPerKwh) retailMicroPerKwh: bigint;
  @Field(() => MicroCreditsPerKwh) feedInMicroPerKwh: bigint;
}

@InputType()
export class TariffInput {
  @Field(() => ID) supplierId: string;
  @Field(() => String) supplierName: string;
  @Field(() => ID) tariffId: string;
  @Field(() => String) name: string;
  @Field(() => Int) version: number;
  @Field(() => DateTime) from: Instant;
  @Field(() => [RateInput]) rates: RateInput[];
}

@ObjectType()
export class TariffPublished {
  @Field(() => ID) tariffId: string;
  @Field(() => Int) version: number;
}

@ObjectType({ implements: () => [Refusal] })
export class TariffRefused extends Refusal {}

export const PublishTariffResult = createUnionType({
  name: 'PublishTariffResult',
  types: () => [TariffPublished, TariffRefused] as const,
  resolveType: (answer: TariffPublished | TariffRefused) => ('code' in answer ? TariffRefused : TariffPublished),
});

const sentences = {
  ALREADY_PUBLISHED: 'This version, or another that begins then, is published; what is published never changes.',
  FEED_IN_ABOVE_RETAIL: 'Feeding in cannot pay more than taking costs.',
  GAP_IN_TARIFF: 'Every minute of the week needs a price.',
  PRICE_OUT_OF_RANGE: 'Prices lie within ten credits a kilowatt-hour of nothing.',
  TARIFF_NOT_PUBLISHED: 'This tariff has no prices at that time; publish them first.',
  TOO_SOON: 'A new price must be known before its intervals open: choose an instant at least three hours ahead.',
  OVERLAP_IN_TARIFF: 'Two prices hold in the same minute.',
} as const;

@Resolver()
export class TariffsResolver {
  constructor(private readonly publish: PublishTariff) {}

  @Mutation(() => PublishTariffResult, { description: "Publishes a version of a supplier's tariff (administrators)." })
  async publishTariff(
    @Args('tariff') input: TariffInput,
    @Context('viewer') viewer: Viewer,
  ): Promise<TariffPublished | TariffRefused> {
    if (viewer.role !== 'ADMIN') throw notFound();
    const { supplierId, supplierName, tariffId, name, version, from } = input;
    const rates = input.rates.map((rate) => ({
      ...rate,
      retailMicroPerKwh: microPerKwh(rate.retailMicroPerKwh),
      feedInMicroPerKwh: microPerKwh(rate.feedInMicroPerKwh),
    }));
    const answer = await this.publish.run(
      { id: supplierId, name: supplierName },
      { id: tariffId, supplierId, name },
      { tariffId, version, from, rates },
    );
    return answer.ok ? { tariffId, version } : { code: answer.refusal.code, message: sentences[answer.refusal.code] };
  }

  @Mutation(() => Boolean, { description: 'Puts a point under a tariff from an instant on (administrators).' })
  async supplyPoint(
    @Args('pointId', { type: () => ID }) pointId: string,
    @Args('tariffId', { type: () => ID }) tariffId: string,
    @Args('from', { type: () => DateTime }) from: Instant,
    @Context('viewer') viewer: Viewer,
  ): Promise<boolean> {
    if (viewer.role !== 'ADMIN') throw notFound();
    const answer = await this.publish.supply({ pointId, tariffId, from });
    if (answer.ok) return true;
    throw new GraphQLError(sentences[answer.refusal.code], { extensions: { code: answer.refusal.code } });
  }
}
