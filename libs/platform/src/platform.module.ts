import { Global, Module } from '@nestjs/common';
import { Calendar } from './clock/calendar.js';
import { CatchUpLoop } from './clock/catch-up-loop.js';
import { MarketClock } from './clock/market-clock.js';
import { Readiness } from './http/health.js';
import { Metrics } from './http/metrics.js';
import { Live } from './outbox/live.js';
import { Outbox } from './outbox/outbox.js';
import { TidyOutbox } from './outbox/tidy-outbox.js';

/** The ground of the house: every room stands on it, so it is the one global module beside the database. */
@Global()
@Module({
  providers: [Calendar, CatchUpLoop, MarketClock, Outbox, Live, Metrics, Readiness, TidyOutbox],
  exports: [Calendar, CatchUpLoop, MarketClock, Outbox, Live, Metrics, Readiness],
})
export class PlatformModule {}
