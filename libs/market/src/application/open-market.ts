import { Register } from '@kwartier/identity';
import { MarketClock } from '@kwartier/platform';
import { accepted, alignDown, type Instant, later, minutes, refused, type Result } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { gateOf } from '../domain/interval.js';
import { encodeRules, rulesHash } from '../domain/rules.js';
import { IntervalStore } from './interval-store.port.js';
import type { MarketSetting } from './market.port.js';

export type OpenMarketRefusal =
  | { readonly code: 'NO_SUCH_ZONE' }
  | { readonly code: 'MODE_NOT_BUILT' }
  | { readonly code: 'CHARGE_NOT_BUILT' }
  | { readonly code: 'FEE_OUT_OF_RANGE' }
  | { readonly code: 'ALLOWANCE_BELOW_ZERO' }
  | { readonly code: 'LENGTH_DIFFERS_FROM_ZONE' };

/** One credit a kWh. */
const mostFeeMicroPerKwh = 1_000_000n;

/** Says how a zone trades, and keeps its calendar of intervals ahead of the clock. */
@Injectable()
export class OpenMarket {
  constructor(
    private readonly register: Register,
    private readonly store: IntervalStore,
    private readonly clock: MarketClock,
  ) {}

  /** New rules hold for intervals that are opened from now on; those opened before keep theirs. */
  async run(setting: MarketSetting): Promise<Result<MarketSetting, OpenMarketRefusal>> {
    if (setting.mode === 'SHARING') return refused({ code: 'MODE_NOT_BUILT' });
    if (setting.rules.undeliveredSharePpm !== 0) return refused({ code: 'CHARGE_NOT_BUILT' });
    const { buyerFeeMicroPerKwh, sellerFeeMicroPerKwh } = setting.rules;
    if ([buyerFeeMicroPerKwh, sellerFeeMicroPerKwh].some((fee) => fee < 0n || fee > mostFeeMicroPerKwh))
      return refused({ code: 'FEE_OUT_OF_RANGE' });
    if (setting.allowanceNano < 0n) return refused({ code: 'ALLOWANCE_BELOW_ZERO' });
    const zone = await this.register.zone(setting.zoneId);
    if (!zone) return refused({ code: 'NO_SUCH_ZONE' });
    if (zone.intervalMinutes !== setting.rules.intervalMinutes) return refused({ code: 'LENGTH_DIFFERS_FROM_ZONE' });
    await this.store.keepSetting(setting, rulesHash(setting.rules), encodeRules(setting.rules));
    return accepted(setting);
  }

  /**
   * After an outage the meters need time to say what they measured meanwhile, so metered intervals that ended wait for them
   * as long as any. Their gates are nobody's deadline: orders are made from the values.
   */
  async wakeUp(): Promise<void> {
    for (const { zoneId, times, rules } of await this.store.settings())
      await this.store.waitForValues(zoneId, times.graceMs + minutes(rules.intervalMinutes));
  }

  /** Opens every interval that is due to be open; how many were new. */
  async openDue(): Promise<number> {
    const now = await this.clock.now();
    let opened = 0;
    for (const setting of await this.store.settings()) {
      const length = setting.rules.intervalMinutes;
      const last = later(now, setting.times.opensMsBefore);
      const intervals = [];
      for (let at = await this.firstToOpen(now, setting); at <= last; at = later(at, minutes(length)))
        intervals.push({
          zoneId: setting.zoneId,
          startsAt: at,
          endsAt: later(at, minutes(length)),
          gateClosesAt: gateFor(setting, at, now),
          mode: setting.mode,
          rulesHash: setting.rulesHash,
        });
      opened += await this.store.open(intervals);
    }
    return opened;
  }

  /**
   * Every interval gets its turn: after an outage the missed ones are opened too, so that each home's energy stands on its
   * statement. A new market begins with the first interval whose gate is still ahead.
   */
  private async firstToOpen(now: Instant, { zoneId, mode, rules, times }: MarketSetting): Promise<Instant> {
    const last = await this.store.last(zoneId);
    if (last) return last.endsAt;
    let at = alignDown(now, rules.intervalMinutes);
    while (gateOf(mode, at, rules.intervalMinutes, times) <= now) at = later(at, minutes(rules.intervalMinutes));
    return at;
  }
}

/** A metered interval that is opened after its end waits as long for its values as any; nobody can order in the past ahead. */
function gateFor({ mode, rules, times }: MarketSetting, startsAt: Instant, now: Instant): Instant {
  const length = rules.intervalMinutes;
  const gate = gateOf(mode, startsAt, length, times);
  const isOver = later(startsAt, minutes(length)) <= now;
  return mode === 'METERED' && isOver ? gateOf(mode, later(now, -minutes(length)), length, times) : gate;
}
