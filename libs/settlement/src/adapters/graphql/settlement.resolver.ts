import { Network, shownSums } from '@kwartier/grid';
import { Access, Register, type Viewer } from '@kwartier/identity';
import {
  badInput,
  type ConnectionOf,
  DateTime,
  isInstantKey,
  Live,
  notFound,
  PageArgs,
  toConnection,
  toPageRequest,
} from '@kwartier/platform';
import { groupBy, hours, instant, type Instant } from '@kwartier/units';
import { Args, Context, ID, Query, Resolver, Subscription } from '@nestjs/graphql';
import { settledHint } from '../../application/settle-interval.js';
import { SettlementStore, type Whose } from '../../application/settlement-store.port.js';
import {
  BalanceChangedType,
  GridBalanceType,
  SettlementStatusType,
  StatementLineConnection,
  StatementLineType,
  StatementType,
  StatementUpdatedType,
} from './settlement.types.js';

const longestBalance = hours(48);

@Resolver()
export class SettlementResolver {
  constructor(
    private readonly store: SettlementStore,
    private readonly access: Access,
    private readonly register: Register,
    private readonly network: Network,
    private readonly live: Live,
  ) {}

  @Query(() => StatementType, {
    description: 'What a point took, gave, paid and saved in the time that is yours to see.',
  })
  async statement(
    @Args('pointId', { type: () => ID }) pointId: string,
    @Args('from', { type: () => DateTime }) from: Instant,
    @Args('to', { type: () => DateTime }) to: Instant,
    @Context('viewer') viewer: Viewer,
  ): Promise<StatementType> {
    const { tariffNames, ...totals } = await this.store.totals(pointId, await this.windows(viewer, pointId, from, to));
    const netNano = totals.ownTariffNano - totals.savedNano;
    return { ...totals, pointId, from, to, netNano, tariffName: tariffNames.join(', ') };
  }

  @Query(() => StatementLineConnection, { description: 'The lines behind a statement, oldest first.' })
  async statementLines(
    @Args('pointId', { type: () => ID }) pointId: string,
    @Args('from', { type: () => DateTime }) from: Instant,
    @Args('to', { type: () => DateTime }) to: Instant,
    @Args() page: PageArgs,
    @Context('viewer') viewer: Viewer,
  ): Promise<ConnectionOf<StatementLineType>> {
    const windows = await this.windows(viewer, pointId, from, to);
    const rows = await this.store.listLines(pointId, windows, toPageRequest(page, isInstantKey));
    return toConnection(
      rows,
      ({ startsAt }) => [startsAt],
      (line) => line,
    );
  }

  @Query(() => [GridBalanceType], {
    complexity: 500,
    description: 'Per feeder and interval, homes only as sums; at most two days.',
  })
  async gridBalance(
    @Args('zoneId', { type: () => ID }) zoneId: string,
    @Args('from', { type: () => DateTime }) from: Instant,
    @Args('to', { type: () => DateTime }) to: Instant,
    @Context('viewer') viewer: Viewer,
  ): Promise<GridBalanceType[]> {
    if (!(await this.access.zone(viewer, zoneId))) throw notFound();
    if (to - from > longestBalance) throw badInput('Ask for at most 48 hours at once');
    const [zone, feeders, connections] = await Promise.all([
      this.register.zone(zoneId),
      this.network.feeders(zoneId),
      this.network.connectionsOf(zoneId),
    ]);
    const nameOf = new Map(feeders.map(({ id, name }) => [id, name]));
    const cells = connections.map(({ pointId, feederId }) => ({ pointId, cellId: feederId }));
    const sums = await this.store.cellSums(cells, from, to);
    const shown = new Set(
      [...groupBy(sums, ({ startsAt }) => startsAt).values()].flatMap((cellsThen) => [
        ...shownSums(cellsThen, zone!.leastHomes),
      ]),
    );
    return sums.map((sum) => {
      const { cellId, startsAt } = sum;
      const place = { cellId, cellName: nameOf.get(cellId) ?? cellId, startsAt };
      if (!shown.has(sum)) return { ...place, ...nothingShown };
      const { importWh, exportWh, localWh, homes } = sum;
      return { ...place, importWh, exportWh, localWh, points: homes, suppressed: false };
    });
  }

  @Query(() => SettlementStatusType)
  async settlementStatus(
    @Args('zoneId', { type: () => ID }) zoneId: string,
    @Context('viewer') viewer: Viewer,
  ): Promise<SettlementStatusType> {
    if (!(await this.access.zone(viewer, zoneId))) throw notFound();
    return this.store.status(zoneId);
  }

  @Subscription(() => StatementUpdatedType, {
    description: 'Whenever an interval of the point is settled or corrected.',
    resolve: (update: StatementUpdatedType) => update,
  })
  async statementUpdated(
    @Args('pointId', { type: () => ID }) pointId: string,
    @Context('viewer') viewer: Viewer,
  ): Promise<AsyncIterable<StatementUpdatedType>> {
    const zoneId = await this.register.zoneOfPoint(pointId);
    if (!(await this.access.knows(viewer, pointId, 'CURVE'))) throw notFound();
    return this.live.watch(settledHint, async (event) => {
      if (event['zoneId'] !== zoneId) return undefined;
      const startsAt = instant(Number(event['startsAt']));
      // Asked each time: a tenancy may have ended since.
      const windows = await this.access.windows(viewer, pointId, 'CURVE', startsAt, instant(startsAt + 1));
      return windows.length > 0 ? { pointId, startsAt, run: Number(event['run']) } : undefined;
    });
  }

  @Subscription(() => BalanceChangedType, {
    description: "Whenever the zone's sums change.",
    resolve: (change: BalanceChangedType) => change,
  })
  async balance(
    @Args('zoneId', { type: () => ID }) zoneId: string,
    @Context('viewer') viewer: Viewer,
  ): Promise<AsyncIterable<BalanceChangedType>> {
    if (!(await this.access.zone(viewer, zoneId))) throw notFound();
    return this.live.watch(settledHint, (event) =>
      event['zoneId'] === zoneId ? { zoneId, startsAt: instant(Number(event['startsAt'])) } : undefined,
    );
  }

  private async windows(viewer: Viewer, pointId: string, from: Instant, to: Instant): Promise<readonly Whose[]> {
    const windows = await this.access.windows(viewer, pointId, 'CURVE', from, to);
    if (windows.length === 0 && !(await this.access.knows(viewer, pointId, 'CURVE'))) throw notFound();
    return windows;
  }
}

const nothingShown = {
  importWh: undefined,
  exportWh: undefined,
  localWh: undefined,
  points: undefined,
  suppressed: true,
};
