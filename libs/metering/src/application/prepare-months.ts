import { Calendar, MarketClock } from '@kwartier/platform';
import { days, later } from '@kwartier/units';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ReadingStore } from './reading-store.port.js';

/** Keeps partitions ahead of the market clock and behind it, for readings that come late. */
@Injectable()
export class PrepareMonths implements OnModuleInit {
  constructor(
    private readonly calendar: Calendar,
    private readonly store: ReadingStore,
    private readonly clock: MarketClock,
  ) {}

  onModuleInit(): void {
    this.calendar.register('prepare-months', '7 * * * *', async () => {
      const now = await this.clock.now();
      await this.store.prepareMonths(later(now, -days(62)), later(now, days(93)));
    });
  }
}
