import { Access, type Viewer } from '@kwartier/identity';
import { DateTime, MarketClock, MicroCreditsPerKwh, notFound, Refusal } from '@kwartier/platform';
import { type Instant, later, microPerKwh } from '@kwartier/units';
import {
  Args,
  Context,
  createUnionType,
  Field,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
} from '@nestjs/graphql';
import { SetWish } from '../../application/set-wish.js';
import { wishKey, Wishes } from '../../application/wishes.port.js';
import type { Preset } from '../../domain/wish.js';

export const PresetEnum = { BEST_PRICE: 'BEST_PRICE', KEEP_IT_LOCAL: 'KEEP_IT_LOCAL' } as const satisfies {
  [Name in Preset]: Name;
};
registerEnumType(PresetEnum, { name: 'Preset' });

@InputType()
export class WishInput {
  @Field(() => ID) pointId: string;
  @Field(() => PresetEnum) preset: Preset;
  @Field(() => MicroCreditsPerKwh, {
    nullable: true,
    description: 'The highest price you pay; null follows your tariff.',
  })
  buyLimitMicroPerKwh?: bigint;
  @Field(() => MicroCreditsPerKwh, {
    nullable: true,
    description: 'The lowest price you sell for; null follows your tariff.',
  })
  sellLimitMicroPerKwh?: bigint;
}

@ObjectType('Wish', { description: 'What a participant set once; agents follow it.' })
export class WishType {
  @Field(() => ID) pointId: string;
  @Field(() => PresetEnum) preset: Preset;
  @Field(() => MicroCreditsPerKwh, { nullable: true }) buyLimitMicroPerKwh: bigint | undefined;
  @Field(() => MicroCreditsPerKwh, { nullable: true }) sellLimitMicroPerKwh: bigint | undefined;
  @Field(() => DateTime) setAt: Instant;
}

@ObjectType({ implements: () => [Refusal] })
export class WishRefused extends Refusal {}

export const SetWishResult = createUnionType({
  name: 'SetWishResult',
  types: () => [WishType, WishRefused] as const,
  resolveType: (answer: WishType | WishRefused) => ('code' in answer ? WishRefused : WishType),
});

@Resolver()
export class WishResolver {
  constructor(
    private readonly setWishUse: SetWish,
    private readonly wishes: Wishes,
    private readonly access: Access,
    private readonly clock: MarketClock,
  ) {}

  @Query(() => WishType, {
    nullable: true,
    description: 'The wish that holds at the point now; null follows the tariff.',
  })
  async wish(
    @Args('pointId', { type: () => ID }) pointId: string,
    @Context('viewer') viewer: Viewer,
  ): Promise<WishType | undefined> {
    const now = await this.clock.now();
    const [window] = await this.access.windows(viewer, pointId, 'CURVE', now, later(now, 1));
    if (!window) throw notFound();
    if (window.participantId === undefined) return undefined;
    const holding = { pointId, participantId: window.participantId };
    return (await this.wishes.latest([holding])).get(wishKey(holding));
  }

  @Mutation(() => SetWishResult)
  async setWish(
    @Args('wish') { pointId, preset, buyLimitMicroPerKwh: buy, sellLimitMicroPerKwh: sell }: WishInput,
    @Context('viewer') viewer: Viewer,
  ): Promise<WishType | WishRefused> {
    const participantId = await this.access.actsFor(viewer, pointId, await this.clock.now());
    if (participantId === undefined) throw notFound();
    const price = (limit: bigint | null | undefined) => (limit == null ? undefined : microPerKwh(limit));
    const answer = await this.setWishUse.run(pointId, participantId, preset, price(buy), price(sell));
    if (answer.ok) return answer.value;
    return { code: answer.refusal.code, message: `Prices lie within ${answer.refusal.most} micro-credits of nothing.` };
  }
}
