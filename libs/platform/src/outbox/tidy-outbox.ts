import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Calendar } from '../clock/calendar.js';
import { Database } from '../database/database.js';

/** Delivered messages have served; a week of them is kept for whoever looks into something. */
@Injectable()
export class TidyOutbox implements OnModuleInit {
  constructor(
    private readonly calendar: Calendar,
    private readonly database: Database,
  ) {}

  onModuleInit(): void {
    this.calendar.register('tidy-outbox', '17 * * * *', async () => {
      await this.database.execute(
        `DELETE FROM platform.outbox WHERE delivered_at < clock_timestamp() - interval '7 days'`,
      );
    });
  }
}
