import {
  accepted,
  cost,
  type Instant,
  microPerKwh,
  type MicroPerKwh,
  type Nano,
  nano,
  priceAt,
  refused,
  type Result,
  type Side,
  tickAtLeast,
  tickAtMost,
  tickOf,
  type Wh,
  wh,
} from '@kwartier/units';
import type { Rules } from './rules.js';

/** What a participant asks for in one interval. `clientId` is theirs: sending it again can never place a second order. */
export interface Order {
  readonly clientId: string;
  readonly participantId: string;
  readonly pointId: string;
  readonly zoneId: string;
  readonly startsAt: Instant;
  readonly side: Side;
  readonly energyWh: Wh;
  readonly limitMicroPerKwh: MicroPerKwh;
  /** The client id of an own order that this one takes the place of, if it still stands. */
  readonly replaces?: string | undefined;
}

/** Client ids travel in logs and keys, so they are short and visible. */
export const isClientId = (text: string): boolean => /^[\x21-\x7e]{1,128}$/.test(text);

/** The limits at which local energy beats the point's own tariff, rounded inward to the zone's grid. */
export interface Terms {
  readonly lowestTick: number;
  readonly highestTick: number;
}

export interface OwnPrice {
  readonly retailMicroPerKwh: MicroPerKwh;
  readonly feedInMicroPerKwh: MicroPerKwh;
}

/**
 * A buyer's limit plus charges is at most what the own supplier asks, a seller's minus charges at least what it pays (P13).
 * Undefined where no price on the grid can do that.
 */
export function termsOf(rules: Rules, side: Side, own: OwnPrice): Terms | undefined {
  const last = rules.grid.count - 1;
  const terms =
    side === 'BUY'
      ? {
          lowestTick: 0,
          highestTick: tickAtMost(rules.grid, microPerKwh(own.retailMicroPerKwh - rules.buyerFeeMicroPerKwh)),
        }
      : {
          lowestTick: tickAtLeast(rules.grid, microPerKwh(own.feedInMicroPerKwh + rules.sellerFeeMicroPerKwh)),
          highestTick: last,
        };
  return terms.lowestTick <= terms.highestTick ? terms : undefined;
}

export type OrderFlaw =
  | { readonly code: 'ENERGY_OUT_OF_RANGE'; readonly mostWh: Wh }
  | { readonly code: 'PRICE_OFF_TICK'; readonly tick: MicroPerKwh }
  | { readonly code: 'PRICE_OUT_OF_RANGE'; readonly lowest: MicroPerKwh; readonly highest: MicroPerKwh }
  | { readonly code: 'NO_GAIN' }
  | { readonly code: 'TOO_LARGE'; readonly mostWh: Wh };

/** The kernel and the packed book hold quantities below 2^31. */
export const mostOrderWh = wh(2n ** 31n - 1n);

/** Whether the order may stand in a book, whatever the time. `roomWh` is what its point may still order on this side. */
export function admit(
  order: Order,
  rules: Rules,
  own: OwnPrice,
  roomWh: Wh,
): Result<{ readonly tick: number }, OrderFlaw> {
  const { energyWh, limitMicroPerKwh: limit, side } = order;
  if (energyWh <= 0n || energyWh > mostOrderWh) return refused({ code: 'ENERGY_OUT_OF_RANGE', mostWh: mostOrderWh });
  const terms = termsOf(rules, side, own);
  if (!terms) return refused({ code: 'NO_GAIN' });
  const lowest = priceAt(rules.grid, terms.lowestTick);
  const highest = priceAt(rules.grid, terms.highestTick);
  if (limit < lowest || limit > highest) return refused({ code: 'PRICE_OUT_OF_RANGE', lowest, highest });
  const tick = tickOf(rules.grid, limit);
  if (tick === undefined) return refused({ code: 'PRICE_OFF_TICK', tick: rules.grid.tick });
  if (energyWh > roomWh) return refused({ code: 'TOO_LARGE', mostWh: roomWh });
  return accepted({ tick });
}

/** The most that the order can cost: a buyer's price and fee, and a seller's where prices are negative. */
export function worstCase({ side, energyWh, limitMicroPerKwh: limit }: Order, rules: Rules): Nano {
  const perKwh = side === 'BUY' ? limit + rules.buyerFeeMicroPerKwh : rules.sellerFeeMicroPerKwh - limit;
  return perKwh > 0n ? cost(energyWh, microPerKwh(perKwh)) : nano(0n);
}

/** Two orders ask for the same thing; only then is a repeated client id a retry and not a mistake. */
export const asksTheSame = (a: Order, b: Order): boolean =>
  a.zoneId === b.zoneId &&
  a.pointId === b.pointId &&
  a.startsAt === b.startsAt &&
  a.side === b.side &&
  a.energyWh === b.energyWh &&
  a.limitMicroPerKwh === b.limitMicroPerKwh;
