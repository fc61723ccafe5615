import { type Forecast, Forecasts, medianIndex } from '@kwartier/forecasting';
import { Register } from '@kwartier/identity';
import { Clearings, Intervals, type Order, Orders, type ZoneInterval } from '@kwartier/market';
import { Estimation, type Revision, Values } from '@kwartier/metering';
import { CatchUpLoop, keepGoing, MarketClock, Metrics } from '@kwartier/platform';
import { Tariffs } from '@kwartier/tariffs';
import { invariant, later, minutes, wh } from '@kwartier/units';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Expectation, suggestOrders } from '../domain/suggest-orders.js';
import type { Wish } from '../domain/wish.js';
import { type DueRound, Rounds } from './rounds.port.js';
import { wishKey, Wishes } from './wishes.port.js';

/** Agents order again this long before an interval starts, from what was metered until then. */
const lastRoundMsBefore = minutes(10);

const unset = { preset: 'KEEP_IT_LOCAL', buyLimitMicroPerKwh: undefined, sellLimitMicroPerKwh: undefined } as const;

/**
 * Orders for every home of a zone, through the market's door like anyone: when a book opens, again shortly before its
 * gate, and in `METERED` zones once the values are in. A round that dies half-way is made again; its client ids see to it
 * that nothing is ordered twice.
 */
@Injectable()
export class OrderForHomes implements OnModuleInit {
  constructor(
    private readonly loop: CatchUpLoop,
    private readonly rounds: Rounds,
    private readonly wishes: Wishes,
    private readonly register: Register,
    private readonly tariffs: Tariffs,
    private readonly forecasts: Forecasts,
    private readonly values: Values,
    private readonly estimation: Estimation,
    private readonly clock: MarketClock,
    private readonly intervals: Intervals,
    private readonly clearings: Clearings,
    private readonly orders: Orders,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.loop.register({ name: 'order', place: 20, run: async () => this.runDue() });
  }

  async runDue(): Promise<number> {
    let made = 0;
    await keepGoing(await this.rounds.due(lastRoundMsBefore, 100), async (due) => {
      if (await this.run(due)) made += 1;
    });
    return made;
  }

  /** False where it is too early after all: a metered interval whose values are not in yet. */
  async run(due: DueRound): Promise<boolean> {
    const interval = await this.intervals.find(due.zoneId, due.startsAt);
    invariant(interval, 'a round is due in an interval that exists');
    const points = await this.register.pointsAt(due.zoneId, due.startsAt);
    const pointIds = points.map(({ id }) => id);
    const connections = points.filter(({ kind }) => kind !== 'TRANSFORMER').map(({ id }) => id);
    if (due.round === 'METERED') {
      const values = await this.metered(interval, connections);
      if (!values) return false;
      await this.orderFor(interval, due, new Map(values));
      await this.rounds.done(due);
      await this.intervals.closeMetered(due.zoneId, due.startsAt);
      return true;
    }
    const forecasts = await this.forecasts.issue(due.zoneId, pointIds, due.startsAt);
    const expected = new Map(connections.map((id) => [id, median(forecasts.get(id)!)]));
    await this.orderFor(interval, due, expected);
    await this.rounds.done(due);
    return true;
  }

  /** The values of an interval when all are in; when the time of grace is over, with what is missing estimated. */
  private async metered(
    { startsAt, endsAt, gateClosesAt }: ZoneInterval,
    pointIds: readonly string[],
  ): Promise<ReadonlyMap<string, Revision> | undefined> {
    const values = await this.values.at(pointIds, startsAt);
    if (values.size === pointIds.length) return values;
    // The gate of a metered interval closes one interval after the time of grace.
    if ((await this.clock.now()) < later(gateClosesAt, startsAt - endsAt)) return undefined;
    await this.estimation.fill(
      pointIds.filter((id) => !values.has(id)),
      startsAt,
    );
    return this.values.at(pointIds, startsAt);
  }

  private async orderFor(
    interval: ZoneInterval,
    { zoneId, startsAt, round }: DueRound,
    expected: ReadonlyMap<string, Expectation>,
  ): Promise<void> {
    const [zone, rules, holders] = await Promise.all([
      this.register.zone(zoneId),
      this.clearings.rules(interval.rulesHash),
      this.register.holdersAt(zoneId, startsAt),
    ]);
    const holdings = [...holders].map(([pointId, participantId]) => ({ pointId, participantId }));
    const [wishes, own] = await Promise.all([
      this.wishes.latest(holdings),
      this.tariffs.ownPrices([...holders.keys()], startsAt, zone!.timeZone),
    ]);
    const orders = holdings.flatMap(({ pointId, participantId }): Order[] => {
      const prices = own.get(pointId);
      const expectation = expected.get(pointId);
      if (!prices || !expectation) return [];
      const wish: Pick<Wish, keyof typeof unset> = wishes.get(wishKey({ pointId, participantId })) ?? unset;
      return suggestOrders(expectation, rules, prices, wish).map((suggestion) => ({
        ...suggestion,
        clientId: clientId(pointId, startsAt, suggestion.side, round),
        replaces: round === 'LAST' ? clientId(pointId, startsAt, suggestion.side, 'FIRST') : undefined,
        participantId,
        pointId,
        zoneId,
        startsAt,
      }));
    });
    const answers = await this.orders.place(orders, 'AGENT');
    const refusals = answers.filter((answer) => !answer.ok).length;
    this.metrics.count(
      'kwartier_agent_orders_total',
      "Agents' orders that the market took",
      {},
      orders.length - refusals,
    );
  }
}

/** Made from the meaning, so that a round made twice orders once. */
const clientId = (pointId: string, startsAt: number, side: string, round: string): string =>
  `agent:${pointId}:${startsAt / 1000}:${side}:${round}`;

const median = ({ importWh, exportWh }: Forecast): Expectation => ({
  importWh: wh(BigInt(importWh[medianIndex]!)),
  exportWh: wh(BigInt(exportWh[medianIndex]!)),
});
