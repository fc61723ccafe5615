import { bookLeaves, compareInBook, encodeBook } from '@kwartier/auction';
import { Register } from '@kwartier/identity';
import { Database, keepGoing, type Tx } from '@kwartier/platform';
import { countedRoot, invariant, periodOf } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { IntervalStore, memberKey } from './interval-store.port.js';
import type { ZoneInterval } from './market.port.js';
import { OrderBook } from './order-book.port.js';

/** Freezes a book: from here on nothing joins it, and what stands in it is packed as it will be committed. */
@Injectable()
export class CloseGate {
  constructor(
    private readonly database: Database,
    private readonly intervals: IntervalStore,
    private readonly book: OrderBook,
    private readonly register: Register,
  ) {}

  async closeDue(): Promise<number> {
    return keepGoing(await this.intervals.gatesDue(100), async (interval) => this.run(interval));
  }

  /** Closing what is closed already does nothing. */
  async run({ zoneId, startsAt }: ZoneInterval): Promise<void> {
    // Asked before the gate is held: whoever waits at it may have taken every other connection.
    const zone = await this.register.zone(zoneId);
    invariant(zone, 'an interval belongs to a zone');
    await this.database.transaction(async (tx) => {
      const interval = await this.intervals.lock(tx, zoneId, startsAt);
      if (interval?.state !== 'OPEN') return;
      await this.freeze(tx, interval, zone.timeZone);
      invariant(await this.intervals.move(tx, interval, 'CLOSING', 0), 'a locked interval stays where it is');
    });
  }

  private async freeze(tx: Tx, { zoneId, startsAt }: ZoneInterval, timeZone: string): Promise<void> {
    const standing = await this.book.standing(tx, zoneId, startsAt);
    const members = await this.intervals.members(tx, zoneId, periodOf(startsAt, timeZone), standing);
    const entries = standing
      .map((order) => ({ ...order, member: members.get(memberKey(order))! }))
      // Orders that the book cannot tell apart stand by their ids, so that a replay gives each the same fill.
      .sort((a, b) => compareInBook(a, b) || (a.orderId < b.orderId ? -1 : 1));
    await this.intervals.keepBook(tx, zoneId, startsAt, {
      bytes: encodeBook(entries),
      root: countedRoot(entries.length, bookLeaves(entries)),
      orderIds: entries.map(({ orderId }) => orderId),
    });
  }
}
