import {
  type BookColumns,
  clearUniform,
  pivotalOwners,
  readBook,
  verifyUniform,
  writeResult,
  writeResultLeaves,
} from '@kwartier/auction';
import { Ledger } from '@kwartier/ledger';
import { Database, keepGoing, Metrics, Outbox, type Tx } from '@kwartier/platform';
import { countedRoot, formatInstant, hex, invariant } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { type Rules, tieStart } from '../domain/rules.js';
import { type FrozenBook, IntervalStore } from './interval-store.port.js';
import { chainTopic, intervalClearedHint, type ZoneInterval } from './market.port.js';

/**
 * Clears a frozen book. The result is a pure function of the book's bytes and the rules (P7), and no money moves: the
 * clearing and what will bind the operator to it are written together.
 */
@Injectable()
export class ClearInterval {
  constructor(
    private readonly database: Database,
    private readonly intervals: IntervalStore,
    private readonly ledger: Ledger,
    private readonly outbox: Outbox,
    private readonly metrics: Metrics,
  ) {}

  async clearDue(): Promise<number> {
    return keepGoing(await this.intervals.closing(100), async (interval) => this.run(interval));
  }

  /** Clearing what is cleared already does nothing. */
  async run({ zoneId, startsAt, rulesHash }: ZoneInterval): Promise<void> {
    const rules = await this.intervals.rules(rulesHash);
    await this.database.transaction(async (tx) => {
      const interval = await this.intervals.lock(tx, zoneId, startsAt);
      if (interval?.state !== 'CLOSING') return;
      const frozen = await this.intervals.book(tx, zoneId, startsAt);
      invariant(frozen, 'a closed interval has a book');
      await this.clearIn(tx, interval, rules, frozen);
      invariant(await this.intervals.move(tx, interval, 'CLEARED', 0), 'a locked interval stays where it is');
      await this.outbox.hint(tx, { kind: intervalClearedHint, zoneId, startsAt: String(startsAt) });
    });
    this.metrics.count('kwartier_intervals_cleared_total', 'Zone-intervals cleared');
  }

  private async clearIn(
    tx: Tx,
    { zoneId, startsAt, rulesHash }: ZoneInterval,
    rules: Rules,
    frozen: FrozenBook,
  ): Promise<void> {
    const read = readBook(frozen.bytes, rules.grid.count);
    invariant(read.ok, 'a frozen book can be read');
    const book = read.value;
    const auctionRules = { priceRule: rules.priceRule, tieStart: tieStart(rules, startsAt) };
    const clearing = clearUniform(book, auctionRules);
    const flaw = verifyUniform(book, clearing, auctionRules);
    invariant(flaw === undefined, `the clearing of ${zoneId} ${formatInstant(startsAt)} is right (${flaw})`);

    const resultRoot = countedRoot(book.count, writeResultLeaves(clearing));
    await this.intervals.keepClearing(tx, {
      zoneId,
      startsAt,
      priceTick: clearing.priceTick,
      volumeWh: BigInt(clearing.volumeWh),
      orderCount: book.count,
      resultBytes: writeResult(clearing),
      resultRoot,
      bookRoot: frozen.root,
      pivotalMembers: await this.pivotalMembers(book, frozen.orderIds, rules),
    });
    // What was not matched will not be paid; what was stays reserved until it is settled.
    const unmatched = frozen.orderIds.filter((_, i) => clearing.fillsWh[i] === 0);
    await this.ledger.release(tx, unmatched);
    await this.outbox.tell(tx, {
      topic: chainTopic,
      key: `commit/${zoneId}/${startsAt / 1000}`,
      payload: {
        kind: 'COMMIT',
        zoneId,
        startsAt: formatInstant(startsAt),
        bookRoot: hex(frozen.root),
        rulesHash: hex(rulesHash),
        resultRoot: hex(resultRoot),
        orders: book.count,
        volumeWh: String(clearing.volumeWh),
      },
    });
  }

  /** Of each owner without whom the price would have been another: the first member, under which the book knows them. */
  private async pivotalMembers(book: BookColumns, orderIds: readonly string[], rules: Rules): Promise<number[]> {
    const ordered = await this.intervals.owners(orderIds);
    const numbers = new Map<string, number>();
    const owner = Int32Array.from(orderIds, (id) => {
      const { participantId } = ordered.get(id)!;
      if (!numbers.has(participantId)) numbers.set(participantId, numbers.size);
      return numbers.get(participantId)!;
    });
    return Array.from(pivotalOwners(book, owner, rules), (number) => book.member[owner.indexOf(number)]!);
  }
}
