import { accepted, refused, type Result } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { type Supplier, type Tariff, type TariffFlaw, tariffFlaw, type TariffVersion } from '../domain/tariff.js';
import { Tariffs } from './tariffs.port.js';

export type PublishRefusal = TariffFlaw | { readonly code: 'ALREADY_PUBLISHED' };

/** A supplier's tariff is published whole or not at all; what is published never changes. */
@Injectable()
export class PublishTariff {
  constructor(private readonly tariffs: Tariffs) {}

  async run(
    supplier: Supplier,
    tariff: Tariff,
    version: TariffVersion,
  ): Promise<Result<TariffVersion, PublishRefusal>> {
    const flaw = tariffFlaw(version.rates);
    if (flaw) return refused(flaw);
    const isNew = await this.tariffs.publish(supplier, tariff, version);
    return isNew ? accepted(version) : refused({ code: 'ALREADY_PUBLISHED' });
  }
}
