import { encodeDelivered, membersOf } from '@kwartier/auction';
import { Register } from '@kwartier/identity';
import { feeAccount, homeAccount, Ledger, reversed } from '@kwartier/ledger';
import {
  type BookEntry,
  chainTopic,
  type ClearedBook,
  Clearings,
  Intervals,
  tieStart,
  type ZoneInterval,
} from '@kwartier/market';
import { Values } from '@kwartier/metering';
import { Database, MarketClock, Metrics, Outbox, type Tx } from '@kwartier/platform';
import { formatInstant, hex, type Instant, invariant, nano, priceAt, sha256, wh } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { settleBytes } from '../domain/batch-bytes.js';
import { deliver, type Delivery, type Metered } from '../domain/deliver.js';
import { localPostings } from '../domain/local-postings.js';
import { pricesOf, type SettlementFacts } from './settlement-facts.js';
import { type Run, SettlementStore } from './settlement-store.port.js';
import { WriteLines } from './write-lines.js';

export const settledHint = 'interval-settled';
const nothing: Metered = { importWh: wh(0n), exportWh: wh(0n) };

/**
 * Settles an interval from what was metered: finds the local energy, posts it, writes every home's line and packs the batch
 * that the chain will recompute, in one transaction. A correction is one more run: it takes back what the last one posted.
 */
@Injectable()
export class SettleInterval {
  constructor(
    private readonly database: Database,
    private readonly intervals: Intervals,
    private readonly clearings: Clearings,
    private readonly values: Values,
    private readonly register: Register,
    private readonly ledger: Ledger,
    private readonly store: SettlementStore,
    private readonly writeLines: WriteLines,
    private readonly outbox: Outbox,
    private readonly clock: MarketClock,
    private readonly metrics: Metrics,
  ) {}

  /** The run that follows `lastRun`, 0 before the first; an interval that is elsewhere has nothing to settle. */
  async run(zoneId: string, startsAt: Instant, lastRun: number): Promise<boolean> {
    const settled = await this.database.transaction(async (tx) => {
      const interval = await this.intervals.lock(tx, zoneId, startsAt);
      // Another process was quicker. What it saw it has settled; what came since is noted anew and stays so.
      if (interval && interval.run !== lastRun) return false;
      await this.store.correctionDone(tx, zoneId, startsAt);
      if (!interval || !settleable.has(interval.state)) return false;
      const facts = await this.gather(interval);
      const metered = interval.state === 'CLEARED' ? await this.intervals.move(tx, interval, 'METERED') : interval;
      await this.settleIn(tx, { ...facts, interval: metered });
      return true;
    });
    if (settled) this.metrics.count('kwartier_runs_settled_total', 'Runs of settlements posted');
    return settled;
  }

  private async gather(interval: ZoneInterval): Promise<SettlementFacts> {
    const { zoneId, startsAt } = interval;
    const [rules, cleared, points, holders] = await Promise.all([
      this.clearings.rules(interval.rulesHash),
      this.clearings.cleared(zoneId, startsAt),
      this.register.pointsAt(zoneId, startsAt, ['CONNECTION', 'VIRTUAL']),
      this.register.holdersAt(zoneId, startsAt),
    ]);
    invariant(cleared, 'a cleared interval has a clearing');
    const values = await this.values.at(
      points.map(({ id }) => id),
      startsAt,
    );
    const price = cleared.priceTick === undefined ? undefined : priceAt(rules.grid, cleared.priceTick);
    return { interval, rules, cleared, price, values, holders };
  }

  private async settleIn(tx: Tx, facts: SettlementFacts): Promise<void> {
    const { interval, cleared } = facts;
    const { zoneId, startsAt } = interval;
    const previous = await this.store.lastRun(tx, zoneId, startsAt);
    invariant((previous?.run ?? 0) === interval.run, 'the interval knows its last run');
    const run = interval.run + 1;
    const delivery = await this.decide(tx, facts, previous);
    const transactionId = await this.post(tx, facts, delivery, run, previous);
    if (run === 1)
      await this.ledger.release(
        tx,
        cleared.entries.map(({ orderId }) => orderId),
      );
    await this.writeLines.run(tx, facts, delivery, run);
    await this.pack(tx, facts, delivery, run, previous, transactionId);
    await this.intervals.move(tx, interval, 'SETTLING', run);
    await this.outbox.hint(tx, { kind: settledHint, zoneId, startsAt: String(startsAt), run: String(run) });
  }

