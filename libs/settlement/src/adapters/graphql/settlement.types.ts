import { connectionType, DateTime, MicroCreditsPerKwh, NanoCredits, WattHours } from '@kwartier/platform';
import type { Instant } from '@kwartier/units';
import { Field, ID, Int, InterfaceType, ObjectType, registerEnumType } from '@nestjs/graphql';

export const QualityEnum = { ESTIMATED: 'ESTIMATED', MEASURED: 'MEASURED' } as const;
registerEnumType(QualityEnum, { name: 'Quality' });

@InterfaceType({
  description: "Energy and money of a home: the neighbours' part, the supplier's part, and what was saved.",
})
export abstract class Settled {
  @Field(() => WattHours) importWh: bigint;
  @Field(() => WattHours) exportWh: bigint;
  @Field(() => WattHours, { description: 'Of the import: from neighbours.' }) boughtWh: bigint;
  @Field(() => WattHours, { description: 'Of the export: to neighbours.' }) soldWh: bigint;
  @Field(() => NanoCredits, { description: 'Paid to neighbours, without fees.' }) localPaidNano: bigint;
  @Field(() => NanoCredits, { description: 'Earned from neighbours, before fees.' }) localEarnedNano: bigint;
  @Field(() => NanoCredits) feesNano: bigint;
  @Field(() => NanoCredits) supplierPaidNano: bigint;
  @Field(() => NanoCredits) supplierEarnedNano: bigint;
  @Field(() => NanoCredits, { description: 'What the own tariff alone had cost; below zero it had earned.' })
  ownTariffNano: bigint;
  @Field(() => NanoCredits, { description: 'Never below zero.' }) savedNano: bigint;
}

@ObjectType('Statement', { implements: () => [Settled], description: 'A stretch of time of one point in money.' })
export class StatementType extends Settled {
  @Field(() => ID) pointId: string;
  @Field(() => DateTime) from: Instant;
  @Field(() => DateTime) to: Instant;
  @Field(() => NanoCredits, { description: 'What it costs in all; below zero it earns.' }) netNano: bigint;
  @Field(() => String, { description: 'The tariffs it is compared with.' }) tariffName: string;
  @Field(() => Int) intervals: number;
  @Field(() => Int) estimatedIntervals: number;
}

@ObjectType('StatementLine', { implements: () => [Settled] })
export class StatementLineType extends Settled {
  @Field(() => DateTime) startsAt: Instant;
  @Field(() => Int, { description: 'The run that settled it; above 1 it was corrected.' }) run: number;
  @Field(() => MicroCreditsPerKwh, { nullable: true }) priceMicroPerKwh: bigint | undefined;
  @Field(() => MicroCreditsPerKwh) retailMicroPerKwh: bigint;
  @Field(() => MicroCreditsPerKwh) feedInMicroPerKwh: bigint;
  @Field(() => QualityEnum) quality: keyof typeof QualityEnum;
}
export const StatementLineConnection = connectionType(StatementLineType, 'StatementLine');

@ObjectType('GridBalance', {
  description: 'What the homes of a feeder did together; null where too few would show through.',
})
export class GridBalanceType {
  @Field(() => ID) cellId: string;
  @Field(() => String) cellName: string;
  @Field(() => DateTime) startsAt: Instant;
  @Field(() => WattHours, { nullable: true }) importWh: bigint | undefined;
  @Field(() => WattHours, { nullable: true }) exportWh: bigint | undefined;
  @Field(() => WattHours, { nullable: true, description: 'Of the import: from neighbours.' }) localWh:
    bigint | undefined;
  @Field(() => Int, { nullable: true, description: 'How many homes.' }) points: number | undefined;
  @Field(() => Boolean) suppressed: boolean;
}

@ObjectType('SettlementStatus')
export class SettlementStatusType {
  @Field(() => Int, { description: 'Batches that wait for the chain.' }) waitingBatches: number;
  @Field(() => DateTime, {
    nullable: true,
    description: 'Everything before this instant is settled in our books; first runs apply in order.',
  })
  settledThrough: Instant | undefined;
}

@ObjectType('StatementUpdated')
export class StatementUpdatedType {
  @Field(() => ID) pointId: string;
  @Field(() => DateTime) startsAt: Instant;
  @Field(() => Int) run: number;
}

@ObjectType('BalanceChanged')
export class BalanceChangedType {
  @Field(() => ID) zoneId: string;
  @Field(() => DateTime) startsAt: Instant;
}
