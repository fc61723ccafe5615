import { setTimeout as sleep } from 'node:timers/promises';
import { enrolStreet, openMqttDoor, SimulatedMeters } from '@kwartier/house';
import { Register } from '@kwartier/identity';
import { Sessions } from '@kwartier/identity/module';
import { Values } from '@kwartier/metering';
import { CatchUpLoop, MarketClock } from '@kwartier/platform';
import { SimulatedStreet, sonnenweg, type StreetPlan } from '@kwartier/simulations';
import {
  alignDown,
  days,
  formatInstant,
  instant,
  type Instant,
  later,
  localTime,
  minutes,
  startOfLocalDay,
} from '@kwartier/units';
import type { INestApplicationContext } from '@nestjs/common';

export interface DemoOptions {
  readonly seed: number;
  readonly speed: number;
  /** What a new street has behind it: days of readings, the last hours of them traded. */
  readonly past: { readonly days: number; readonly hours: number };
  readonly mqttUrl: string;
  readonly tell: (line: string) => void;
}

const quarter = minutes(15);
/** Within a quarter something falls due at its start, for the agents' last orders, and at the gate. */
const stepsOfQuarter = [minutes(5), minutes(10), quarter];

/**
 * The demo street's life: weeks of late uploads, a day as fast as it goes, then its own pace. Everything it does comes
 * through the doors of real life; only the clock is led by hand until it has caught up.
 */
export class DemoStreet {
  private stopped = false;
  private life: Promise<void> = Promise.resolve();
  private meters: SimulatedMeters | undefined;

  private constructor(
    private readonly app: INestApplicationContext,
    private readonly street: SimulatedStreet,
    private readonly options: DemoOptions,
  ) {}

  /** Sets the clock and the registers up; nothing moves before `live`. */
  static async open(app: INestApplicationContext, options: DemoOptions): Promise<DemoStreet> {
    const plan = sonnenweg(options.seed);
    const clock = app.get(MarketClock, { strict: false });
    const wanted = later(alignDown(instant(Date.now()), 15), -minutes(60 * options.past.hours));
    const { now } = await clock.startDemo(wanted);
    const street = new SimulatedStreet(plan, options.seed, await beginning(app, plan, now, options.past.days));
    const { operatorId } = await enrolStreet(app, street, 'FORWARD');
    app.get(Sessions, { strict: false }).openDemo({ zoneId: plan.zone.id, operatorId });
    return new DemoStreet(app, street, options);
  }

  live(): void {
    this.life = this.run().catch((error: Error) => this.options.tell(`the street stands still: ${error.message}`));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.meters?.stop();
    await this.life;
  }

  private async run(): Promise<void> {
    const { tell, mqttUrl, speed } = this.options;
    const clock = this.app.get(MarketClock, { strict: false });
    const loop = this.app.get(CatchUpLoop, { strict: false });
    this.meters = new SimulatedMeters(this.street, await openMqttDoor(this.street, mqttUrl), {
      holdsBack: sleepsAtNight(this.street.plan),
    });
    const begun = Date.now();
    let now = await clock.now();
    await this.skipWhatIsKnown(now);
    let messages = 0;
    await this.meters.catchUp(alignDown(now, 15), (count) => (messages += count));
    tell(`street      ${messages} late uploads taken, ${seconds(begun)}`);
    const target = instant(Date.now());
    let steps = 0;
    while (!this.stopped && now < target) {
      for (const step of stepsOfQuarter) {
        const next = later(alignDown(now, 15), step);
        if (next <= now) continue;
        await clock.stepTo(next);
        if (step === quarter) await this.meters.catchUp(next);
        await loop.settleDown();
        if (this.stopped) return;
      }
      now = later(alignDown(now, 15), quarter);
      steps += 1;
    }
    await clock.setDemoSpeed(speed);
    loop.start();
    tell(`street      caught up with ${steps} quarters at ${formatInstant(now)}, ${seconds(begun)}; now at ${speed}×`);
    await this.keepMetering(clock);
  }

  /** Each meter reads its registers at every full quarter of the market clock. */
  private async keepMetering(clock: MarketClock): Promise<void> {
    while (!this.stopped) {
      const { now, speed } = await clock.state();
      await this.meters!.catchUp(alignDown(now, 15));
      this.street.forgetBefore(later(now, -days(3)));
      const untilNext = later(alignDown(now, 15), quarter) - now;
      await sleep(Math.min(1_000, Math.max(20, untilNext / Math.max(1, speed))));
    }
  }

  private async skipWhatIsKnown(now: Instant): Promise<void> {
    const values = this.app.get(Values, { strict: false });
    const { plan, from } = this.street;
    const pointIds = [plan.transformer, ...plan.homes].map(({ pointId }) => pointId);
    const covered = await values.coverage(pointIds, from, now);
    // Whole histories are skipped; after a cut in the middle everything is sent again, which is always safe.
    for (const pointId of pointIds) {
      const known = later(from, (covered.get(pointId) ?? 0) * quarter);
      if (known > later(now, -days(1))) this.meters!.skipTo(pointId, later(known, -days(1)));
    }
  }
}

/** A street that is enrolled goes on from where it began; a new one begins with days of readings behind it. */
async function beginning(
  app: INestApplicationContext,
  plan: StreetPlan,
  now: Instant,
  pastDays: number,
): Promise<Instant> {
  const [device] = await app.get(Register, { strict: false }).devicesAt([plan.transformer.pointId]);
  return device?.from ?? startOfLocalDay(later(now, -days(pastDays)), plan.zone.timeZone);
}

/** One home's modem sleeps at night: what it did is estimated first and corrected in the morning. */
const sleepsAtNight =
  ({ homes, zone }: StreetPlan) =>
  (pointId: string, sentUntil: Instant, until: Instant): boolean => {
    if (pointId !== homes[12]?.pointId || until - sentUntil > minutes(120)) return false;
    const { minuteOfDay } = localTime(until, zone.timeZone);
    return minuteOfDay > 180 && minuteOfDay <= 240;
  };

const seconds = (begun: number): string => `${((Date.now() - begun) / 1000).toFixed(1)} s`;
