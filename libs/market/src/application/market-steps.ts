import { CatchUpLoop } from '@kwartier/platform';
import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { ClearInterval } from './clear-interval.js';
import { CloseGate } from './close-gate.js';
import { OpenMarket } from './open-market.js';
import { ShadowClearing } from './shadow-clearing.js';

/** The market's part of every pass: open, close, clear. Agents order between opening and closing. */
@Injectable()
export class MarketSteps implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly loop: CatchUpLoop,
    private readonly openMarket: OpenMarket,
    private readonly closeGate: CloseGate,
    private readonly clearInterval: ClearInterval,
    private readonly shadowClearing: ShadowClearing,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.openMarket.wakeUp();
  }

  onModuleInit(): void {
    this.loop.register({ name: 'open', place: 10, run: async () => this.openMarket.openDue() });
    this.loop.register({ name: 'close', place: 30, run: async () => this.closeGate.closeDue() });
    this.loop.register({ name: 'clear', place: 40, run: async () => this.clearInterval.clearDue() });
    this.loop.register({ name: 'shadow', place: 90, run: async () => this.shadowClearing.computeDue() });
  }
}
