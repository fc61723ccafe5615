import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Metrics } from '../http/metrics.js';
import { keepGoing } from './keep-going.js';
import { MarketClock } from './market-clock.js';

export interface CatchUpStep {
  readonly name: string;
  /** Steps of a pass run in this order: first what opens, last what settles. */
  readonly place: number;
  /** Does what is due by the market clock and says how many things it did. Doing it again does nothing. */
  run(): Promise<number>;
}

const everyMs = 250;

/**
 * Guarantees progress: whatever is due and not done is done, however it came to be late. Calendars only say when things
 * fall due; a missed tick loses nothing.
 */
@Injectable()
export class CatchUpLoop implements BeforeApplicationShutdown {
  private readonly logger = new Logger('CatchUpLoop');
  private readonly steps: CatchUpStep[] = [];
  private readonly stopping = new AbortController();
  private running: Promise<unknown> | undefined;
  private pass: Promise<number> | undefined;

  constructor(
    private readonly clock: MarketClock,
    private readonly metrics: Metrics,
  ) {}

  register(step: CatchUpStep): void {
    this.steps.push(step);
    this.steps.sort((a, b) => a.place - b.place);
  }

  start(): void {
    this.running ??= Promise.all([this.keepGoing(), this.keepBeating()]);
  }

  /** Before, because the database goes when the application does, and a pass must end while it stands. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.pass?.catch(() => undefined);
  }

  /** Runs passes until one finds nothing to do. Errors come out: whoever steps a clock by hand must know. */
  async settleDown(): Promise<void> {
    while ((await this.once()) > 0);
  }

  private async keepGoing(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        if ((await this.once()) > 0) continue;
      } catch (error) {
        this.metrics.count('kwartier_catch_up_failures_total', 'Passes of the catch-up loop that failed');
        this.logger.error(error instanceof Error ? `${error.message}` : String(error));
      }
      await sleep(everyMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  /** Apart from the passes, which may take longer than a heartbeat may. */
  private async keepBeating(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.clock.heartbeat().catch((error: Error) => this.logger.warn(`heartbeat: ${error.message}`));
      await sleep(everyMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  /** One pass at a time: a second caller waits for the first and then looks again. */
  private async once(): Promise<number> {
    while (this.pass) await this.pass.catch(() => undefined);
    this.pass = this.allSteps();
    try {
      return await this.pass;
    } finally {
      this.pass = undefined;
    }
  }

  private async allSteps(): Promise<number> {
    let done = 0;
    await keepGoing(this.steps, async (step) => {
      if (this.stopping.signal.aborted) return;
      const help = 'Seconds that a step of the catch-up loop took';
      done += await this.metrics.time('kwartier_catch_up_seconds', help, { step: step.name }, async () => step.run());
    });
    return this.stopping.signal.aborted ? 0 : done;
  }
}
