import { Register } from '@kwartier/identity';
import { feeAccount, Ledger } from '@kwartier/ledger';
import { Intervals, type MarketSetting, type ZoneInterval } from '@kwartier/market';
import { Estimation, Values, valuesCorrected, type ValuesCorrected } from '@kwartier/metering';
import { CatchUpLoop, Database, keepGoing, MarketClock, Outbox } from '@kwartier/platform';
import { later, nano } from '@kwartier/units';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SettleInterval } from './settle-interval.js';
import { SettlementStore } from './settlement-store.port.js';

const mostPerPass = 50;

/** Settlement's part of every pass: first runs in interval order as values come in, then corrections. */
@Injectable()
export class SettleDue implements OnModuleInit {
  constructor(
    private readonly loop: CatchUpLoop,
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: MarketClock,
    private readonly intervals: Intervals,
    private readonly register: Register,
    private readonly values: Values,
    private readonly estimation: Estimation,
    private readonly ledger: Ledger,
    private readonly settleInterval: SettleInterval,
    private readonly store: SettlementStore,
  ) {}

  onModuleInit(): void {
    this.loop.register({ name: 'settle', place: 50, run: async () => this.settleFirstRuns() });
    this.loop.register({ name: 'correct', place: 60, run: async () => this.correct() });
  }

  async settleFirstRuns(): Promise<number> {
    let settled = 0;
    await keepGoing(await this.intervals.settings(), async (setting) => {
      // The first runs of a zone apply in interval order, so the oldest that is not ready holds back the rest.
      for (const interval of await this.intervals.unsettled(setting.zoneId, mostPerPass)) {
        if (interval.state !== 'CLEARED' || !(await this.isMetered(interval, setting))) break;
        await this.ledger.open([feeAccount(setting.zoneId)], nano(0n));
        if (await this.settleInterval.run(interval.zoneId, interval.startsAt, 0)) settled += 1;
      }
    });
    return settled;
  }

  async correct(): Promise<number> {
    const noted = await this.outbox.deliver(this.database, valuesCorrected, 1_000, async (tx, messages) =>
      this.store.noteCorrections(
        tx,
        messages.map(({ payload }) => payload as ValuesCorrected),
      ),
    );
    const due = await this.store.correctionsDue(mostPerPass);
    await keepGoing(due, async ({ zoneId, startsAt }) => {
      const interval = await this.intervals.find(zoneId, startsAt);
      // Before its first run an interval needs no correction: that run will see the latest values.
      if (interval && interval.run > 0) await this.settleInterval.run(zoneId, startsAt, interval.run);
      else await this.database.transaction(async (tx) => this.store.correctionDone(tx, zoneId, startsAt));
    });
    return noted + due.length;
  }

  /** Whether every point's values are in. When the time of grace is over, what is missing is estimated. */
  private async isMetered({ zoneId, startsAt, endsAt }: ZoneInterval, { times }: MarketSetting): Promise<boolean> {
    const now = await this.clock.now();
    if (now < endsAt) return false;
    const points = await this.register.pointsAt(zoneId, startsAt, ['CONNECTION', 'VIRTUAL']);
    const pointIds = points.map(({ id }) => id);
    const values = await this.values.at(pointIds, startsAt);
    const missing = pointIds.filter((id) => !values.has(id));
    if (missing.length === 0) return true;
    if (now < later(endsAt, times.graceMs)) return false;
    await this.estimation.fill(missing, startsAt);
    return true;
  }
}
