import { Access, Register, type Viewer } from '@kwartier/identity';
import { ZoneType } from '@kwartier/identity/graphql';
import {
  type ConnectionOf,
  DateTime,
  isInstantKey,
  isInstantUuidKey,
  Live,
  notFound,
  PageArgs,
  toConnection,
  toPageRequest,
  WattHours,
} from '@kwartier/platform';
import {
  formatInstant,
  hex,
  instant,
  type Instant,
  microPerKwh,
  nano,
  type PageRequest,
  priceAt,
  wh,
} from '@kwartier/units';
import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import { CancelOrder, type CancelRefusal } from '../../application/cancel-order.js';
import { IntervalStore } from '../../application/interval-store.port.js';
import {
  intervalClearedHint,
  Orders,
  type PlaceOrderRefusal,
  type ZoneInterval,
} from '../../application/market.port.js';
import { OpenMarket } from '../../application/open-market.js';
import { OrderBook, type OrderRow } from '../../application/order-book.port.js';
import { type MarketMode, usualTimes } from '../../domain/interval.js';
import { rulesHash, type Rules } from '../../domain/rules.js';
import type { MarketLoaders } from './market.loaders.js';
import {
  ClearingType,
  IntervalConnection,
  IntervalType,
  MarketInput,
  MarketModeEnum,
  MarketOpened,
  MarketRefused,
  OpenMarketResult,
  OrderConnection,
  OrderRefused,
  OrderType,
  PlacedOrder,
  PlaceOrderInput,
  PlaceOrderResult,
} from './market.types.js';

const farPast = instant(0);
const farFuture = instant(Date.UTC(9999, 0, 1));

@Resolver(() => IntervalType)
export class IntervalResolver {
  constructor(
    private readonly intervalStore: IntervalStore,
    private readonly access: Access,
    private readonly register: Register,
    private readonly live: Live,
    private readonly openMarketUse: OpenMarket,
  ) {}

  @Query(() => IntervalConnection, { description: 'Intervals of a zone, newest first.' })
  async intervals(
    @Args('zoneId', { type: () => ID }) zoneId: string,
    @Args('from', { type: () => DateTime, nullable: true }) from: Instant | undefined,
    @Args('to', { type: () => DateTime, nullable: true }) to: Instant | undefined,
    @Args() page: PageArgs,
    @Context('viewer') viewer: Viewer,
  ): Promise<ConnectionOf<IntervalType>> {
    if (!(await this.access.zone(viewer, zoneId))) throw notFound();
    const request = toPageRequest(page, isInstantKey);
    const rows = await this.intervalStore.list(zoneId, from ?? farPast, to ?? farFuture, request);
    return toConnection(rows, ({ startsAt }) => [startsAt], toInterval);
  }

  @ResolveField(() => ClearingType, { nullable: true, description: 'Null before the gate.' })
  async clearing(
    @Parent() { zoneId, startsAt }: IntervalType,
    @Context('loaders') loaders: MarketLoaders,
  ): Promise<ClearingType | undefined> {
    const found = await loaders.clearings.load({ zoneId, startsAt });
    if (!found) return undefined;
    const { clearing, rules } = found;
    return {
      ...clearing,
      bookRoot: hex(clearing.bookRoot),
      resultRoot: hex(clearing.resultRoot),
      pivotalOwners: clearing.pivotalMembers?.length,
      priceMicroPerKwh: clearing.priceTick === undefined ? undefined : priceAt(rules.grid, clearing.priceTick),
    };
  }

  @Subscription(() => IntervalType, {
    description: 'Each interval of the zone as it is cleared.',
    resolve: (interval: IntervalType) => interval,
  })
  async intervalCleared(
    @Args('zoneId', { type: () => ID }) zoneId: string,
    @Context('viewer') viewer: Viewer,
  ): Promise<AsyncIterable<IntervalType>> {
    if (!(await this.access.zone(viewer, zoneId))) throw notFound();
    return this.live.watch(intervalClearedHint, async (event) => {
      if (event['zoneId'] !== zoneId) return undefined;
      const interval = await this.intervalStore.find(zoneId, instant(Number(event['startsAt'])));
      return interval && toInterval(interval);
    });
  }

