import { Network } from '@kwartier/grid';
import { Access, Register, type Viewer } from '@kwartier/identity';
import { type Revision, Values } from '@kwartier/metering';
import {
  badInput,
  connectionType,
  type ConnectionOf,
  DateTime,
  isInstantKey,
  MarketClock,
  notFound,
  PageArgs,
  toConnection,
  toPageRequest,
  WattHours,
} from '@kwartier/platform';
import { alignDown, hours, type Instant, later, minutes, pageOf } from '@kwartier/units';
import { Args, Context, Field, Float, ID, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { Forecasts } from '../../application/forecasts.port.js';
import { quantiles } from '../../domain/blend.js';
import type { Forecast } from '../../domain/forecast.js';

@ObjectType('Quantile')
export class QuantileType {
  @Field(() => Float, { description: 'The share of cases that stay below.' }) below: number;
  @Field(() => WattHours) importWh: bigint;
  @Field(() => WattHours) exportWh: bigint;
}

@ObjectType('Forecast', { description: 'What a point will take and give in an interval, with its spread.' })
export class ForecastType {
  @Field(() => DateTime) startsAt: Instant;
  @Field(() => DateTime) issuedAt: Instant;
  @Field(() => String) model: string;
  @Field(() => Int, { description: 'Of the fallback ladder: 0 is best, 7 knows nothing.' }) level: number;
  @Field(() => String) inputsHash: string;
  @Field(() => [QuantileType]) quantiles: QuantileType[];
}
export const ForecastConnection = connectionType(ForecastType, 'Forecast');

@ObjectType('ForecastBand', { description: 'The middle and the outer tenths of a forecast.' })
export class ForecastBandType {
  @Field(() => WattHours) importP10Wh: bigint;
  @Field(() => WattHours) importP50Wh: bigint;
  @Field(() => WattHours) importP90Wh: bigint;
  @Field(() => WattHours) exportP10Wh: bigint;
  @Field(() => WattHours) exportP50Wh: bigint;
  @Field(() => WattHours) exportP90Wh: bigint;
  @Field(() => Int) level: number;
}

@ObjectType('TransformerLoad', { description: 'What flows through the transformer: towards the street, and back.' })
export class TransformerLoadType {
  @Field(() => DateTime) startsAt: Instant;
  @Field(() => WattHours, { nullable: true, description: 'Not yet metered: null.' }) importWh: bigint | undefined;
  @Field(() => WattHours, { nullable: true }) exportWh: bigint | undefined;
  @Field(() => ForecastBandType, { nullable: true }) forecast: ForecastBandType | undefined;
}

const farthest = hours(48);
const longest = hours(192);

@Resolver()
export class ForecastsResolver {
  constructor(
    private readonly forecastsOf: Forecasts,
    private readonly values: Values,
    private readonly network: Network,
    private readonly register: Register,
    private readonly access: Access,
    private readonly clock: MarketClock,
  ) {}

  @Query(() => ForecastConnection, { description: 'Up to 48 hours ahead; no interval lacks a forecast.' })
  async forecasts(
    @Args('pointId', { type: () => ID }) pointId: string,
    @Args('from', { type: () => DateTime }) from: Instant,
    @Args('to', { type: () => DateTime }) to: Instant,
    @Args() page: PageArgs,
    @Context('viewer') viewer: Viewer,
  ): Promise<ConnectionOf<ForecastType>> {
    const request = toPageRequest(page, isInstantKey);
    if (to - from > longest) throw badInput('Ask for at most eight days at once');
    const [window] = (await this.access.windows(viewer, pointId, 'CURVE', from, to)).slice(-1);
    const zoneId = await this.register.zoneOfPoint(pointId);
    if (!window || !zoneId) throw notFound();
    const last = Math.min(window.to, (await this.clock.now()) + farthest) as Instant;
    const starts = await this.startsBetween(zoneId, window.from, last);
    const wanted = starts
      .filter((at) => request.after === undefined || at > request.after[0])
      .slice(0, request.first + 1);
    const forecasts = await this.forecastsOf.outlook(zoneId, pointId, wanted);
    return toConnection(
      pageOf(forecasts, request.first),
      ({ startsAt }) => [startsAt],
      (forecast) => ({ ...forecast, quantiles: quantilesOf(forecast) }),
    );
  }

  @Query(() => [TransformerLoadType], {
    complexity: 500,
    description: 'Metered load of the transformer, and its forecast; at most two days.',
  })
  async transformerLoad(
    @Args('zoneId', { type: () => ID }) zoneId: string,
    @Args('from', { type: () => DateTime }) from: Instant,
    @Args('to', { type: () => DateTime }) to: Instant,
    @Context('viewer') viewer: Viewer,
  ): Promise<TransformerLoadType[]> {
    if (!(await this.access.zone(viewer, zoneId))) throw notFound();
    if (to - from > farthest) throw badInput('Ask for at most 48 hours at once');
    const transformer = await this.network.transformer(zoneId);
    if (!transformer) return [];
    const last = Math.min(to, (await this.clock.now()) + farthest) as Instant;
    const starts = await this.startsBetween(zoneId, from, last);
    const [metered, forecasts] = await Promise.all([
      this.values.among([transformer.pointId], starts),
      this.forecastsOf.outlook(zoneId, transformer.pointId, starts),
    ]);
    const valueAt = new Map<Instant, Revision>(metered.map((value) => [value.startsAt, value]));
    return forecasts.map((forecast) => ({
      startsAt: forecast.startsAt,
      importWh: valueAt.get(forecast.startsAt)?.importWh,
      exportWh: valueAt.get(forecast.startsAt)?.exportWh,
      forecast: bandOf(forecast),
    }));
  }

  private async startsBetween(zoneId: string, from: Instant, to: Instant): Promise<Instant[]> {
    const length = (await this.register.zone(zoneId))!.intervalMinutes;
    const starts: Instant[] = [];
    for (let at = alignDown(from, length); at < to; at = later(at, minutes(length))) if (at >= from) starts.push(at);
    return starts;
  }
}

const quantilesOf = ({ importWh, exportWh }: Forecast): QuantileType[] =>
  quantiles.map((below, i) => ({ below, importWh: BigInt(importWh[i]!), exportWh: BigInt(exportWh[i]!) }));

const bandOf = ({ importWh, exportWh, level }: Forecast): ForecastBandType => ({
  importP10Wh: BigInt(importWh[1]!),
  importP50Wh: BigInt(importWh[3]!),
  importP90Wh: BigInt(importWh[5]!),
  exportP10Wh: BigInt(exportWh[1]!),
  exportP50Wh: BigInt(exportWh[3]!),
  exportP90Wh: BigInt(exportWh[5]!),
  level,
});
