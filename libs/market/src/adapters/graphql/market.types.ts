import { connectionType, DateTime, MicroCreditsPerKwh, NanoCredits, WattHours, Refusal } from '@kwartier/platform';
import type { Instant } from '@kwartier/units';
import { createUnionType, Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { OrderState } from '../../application/order-book.port.js';
import type { IntervalState, MarketMode } from '../../domain/interval.js';

const enumOf = <Name extends string>(...names: Name[]): { readonly [N in Name]: N } =>
  Object.fromEntries(names.map((name) => [name, name])) as { readonly [N in Name]: N };

export const SideEnum = enumOf('BUY', 'SELL');
registerEnumType(SideEnum, { name: 'Side' });
export const MarketModeEnum = enumOf<MarketMode>('FORWARD', 'METERED', 'SHARING');
registerEnumType(MarketModeEnum, { name: 'MarketMode' });
export const IntervalStateEnum = enumOf<IntervalState>(
  'OPEN',
  'CLOSING',
  'CLEARED',
  'METERED',
  'SETTLING',
  'SETTLED',
  'FINAL',
  'MISMATCH',
);
registerEnumType(IntervalStateEnum, { name: 'IntervalState' });
export const OrderStateEnum = enumOf<OrderState>('STANDING', 'REPLACED', 'CANCELLED');
registerEnumType(OrderStateEnum, { name: 'OrderState' });
export const PriceRuleEnum = enumOf('EQUILIBRIUM', 'SHARED_MARGIN');
registerEnumType(PriceRuleEnum, { name: 'PriceRule' });
export const ClockModeEnum = enumOf('DEMO', 'REAL');
registerEnumType(ClockModeEnum, { name: 'ClockMode' });

@ObjectType('Clock', { description: 'The one market clock: it decides gates.' })
export class ClockType {
  @Field(() => DateTime) now: Instant;
  @Field(() => Int, { description: '1 is real time.' }) speed: number;
  @Field(() => ClockModeEnum) mode: 'DEMO' | 'REAL';
}

@ObjectType('Clearing', { description: "The result of one interval's auction." })
export class ClearingType {
  @Field(() => MicroCreditsPerKwh, { nullable: true, description: 'The one price for everyone; null: nothing traded.' })
  priceMicroPerKwh: bigint | undefined;
  @Field(() => WattHours) volumeWh: bigint;
  @Field(() => Int) orderCount: number;
  @Field(() => Int, {
    nullable: true,
    description:
      'Without how many of the owners the price would have been another by more than a tick, or none. Null: nobody looked.',
  })
  pivotalOwners: number | undefined;
  @Field(() => DateTime) clearedAt: Instant;
  @Field(() => String, { description: 'Root of the frozen book, as hex.' }) bookRoot: string;
  @Field(() => String, { description: 'Root of price, volume and fills, as hex.' }) resultRoot: string;
}

@ObjectType('Interval')
export class IntervalType {
  @Field(() => ID) id: string;
  @Field(() => ID) zoneId: string;
  @Field(() => DateTime) startsAt: Instant;
  @Field(() => DateTime) endsAt: Instant;
  @Field(() => DateTime) gateClosesAt: Instant;
  @Field(() => MarketModeEnum) mode: MarketMode;
  @Field(() => IntervalStateEnum) state: IntervalState;
  @Field(() => Int, { description: 'Of its last settlement; 0 before the first.' }) run: number;
  @Field(() => String, { description: 'Of the rules that bind it, as hex.' }) rulesHash: string;
}
export const IntervalConnection = connectionType(IntervalType, 'Interval');

@ObjectType('Order')
export class OrderType {
  @Field(() => ID) id: string;
  @Field(() => ID) clientId: string;
  @Field(() => ID) pointId: string;
  @Field(() => ID) zoneId: string;
  @Field(() => DateTime) startsAt: Instant;
  @Field(() => SideEnum) side: 'BUY' | 'SELL';
  @Field(() => WattHours) energyWh: bigint;
  @Field(() => MicroCreditsPerKwh) limitMicroPerKwh: bigint;
  @Field(() => OrderStateEnum) state: OrderState;
  @Field(() => DateTime) placedAt: Instant;
}
export const OrderConnection = connectionType(OrderType, 'Order');

@InputType()
export class PlaceOrderInput {
  @Field(() => ID, { description: 'Your own id for this order; sending it again is always safe.' }) clientId: string;
  @Field(() => ID) pointId: string;
  @Field(() => DateTime) startsAt: Instant;
  @Field(() => SideEnum) side: 'BUY' | 'SELL';
  @Field(() => WattHours) energyWh: bigint;
  @Field(() => MicroCreditsPerKwh) limitMicroPerKwh: bigint;
  @Field(() => ID, { nullable: true, description: 'The client id of your order that this one takes the place of.' })
  replaces?: string;
}

@ObjectType()
export class PlacedOrder {
  @Field(() => ID) orderId: string;
}

@ObjectType({ implements: () => [Refusal] })
export class OrderRefused extends Refusal {}

export const PlaceOrderResult = createUnionType({
  name: 'PlaceOrderResult',
  types: () => [PlacedOrder, OrderRefused] as const,
  resolveType: (answer: PlacedOrder | OrderRefused) => ('code' in answer ? OrderRefused : PlacedOrder),
});

@InputType()
export class MarketInput {
  @Field(() => ID) zoneId: string;
  @Field(() => MarketModeEnum) mode: MarketMode;
  @Field(() => PriceRuleEnum) priceRule: 'EQUILIBRIUM' | 'SHARED_MARGIN';
  @Field(() => MicroCreditsPerKwh) buyerFeeMicroPerKwh: bigint;
  @Field(() => MicroCreditsPerKwh) sellerFeeMicroPerKwh: bigint;
  @Field(() => NanoCredits, { description: "How far below zero a member's balance may go." }) allowanceNano: bigint;
}

@ObjectType()
export class MarketOpened {
  @Field(() => ID) zoneId: string;
  @Field(() => String) rulesHash: string;
}

@ObjectType({ implements: () => [Refusal] })
export class MarketRefused extends Refusal {}

export const OpenMarketResult = createUnionType({
  name: 'OpenMarketResult',
  types: () => [MarketOpened, MarketRefused] as const,
  resolveType: (answer: MarketOpened | MarketRefused) => ('code' in answer ? MarketRefused : MarketOpened),
});