  @Mutation(() => OpenMarketResult, { description: 'Says how a zone trades (administrators).' })
  async openMarket(
    @Args('market') input: MarketInput,
    @Context('viewer') viewer: Viewer,
  ): Promise<MarketOpened | MarketRefused> {
    if (viewer.role !== 'ADMIN') throw notFound();
    const zone = await this.register.zone(input.zoneId);
    const rules: Rules = {
      grid: { start: microPerKwh(0n), tick: microPerKwh(100n), count: 8_192 },
      priceRule: input.priceRule,
      buyerFeeMicroPerKwh: microPerKwh(input.buyerFeeMicroPerKwh),
      sellerFeeMicroPerKwh: microPerKwh(input.sellerFeeMicroPerKwh),
      tieRule: 'BY_INTERVAL',
      intervalMinutes: zone?.intervalMinutes ?? 15,
      undeliveredSharePpm: 0,
    };
    const { zoneId, mode } = input;
    const answer = await this.openMarketUse.run({
      zoneId,
      mode,
      rules,
      times: usualTimes,
      allowanceNano: nano(input.allowanceNano),
    });
    if (answer.ok) return { zoneId, rulesHash: hex(rulesHash(rules)) };
    return { code: answer.refusal.code, message: marketSentences[answer.refusal.code] };
  }
}

@Resolver(() => ZoneType)
export class ZoneMarketResolver {
  constructor(private readonly intervalStore: IntervalStore) {}

  @ResolveField(() => MarketModeEnum, {
    nullable: true,
    description: 'How it trades; null before its market is opened.',
  })
  async mode(@Parent() zone: ZoneType): Promise<MarketMode | undefined> {
    return (await this.intervalStore.settings()).find(({ zoneId }) => zoneId === zone.id)?.mode;
  }
}

@Resolver(() => OrderType)
export class OrderResolver {
  constructor(
    private readonly orderDoor: Orders,
    private readonly cancel: CancelOrder,
    private readonly book: OrderBook,
    private readonly register: Register,
    private readonly access: Access,
  ) {}

  @Query(() => OrderConnection, {
    description: "A point's orders, newest interval first, in the time that is yours to see.",
  })
  async orders(
    @Args('pointId', { type: () => ID }) pointId: string,
    @Args() page: PageArgs,
    @Context('viewer') viewer: Viewer,
  ): Promise<ConnectionOf<OrderType>> {
    const windows = await this.access.windows(viewer, pointId, 'CURVE', farPast, farFuture);
    if (windows.length === 0) throw notFound();
    const request: PageRequest<readonly [number, string]> = toPageRequest(page, isInstantUuidKey);
    const rows = await this.book.list({ pointId, participantId: windows[0]!.participantId }, windows, request);
    return toConnection(rows, ({ order, orderId }) => [order.startsAt, orderId], toOrder);
  }

  @ResolveField(() => WattHours, { nullable: true, description: 'What it got; null before its gate.' })
  async fillWh(
    @Parent() { id, zoneId, startsAt }: OrderType,
    @Context('loaders') loaders: MarketLoaders,
  ): Promise<bigint | undefined> {
    return loaders.fills.load({ orderId: id, zoneId, startsAt });
  }

