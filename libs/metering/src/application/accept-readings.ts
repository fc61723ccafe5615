import { type InstalledDevice, isValidAt, Register, type Zone } from '@kwartier/identity';
import { type Connection, Network } from '@kwartier/grid';
import { Database, MarketClock, Metrics, type Tx } from '@kwartier/platform';
import { groupBy, type Instant, type IntervalMinutes, later } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { readingsBytes } from '../domain/readings-bytes.js';
import { judgeReading, type QuarantineCode, type Verdict } from '../domain/judge-reading.js';
import type { ReadingsMessage, RegisterTotals } from '../domain/readings-message.js';
import { type Kept, type Quarantined, ReadingStore, type Timeline } from './reading-store.port.js';
import { ReviseValues, type TotalsChange } from './revise-values.js';
import { Signatures } from './signatures.port.js';

export type MessageRefusal = 'UNKNOWN_DEVICE' | 'UNKNOWN_KEY' | 'BAD_SIGNATURE';

export interface ReadingAnswer {
  readonly endsAt: Instant;
  readonly outcome: 'ACCEPTED' | 'DUPLICATE' | 'CONFLICT' | 'QUARANTINED';
  readonly code?: QuarantineCode;
}

export type MessageAnswer =
  { readonly code: MessageRefusal } | { readonly code: 'TAKEN'; readonly readings: readonly ReadingAnswer[] };

interface Verified {
  readonly index: number;
  readonly message: ReadingsMessage;
  readonly signedBytes: Uint8Array;
  readonly device: InstalledDevice;
  /** All installations of this device at this point. */
  readonly installations: readonly InstalledDevice[];
  readonly length: IntervalMinutes;
  readonly limitW: number | undefined;
}

/**
 * Takes signed messages, many at a time: verifies, judges, keeps, and derives what was metered, in one transaction.
 * When it answers, everything it answered is durable (P2); sending again gives the same answer.
 */
@Injectable()
export class AcceptReadings {
  constructor(
    private readonly database: Database,
    private readonly register: Register,
    private readonly network: Network,
    private readonly signatures: Signatures,
    private readonly store: ReadingStore,
    private readonly revise: ReviseValues,
    private readonly clock: MarketClock,
    private readonly metrics: Metrics,
  ) {}

  async run(messages: readonly ReadingsMessage[]): Promise<readonly MessageAnswer[]> {
    const answers: MessageAnswer[] = [];
    const verified = await this.verify(messages, answers);
    // Two messages of one point are judged one after the other: the first may change what the second is held against.
    for (const round of roundsOf(verified)) await this.take(round, answers);
    for (const answer of answers) this.count(answer);
    return answers;
  }

  private async verify(messages: readonly ReadingsMessage[], answers: MessageAnswer[]): Promise<Verified[]> {
    const pointIds = [...new Set(messages.map(({ pointId }) => pointId))];
    const [devices, connections, zones] = await Promise.all([
      this.register.devicesAt(pointIds),
      this.network.connections(pointIds),
      this.register.zones(),
    ]);
    const context = { devices: groupBy(devices, ({ pointId }) => pointId), connections: indexOf(connections), zones };
    const checked = await Promise.all(messages.map(async (message, index) => this.check(message, index, context)));
    return checked.filter((one): one is Verified => {
      if ('message' in one) return true;
      answers[one.index] = { code: one.code };
      return false;
    });
  }

  private async check(
    message: ReadingsMessage,
    index: number,
    { devices, connections, zones }: Context,
  ): Promise<Verified | { readonly index: number; readonly code: MessageRefusal }> {
    const installations = devices.get(message.pointId) ?? [];
    const zone = zones.find(({ id }) => id === message.zoneId);
    // A stranger learns nothing about which points there are.
    if (!zone || installations[0]?.zoneId !== message.zoneId) return { index, code: 'UNKNOWN_DEVICE' };
    const own = installations.filter(({ deviceId }) => deviceId === message.deviceId);
    const device = own[0];
    if (!device) return { index, code: 'UNKNOWN_DEVICE' };
    const key = device.keys.find(({ number }) => number === message.keyNumber);
    if (!key) return { index, code: 'UNKNOWN_KEY' };
    const signedBytes = readingsBytes(message);
    const good = await this.signatures.verify(key.publicKey, signedBytes, message.signature);
    if (!good) return { index, code: 'BAD_SIGNATURE' };
    const limitW = connections.get(message.pointId)?.limitW;
    return { index, message, signedBytes, device, installations: own, length: zone.intervalMinutes, limitW };
  }

