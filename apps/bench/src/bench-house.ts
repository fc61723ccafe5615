import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Forecasts } from '@kwartier/forecasting';
import { enrolStreet, type MeterDoor, openMqttDoor, SimulatedMeters, startHouse } from '@kwartier/house';
import { Ledger } from '@kwartier/ledger';
import { DeviceBroker, ReadingsIntake, ReadingStore } from '@kwartier/metering/module';
import { CatchUpLoop, Database, MarketClock, Metrics, startEmbeddedPostgres } from '@kwartier/platform';
import { community, SimulatedStreet, sonnenweg } from '@kwartier/simulations';
import { days, hours, instant, type Instant, invariant, later, minutes } from '@kwartier/units';
import type { INestApplication } from '@nestjs/common';
import { ServerProcesses } from './server-processes.js';

/** Where the time of an interval goes: two rounds of orders, one clearing, one settlement. */
export const rooms = ['metering', 'forecasting', 'orders', 'market', 'settlement'] as const;
export type Room = (typeof rooms)[number];

const stepsOf: Readonly<Record<'orders' | 'market' | 'settlement', readonly string[]>> = {
  orders: ['open', 'order'],
  market: ['close', 'clear', 'shadow'],
  settlement: ['settle', 'correct'],
};

/** Seconds since the house was opened. */
interface Spent {
  readonly room: Readonly<Record<Room, number>>;
  readonly nodeCpu: number;
  readonly postgresCpu: number;
}

/** What one interval took. */
export interface Cycle extends Spent {
  readonly readingToLines: number;
}

const noon = instant(Date.parse('2026-06-17T10:00:00Z')); // in Berlin, a Wednesday
const midnight = later(noon, -hours(12));
const quarter = minutes(15);
const historyAtOnce = 50;

/** A whole house over a new PostgreSQL that writes to the disk, with a community that lives by a stepped clock. */
export class BenchHouse {
  private now = noon;
  private readonly prepared: { readonly pointId: string; readonly payload: string }[] = [];
  private readonly meters: SimulatedMeters;
  private readonly database: Database;
  private meteringSeconds = 0;
  private forecastingSeconds = 0;

  private constructor(
    private readonly app: INestApplication,
    private readonly street: SimulatedStreet,
    private readonly door: MeterDoor,
    private readonly server: ServerProcesses,
  ) {
    this.database = app.get(Database);
    // Signing is the meters' work: what they say is prepared beforehand and handed in later.
    const outbox = { send: async (pointId: string, payload: string) => this.prepared.push({ pointId, payload }) };
    this.meters = new SimulatedMeters(street, { ...outbox, close: async () => undefined }, { mostPerMessage: 1_000 });
    this.timeForecasts(app.get(Forecasts, { strict: false }));
  }

  /** Runs the work with a community that has settled in, and leaves nothing behind. */
  static async with<T>(
    { homes, seed, historyDays, door }: { homes: number; seed: number; historyDays: number; door: 'MQTT' | 'INTAKE' },
    work: (house: BenchHouse) => Promise<T>,
  ): Promise<T> {
    const home = mkdtempSync(join(tmpdir(), 'kwartier-bench-'));
    chmodSync(home, 0o711); // as root the server is another user, who must be able to pass
    const postgres = await startEmbeddedPostgres({ home });
    const app = await startHouse(postgres.url, { logLevel: 'error' });
    let opened: MeterDoor | undefined;
    try {
      await app.get(MarketClock).startDemo(noon);
      await app.get(ReadingStore, { strict: false }).prepareMonths(later(noon, -days(31)), later(noon, days(31)));
      const plan = homes === 20 ? sonnenweg(seed) : community(homes, seed);
      const street = new SimulatedStreet(plan, seed, later(midnight, -days(historyDays)));
      await enrolStreet(app, street, 'FORWARD');
      opened = door === 'MQTT' ? await mqttDoor(app, street) : intakeDoor(app, plan.zone.id);
      const house = new BenchHouse(app, street, opened, new ServerProcesses(postmasterIn(home)));
      await house.settleIn();
      return await work(house);
    } finally {
      await opened?.close();
      await app.close();
      await postgres.stop();
      rmSync(home, { recursive: true, force: true });
    }
  }

  /** One quarter of an hour: last orders and gate of the next interval, readings and settlement of the one that ends. */
  async cycle(): Promise<Cycle> {
    const startsAt = this.now;
    const end = later(startsAt, quarter);
    await this.meters.catchUp(end);
    const before = await this.spent();
    for (const step of [later(end, -minutes(10)), later(end, -minutes(5)), end]) await this.itIs(step);
    const firstReading = performance.now();
    await this.handIn(this.prepared.length);
    await this.settleDown();
    const readingToLines = secondsSince(firstReading);
    const after = await this.spent();
    this.now = end;
    await this.checkInterval(startsAt);
    const room = Object.fromEntries(rooms.map((name) => [name, after.room[name] - before.room[name]]));
    return {
      room: room as Record<Room, number>,
      nodeCpu: after.nodeCpu - before.nodeCpu,
      postgresCpu: after.postgresCpu - before.postgresCpu,
      readingToLines,
    };
  }

