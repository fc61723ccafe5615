import { MarketClock } from '@kwartier/platform';
import { accepted, hours, type Instant, later, refused, type Result } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import {
  type Supplier,
  type Supply,
  type Tariff,
  type TariffFlaw,
  tariffFlaw,
  type TariffVersion,
} from '../domain/tariff.js';
import { Tariffs } from './tariffs.port.js';

/** Longer than any book is open: whoever orders knows the prices that their order is settled against (P13). */
const noticeMs = hours(3);

export type PublishRefusal = TariffFlaw | { readonly code: 'ALREADY_PUBLISHED' } | TooSoon;
export type SupplyRefusal = { readonly code: 'TARIFF_NOT_PUBLISHED' } | TooSoon;
type TooSoon = { readonly code: 'TOO_SOON'; readonly earliest: Instant };

/** A supplier's tariff is published whole or not at all; what is published never changes, and changes are announced. */
@Injectable()
export class PublishTariff {
  constructor(
    private readonly tariffs: Tariffs,
    private readonly clock: MarketClock,
  ) {}

  async run(
    supplier: Supplier,
    tariff: Tariff,
    version: TariffVersion,
  ): Promise<Result<TariffVersion, PublishRefusal>> {
    const flaw = tariffFlaw(version.rates);
    if (flaw) return refused(flaw);
    const earliest = later(await this.clock.now(), noticeMs);
    if (version.from < earliest && (await this.tariffs.isPublished(tariff.id, undefined)))
      return refused({ code: 'TOO_SOON', earliest });
    const isNew = await this.tariffs.publish(supplier, tariff, version);
    return isNew ? accepted(version) : refused({ code: 'ALREADY_PUBLISHED' });
  }

  /** A point's first tariff may begin at any time; a change is announced like a new price. */
  async supply(supply: Supply): Promise<Result<Supply, SupplyRefusal>> {
    if (!(await this.tariffs.isPublished(supply.tariffId, supply.from)))
      return refused({ code: 'TARIFF_NOT_PUBLISHED' });
    const earliest = later(await this.clock.now(), noticeMs);
    if (supply.from < earliest && (await this.tariffs.isSupplied(supply.pointId)))
      return refused({ code: 'TOO_SOON', earliest });
    await this.tariffs.supply([supply]);
    return accepted(supply);
  }
}