  private async take(round: readonly Verified[], answers: MessageAnswer[]): Promise<void> {
    const now = await this.clock.now();
    await this.database.transaction(async (tx) => {
      await this.store.lockPoints(
        tx,
        round.map(({ message }) => message.pointId),
      );
      const timelines = await this.store.timelines(tx, round.map(stretchOf));
      const kept: Kept[] = [];
      const changes: TotalsChange[] = [];
      round.forEach((one, i) => {
        const timeline = withStart(timelines[i]!, one);
        const { verdicts, accepted, quarantined } = judgeAll(one, timeline, now);
        answers[one.index] = { code: 'TAKEN', readings: verdicts };
        if (accepted.length + quarantined.length === 0) return;
        kept.push({
          message: one.message,
          signedBytes: one.signedBytes,
          resolutionMinutes: one.length,
          accepted,
          quarantined,
        });
        changes.push({
          pointId: one.message.pointId,
          zoneId: one.message.zoneId,
          length: one.length,
          timeline,
          accepted,
        });
      });
      await this.keep(tx, kept, changes);
    });
  }

  private async keep(tx: Tx, kept: readonly Kept[], changes: readonly TotalsChange[]): Promise<void> {
    if (kept.length === 0) return;
    await this.store.keep(tx, kept);
    await this.revise.run(tx, changes);
  }

  private count(answer: MessageAnswer): void {
    const help = 'Readings by what became of them';
    if (answer.code !== 'TAKEN') this.metrics.count('kwartier_readings_total', help, { outcome: answer.code });
    else for (const { outcome } of answer.readings) this.metrics.count('kwartier_readings_total', help, { outcome });
  }
}

interface Context {
  readonly devices: ReadonlyMap<string, readonly InstalledDevice[]>;
  readonly connections: ReadonlyMap<string, Connection>;
  readonly zones: readonly Zone[];
}

/** Each round has at most one message of a point, in the order of arrival. */
function roundsOf(verified: readonly Verified[]): Verified[][] {
  const rounds: Verified[][] = [];
  const next = new Map<string, number>();
  for (const one of verified) {
    const round = next.get(one.message.pointId) ?? 0;
    next.set(one.message.pointId, round + 1);
    (rounds[round] ??= []).push(one);
  }
  return rounds;
}

const stretchOf = ({ message }: Verified) => ({
  pointId: message.pointId,
  deviceId: message.deviceId,
  from: message.readings[0]!.endsAt,
  to: message.readings.at(-1)!.endsAt,
});

/** A device begins at the totals of its installation protocol, so its first interval is metered like any other. */
function withStart(timeline: Timeline, { installations, message }: Verified): Timeline {
  const first = message.readings[0]!.endsAt;
  const installation = installations.findLast(({ from }) => from < first) ?? installations[0]!;
  const start: RegisterTotals = {
    endsAt: installation.from,
    importWh: installation.startImportWh,
    exportWh: installation.startExportWh,
  };
  const before = timeline.before && timeline.before.endsAt > start.endsAt ? timeline.before : start;
  return { ...timeline, before: before.endsAt < first ? before : undefined };
}

function judgeAll(one: Verified, timeline: Timeline, now: Instant) {
  const verdicts: ReadingAnswer[] = [];
  const accepted: RegisterTotals[] = [];
  const quarantined: Quarantined[] = [];
  const standing = new Map([...timeline.byOthers, ...timeline.inside].map((totals) => [totals.endsAt, totals]));
  let before = timeline.before;
  let ahead = 0;
  for (const reading of one.message.readings) {
    while (timeline.inside[ahead] && timeline.inside[ahead]!.endsAt < reading.endsAt) before = timeline.inside[ahead++];
    const sameInstant = timeline.inside[ahead]?.endsAt === reading.endsAt;
    const verdict: Verdict = judgeReading(reading, {
      length: one.length,
      now,
      limitW: one.limitW,
      installed: one.installations.some(
        (it) => it.from < reading.endsAt && (it.to === undefined || reading.endsAt <= it.to),
      ),
      // The key must have been valid when the interval ended; a later revocation does not touch it.
      keyValid: one.device.keys.some(
        (key) => key.number === one.message.keyNumber && isValidAt(key, later(reading.endsAt, -1)),
      ),
      standing: standing.get(reading.endsAt),
      before,
      after: timeline.inside[sameInstant ? ahead + 1 : ahead] ?? timeline.after,
    });
    verdicts.push({ endsAt: reading.endsAt, ...verdict });
    if (verdict.outcome === 'ACCEPTED') {
      accepted.push(reading);
      before = reading;
    } else if (verdict.outcome === 'CONFLICT') quarantined.push({ ...reading, code: 'CONFLICT' });
    else if (verdict.outcome === 'QUARANTINED') quarantined.push({ ...reading, code: verdict.code });
  }
  return { verdicts, accepted, quarantined };
}

const indexOf = (connections: readonly Connection[]): Map<string, Connection> =>
  new Map(connections.map((connection) => [connection.pointId, connection]));