  memory(): { readonly nodeMb: number; readonly postgresMb: number } {
    return { nodeMb: Math.round(process.memoryUsage.rss() / 2 ** 20), postgresMb: this.server.memoryMb() };
  }

  private async settleIn(): Promise<void> {
    await this.meters.catchUp(this.now);
    await this.handIn(historyAtOnce);
    await this.database.execute('ANALYZE');
    await this.settleDown();
  }

  private async itIs(at: Instant): Promise<void> {
    await this.app.get(MarketClock).stepTo(at);
    await this.settleDown();
  }

  private async settleDown(): Promise<void> {
    await this.app.get(CatchUpLoop).settleDown();
  }

  private async handIn(atOnce: number): Promise<void> {
    const begun = performance.now();
    for (let next = this.prepared.splice(0, atOnce); next.length > 0; next = this.prepared.splice(0, atOnce))
      await Promise.all(next.map(async ({ pointId, payload }) => this.door.send(pointId, payload)));
    this.meteringSeconds += secondsSince(begun);
  }

  /** A fast answer that is wrong is worth nothing: every home has its line, and the books are even. */
  private async checkInterval(startsAt: Instant): Promise<void> {
    const [found] = await this.database.query<{ lines: number; cleared: number; volumeWh: bigint }>(
      `SELECT count(*)::int AS lines, (SELECT count(*)::int FROM market.clearing WHERE starts_at = $1) AS cleared,
         (SELECT sum(volume_wh)::bigint FROM market.clearing WHERE starts_at = $1) AS "volumeWh"
       FROM settlement.line WHERE starts_at = $1`,
      [new Date(startsAt)],
    );
    // Nobody could order in the very first: its gate had closed when the community came.
    if (startsAt === noon) return;
    const homes = this.street.plan.homes.length;
    invariant(found!.lines === homes, `${homes} homes have a line, not ${found!.lines}`);
    invariant(found!.cleared === 1 && found!.volumeWh > 0n, 'the interval was cleared once, and something was traded');
    const ledger = this.app.get(Ledger, { strict: false });
    for (const asset of ['CREDIT', 'WH'] as const) invariant((await ledger.total(asset)) === 0n, 'the books are even');
  }

  private async spent(): Promise<Spent> {
    const { user, system } = process.cpuUsage();
    const steps = await this.stepSeconds();
    const sum = (room: keyof typeof stepsOf) => stepsOf[room].reduce((all, step) => all + (steps.get(step) ?? 0), 0);
    return {
      room: {
        metering: this.meteringSeconds,
        forecasting: this.forecastingSeconds,
        orders: sum('orders') - this.forecastingSeconds,
        market: sum('market'),
        settlement: sum('settlement'),
      },
      nodeCpu: (user + system) / 1e6,
      postgresCpu: this.server.cpuSeconds(),
    };
  }

  private async stepSeconds(): Promise<ReadonlyMap<string, number>> {
    const metric = await this.app.get(Metrics).registry.getSingleMetric('kwartier_catch_up_seconds')?.get();
    const sums = metric?.values.filter((value) => 'metricName' in value && String(value.metricName).endsWith('_sum'));
    return new Map(sums?.map(({ labels, value }) => [String(labels['step']), value]));
  }

  private timeForecasts(forecasts: Forecasts): void {
    const issue = forecasts.issue.bind(forecasts);
    forecasts.issue = async (...asked) => {
      const begun = performance.now();
      const answer = await issue(...asked);
      this.forecastingSeconds += secondsSince(begun);
      return answer;
    };
  }
}

async function mqttDoor(app: INestApplication, street: SimulatedStreet): Promise<MeterDoor> {
  const port = await app.get(DeviceBroker, { strict: false }).start('127.0.0.1', { port: 0, byName: true });
  return openMqttDoor(street, `mqtt://127.0.0.1:${port}`);
}

function intakeDoor(app: INestApplication, zoneId: string): MeterDoor {
  const intake = app.get(ReadingsIntake, { strict: false });
  return {
    send: async (pointId, payload) => {
      const { code } = await intake.take(zoneId, pointId, Buffer.from(payload));
      invariant(code === 'TAKEN', 'readings that are right are taken');
    },
    close: async () => undefined,
  };
}

const postmasterIn = (home: string): number =>
  Number(readFileSync(join(home, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);

const secondsSince = (begun: number): number => (performance.now() - begun) / 1000;
