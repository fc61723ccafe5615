import type { Viewer } from '@kwartier/identity';
import { badInput, clockChangedHint, Live, MarketClock, notFound } from '@kwartier/platform';
import { Args, Context, Int, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { ClockType } from './market.types.js';

const demoSpeeds = [1, 60, 600];

@Resolver()
export class ClockResolver {
  constructor(
    private readonly marketClock: MarketClock,
    private readonly live: Live,
  ) {}

  @Query(() => ClockType)
  async clock(): Promise<ClockType> {
    return this.marketClock.state();
  }

  @Mutation(() => ClockType, { description: "How fast the demo's clock runs: 1, 60 or 600 times real time." })
  async setDemoSpeed(
    @Args('speed', { type: () => Int }) speed: number,
    @Context('viewer') viewer: Viewer,
  ): Promise<ClockType> {
    const { mode, speed: before } = await this.marketClock.state();
    if (mode !== 'DEMO' || !(viewer.role === 'AUDITOR' && viewer.demo)) throw notFound();
    if (!demoSpeeds.includes(speed)) throw badInput(`speed is one of ${demoSpeeds.join(', ')}`);
    if (before === 0) throw badInput('The street is still catching up; its clock will run in a moment');
    await this.marketClock.setDemoSpeed(speed);
    return this.marketClock.state();
  }

  @Subscription(() => ClockType, {
    description: 'The clock whenever it is set.',
    resolve: (clock: ClockType) => clock,
  })
  clockChanged(): AsyncIterable<ClockType> {
    return this.live.watch(clockChangedHint, async () => this.marketClock.state());
  }
}