  private async decide(tx: Tx, facts: SettlementFacts, previous: Run | undefined): Promise<Delivery> {
    const { cleared, rules, interval } = facts;
    const entryOf = entriesByMember(cleared);
    const check = previous ? { voided: new Set(previous.voided) } : { means: await this.means(tx, cleared, entryOf) };
    return deliver(
      cleared.entries.map(({ member, side, fillWh }) => ({ member, side, fillWh: wh(fillWh) })),
      (member) => meteredOf(facts, entryOf.get(member)!),
      pricesOf(facts),
      tieStart(rules, interval.startsAt),
      check,
    );
  }

  private async means(tx: Tx, { entries }: ClearedBook, entryOf: ReadonlyMap<number, BookEntry>) {
    const balances = await this.ledger.balances(tx, [...new Set(entries.map(accountOf))]);
    return (member: number) => {
      const balance = balances.get(accountOf(entryOf.get(member)!));
      invariant(balance, 'whoever ordered has an account');
      return nano(balance.balanceNano + balance.allowanceNano);
    };
  }

  private async post(
    tx: Tx,
    facts: SettlementFacts,
    delivery: Delivery,
    run: number,
    previous: Run | undefined,
  ): Promise<string> {
    const { zoneId, startsAt } = facts.interval;
    const at = await this.clock.now();
    const idOf = (number: number) => `settle/${zoneId}/${startsAt / 1000}/${number}`;
    if (previous) {
      const before = await this.ledger.postings(previous.transactionId);
      await this.ledger.post(tx, {
        id: `${idOf(previous.run)}/reversal`,
        at,
        reason: `run ${run} takes back run ${previous.run}`,
        reverses: previous.transactionId,
        postings: reversed(before),
      });
    }
    const id = idOf(run);
    const entryOf = entriesByMember(facts.cleared);
    const posted = await this.ledger.post(tx, {
      id,
      at,
      reason: `run ${run} of ${zoneId} ${formatInstant(startsAt)}`,
      reverses: undefined,
      postings: localPostings(
        delivery.local,
        pricesOf(facts),
        (member) => accountOf(entryOf.get(member)!),
        feeAccount(zoneId),
      ),
    });
    invariant(posted, `run ${run} of an interval is posted once`);
    return id;
  }

  private async pack(
    tx: Tx,
    facts: SettlementFacts,
    delivery: Delivery,
    run: number,
    previous: Run | undefined,
    transactionId: string,
  ): Promise<void> {
    const { zoneId, startsAt, rulesHash } = facts.interval;
    const { cleared } = facts;
    const entryOf = entriesByMember(cleared);
    const delivered = encodeDelivered(
      membersOf(cleared.entries).map((member) => meteredOf(facts, entryOf.get(member)!)),
    );
    const bytes = settleBytes(cleared.bookBytes, delivered, previous?.delivered ?? new Uint8Array());
    const payloadHash = sha256(bytes);
    const voided = [...delivery.voided].sort();
    await this.store.keepRun(tx, {
      zoneId,
      startsAt,
      run,
      delivered,
      voided,
      localWh: delivery.localWh,
      payloadHash,
      transactionId,
    });
    await this.outbox.tell(tx, {
      topic: chainTopic,
      key: `settle/${zoneId}/${startsAt / 1000}/${run}`,
      payload: {
        kind: 'SETTLE',
        zoneId,
        startsAt: formatInstant(startsAt),
        run,
        rulesHash: hex(rulesHash),
        payloadHash: hex(payloadHash),
        localWh: String(delivery.localWh),
      },
      bytes,
    });
  }
}

/** With the chain still to come, a run is settled in our books and waits there; a correction follows it in order. */
const settleable: ReadonlySet<string> = new Set(['CLEARED', 'METERED', 'SETTLING', 'SETTLED']);

const entriesByMember = ({ entries }: ClearedBook): ReadonlyMap<number, BookEntry> =>
  new Map(entries.map((entry) => [entry.member, entry]));

const accountOf = ({ participantId, pointId }: { participantId: string; pointId: string }): string =>
  homeAccount(participantId, pointId);

/** Whoever does not hold the point in the interval delivers nothing there, whatever they once ordered. */
function meteredOf({ values, holders }: SettlementFacts, { pointId, participantId }: BookEntry): Metered {
  const value = values.get(pointId);
  return value && holders.get(pointId) === participantId
    ? { importWh: value.importWh, exportWh: value.exportWh }
    : nothing;
}
