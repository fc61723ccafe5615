import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import cron, { type ScheduledTask } from 'node-cron';

/**
 * Says when routine work falls due by the wall clock. A tick that is missed loses nothing: what it does is also done at the
 * start, and never decides anything about the market.
 */
@Injectable()
export class Calendar implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Calendar');
  private readonly jobs: { readonly name: string; readonly when: string; readonly run: () => Promise<void> }[] = [];
  private readonly tasks: ScheduledTask[] = [];

  register(name: string, when: string, run: () => Promise<void>): void {
    this.jobs.push({ name, when, run });
  }

  /** Does everything once and then by the calendar. */
  async start(): Promise<void> {
    for (const { name, when, run } of this.jobs) {
      await run();
      const quietly = async (): Promise<void> =>
        run().catch((error: Error) => this.logger.error(`${name}: ${error.message}`));
      this.tasks.push(cron.schedule(when, quietly, { name, noOverlap: true, timezone: 'UTC' }));
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const task of this.tasks) await task.destroy();
  }
}
