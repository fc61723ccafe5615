import type { ClearedBook, Rules, ZoneInterval } from '@kwartier/market';
import type { Revision } from '@kwartier/metering';
import { type MicroPerKwh, microPerKwh } from '@kwartier/units';
import type { Prices } from '../domain/deliver.js';

/** What happened in an interval, gathered before it is decided on. */
export interface SettlementFacts {
  readonly interval: ZoneInterval;
  readonly rules: Rules;
  readonly cleared: ClearedBook;
  readonly price: MicroPerKwh | undefined;
  readonly values: ReadonlyMap<string, Revision>;
  readonly holders: ReadonlyMap<string, string>;
}

export const pricesOf = ({ price, rules }: SettlementFacts): Prices => ({
  priceMicroPerKwh: price ?? microPerKwh(0n),
  buyerFeeMicroPerKwh: rules.buyerFeeMicroPerKwh,
  sellerFeeMicroPerKwh: rules.sellerFeeMicroPerKwh,
});
