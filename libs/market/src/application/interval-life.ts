import { decodeBook, decodeResult, encodeResult, resultLeaves } from '@kwartier/auction';
import type { Tx } from '@kwartier/platform';
import { countedRoot, equalBytes, type Instant, invariant } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import type { IntervalState } from '../domain/interval.js';
import type { Rules } from '../domain/rules.js';
import { ClearInterval } from './clear-interval.js';
import { CloseGate } from './close-gate.js';
import { IntervalStore } from './interval-store.port.js';
import { type ClearedBook, Clearings, Intervals, type MarketSetting, type ZoneInterval } from './market.port.js';

@Injectable()
export class IntervalLife extends Intervals {
  constructor(
    private readonly store: IntervalStore,
    private readonly closeGate: CloseGate,
    private readonly clearInterval: ClearInterval,
  ) {
    super();
  }

  async setting(zoneId: string): Promise<MarketSetting | undefined> {
    return (await this.store.settings()).find((setting) => setting.zoneId === zoneId);
  }

  async settings(): Promise<readonly MarketSetting[]> {
    return this.store.settings();
  }

  async find(zoneId: string, startsAt: Instant): Promise<ZoneInterval | undefined> {
    return this.store.find(zoneId, startsAt);
  }

  async unsettled(zoneId: string, most: number): Promise<readonly ZoneInterval[]> {
    return this.store.unsettled(zoneId, most);
  }

  async lock(tx: Tx, zoneId: string, startsAt: Instant): Promise<ZoneInterval | undefined> {
    return this.store.lock(tx, zoneId, startsAt);
  }

  async move(tx: Tx, interval: ZoneInterval, to: IntervalState, run = interval.run): Promise<ZoneInterval> {
    invariant(
      await this.store.move(tx, interval, to, run),
      `the interval is still ${interval.state} at epoch ${interval.epoch}`,
    );
    return { ...interval, state: to, epoch: interval.epoch + 1, run };
  }

  async closeMetered(zoneId: string, startsAt: Instant): Promise<void> {
    const interval = await this.store.find(zoneId, startsAt);
    if (interval?.mode !== 'METERED') return;
    await this.closeGate.run(interval);
    await this.clearInterval.run(interval);
  }
}

@Injectable()
export class CheckedClearings extends Clearings {
  constructor(private readonly store: IntervalStore) {
    super();
  }

  async rules(hash: Uint8Array): Promise<Rules> {
    return this.store.rules(hash);
  }

  async cleared(zoneId: string, startsAt: Instant): Promise<ClearedBook | undefined> {
    const [clearing] = await this.store.clearings([{ zoneId, startsAt }]);
    const frozen = await this.store.book(undefined, zoneId, startsAt);
    const interval = await this.store.find(zoneId, startsAt);
    if (!clearing || !frozen || !interval) return undefined;
    const rules = await this.store.rules(interval.rulesHash);
    const book = decodeBook(frozen.bytes, rules.grid.count);
    invariant(book.ok, 'a frozen book can be read');
    const result = decodeResult(clearing.resultBytes, book.value.length);
    invariant(result.ok && equalBytes(encodeResult(result.value), clearing.resultBytes), 'a result can be read');
    invariant(
      equalBytes(countedRoot(book.value.length, resultLeaves(result.value)), clearing.resultRoot),
      'a result stands under its root',
    );
    const owners = await this.store.owners(frozen.orderIds);
    return {
      priceTick: result.value.priceTick,
      volumeWh: result.value.volumeWh,
      bookBytes: frozen.bytes,
      entries: book.value.map((order, i) => ({
        ...order,
        orderId: frozen.orderIds[i]!,
        ...owners.get(frozen.orderIds[i]!)!,
        fillWh: result.value.fillsWh[i]!,
      })),
    };
  }
}