  @Mutation(() => PlaceOrderResult)
  async placeOrder(
    @Args('order') input: PlaceOrderInput,
    @Context('viewer') viewer: Viewer,
  ): Promise<PlacedOrder | OrderRefused> {
    const participantId = await this.access.actsFor(viewer, input.pointId, input.startsAt);
    const zoneId = participantId && (await this.register.zoneOfPoint(input.pointId));
    if (participantId === undefined || zoneId === undefined) throw notFound();
    const [answer] = await this.orderDoor.place(
      [
        {
          ...input,
          participantId,
          zoneId,
          energyWh: wh(input.energyWh),
          limitMicroPerKwh: microPerKwh(input.limitMicroPerKwh),
        },
      ],
      'PERSON',
    );
    return answer!.ok ? { orderId: answer!.value.orderId } : refusedWith(answer!.refusal);
  }

  @Mutation(() => PlaceOrderResult, { description: 'Takes an order back before its gate; again says the same.' })
  async cancelOrder(
    @Args('clientId', { type: () => ID }) clientId: string,
    @Context('viewer') viewer: Viewer,
  ): Promise<PlacedOrder | OrderRefused> {
    if (viewer.role !== 'HOUSEHOLD') throw notFound();
    const answer = await this.cancel.run(viewer.participantId, clientId);
    return answer.ok ? { orderId: answer.value.orderId } : refusedWith(answer.refusal);
  }
}

const toInterval = (interval: ZoneInterval): IntervalType => ({
  ...interval,
  id: `${interval.zoneId}/${formatInstant(interval.startsAt)}`,
  rulesHash: hex(interval.rulesHash),
});

const toOrder = ({ orderId, order, state, placedAt }: OrderRow): OrderType => ({
  ...order,
  id: orderId,
  state,
  placedAt,
});

const refusedWith = (refusal: PlaceOrderRefusal | CancelRefusal): OrderRefused => ({
  code: refusal.code,
  message: sentence(refusal),
});

/** What a person reads; clients act on the code. */
function sentence(refusal: PlaceOrderRefusal | CancelRefusal): string {
  switch (refusal.code) {
    case 'BAD_CLIENT_ID':
      return 'Your id for the order has 1 to 128 visible ASCII characters.';
    case 'CLIENT_ID_REUSED':
      return 'You already used this id for another order; choose a new one.';
    case 'ENERGY_OUT_OF_RANGE':
      return `Ask for at least 1 and at most ${refusal.mostWh} Wh.`;
    case 'GATE_CLOSED':
      return `This interval closed at ${formatInstant(refusal.gateClosesAt)}; try the next one.`;
    case 'NO_GAIN':
      return 'With your tariff no price of this zone could gain you anything on this side.';
    case 'NO_SUCH_INTERVAL':
      return 'This zone has no open interval that starts then.';
    case 'NO_SUCH_ORDER':
      return 'You have no order under this id.';
    case 'NOT_COVERED':
      return `Your balance and allowance do not cover ${refusal.neededNano} nano-credits.`;
    case 'NOT_SUPPLIED':
      return 'No supplier is known for this point at that time.';
    case 'ORDERS_COME_FROM_WISHES':
      return 'In this zone orders are made from your wishes once your meter has spoken.';
    case 'PRICE_OFF_TICK':
      return `Prices move in steps of ${refusal.tick} micro-credits.`;
    case 'PRICE_OUT_OF_RANGE':
      return `Your own tariff makes prices from ${refusal.lowest} to ${refusal.highest} micro-credits worth your while.`;
    case 'TOO_LARGE':
      return `This point may order ${refusal.mostWh} Wh more in this interval.`;
  }
}

const marketSentences = {
  ALLOWANCE_BELOW_ZERO: 'An allowance says how far below zero a balance may go; it is not below zero itself.',
  FEE_OUT_OF_RANGE: 'Fees are from nothing to one credit a kilowatt-hour.',
  CHARGE_NOT_BUILT: 'A charge for undelivered energy is not built yet; set its share to 0.',
  LENGTH_DIFFERS_FROM_ZONE: "The market's interval has another length than the zone's.",
  MODE_NOT_BUILT: 'Sharing without an auction is not built yet; choose FORWARD or METERED.',
  NO_SUCH_ZONE: 'There is no such zone.',
} as const;
