import type { Instant } from '@kwartier/units';
import type { OwnPrices, Supplier, Supply, Tariff, TariffVersion } from '../domain/tariff.js';

/** Who supplies whom, at which prices, since when. */
export abstract class Tariffs {
  /** False where the version, or another of the same instant, is published already. */
  abstract publish(supplier: Supplier, tariff: Tariff, version: TariffVersion): Promise<boolean>;

  /** Whether the tariff has a version that holds at the instant, or any at all. */
  abstract isPublished(tariffId: string, at: Instant | undefined): Promise<boolean>;

  abstract isSupplied(pointId: string): Promise<boolean>;

  /** A point changes over from whatever supplied it before. */
  abstract supply(supplies: readonly Supply[]): Promise<void>;

  /** What each point's own supplier asks and pays in the interval; points that nobody supplies are left out. */
  abstract ownPrices(
    pointIds: readonly string[],
    startsAt: Instant,
    timeZone: string,
  ): Promise<ReadonlyMap<string, OwnPrices>>;
}
