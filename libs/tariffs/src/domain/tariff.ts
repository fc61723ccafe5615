import { type Instant, invariant, type LocalTime, localTime, type MicroPerKwh } from '@kwartier/units';

export interface Supplier {
  readonly id: string;
  readonly name: string;
}

export type Weekdays = 'ALL' | 'WORKDAYS' | 'WEEKEND';

/** All-in prices of the supplier of last resort in some minutes of some local days. */
export interface Rate {
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly weekdays: Weekdays;
  readonly retailMicroPerKwh: MicroPerKwh;
  readonly feedInMicroPerKwh: MicroPerKwh;
}

/** One version of a tariff; a later one takes over at its `from`, earlier intervals keep theirs. */
export interface TariffVersion {
  readonly tariffId: string;
  readonly version: number;
  readonly from: Instant;
  readonly rates: readonly Rate[];
}

export interface Tariff {
  readonly id: string;
  readonly supplierId: string;
  readonly name: string;
}

/** A point gets its power under a tariff from an instant on. */
export interface Supply {
  readonly pointId: string;
  readonly tariffId: string;
  readonly from: Instant;
}

/** What a point's own supplier asks and pays in one interval. */
export interface OwnPrices {
  readonly tariffId: string;
  readonly tariffName: string;
  readonly version: number;
  readonly retailMicroPerKwh: MicroPerKwh;
  readonly feedInMicroPerKwh: MicroPerKwh;
}

/** The one rate that holds at the start of an interval. */
export function rateAt(rates: readonly Rate[], startsAt: Instant, timeZone: string): Rate {
  const local = localTime(startsAt, timeZone);
  const rate = rates.find((one) => holdsAt(one, local));
  invariant(rate, 'a tariff has a price for every minute of the week');
  return rate;
}

const holdsAt = (rate: Rate, { minuteOfDay, weekday }: LocalTime): boolean =>
  rate.fromMinute <= minuteOfDay && minuteOfDay < rate.toMinute && fallsOn(rate.weekdays, weekday);

function fallsOn(weekdays: Weekdays, weekday: number): boolean {
  const weekend = weekday === 0 || weekday === 6;
  return weekdays === 'ALL' || (weekdays === 'WEEKEND') === weekend;
}

export type TariffFlaw =
  | { readonly code: 'GAP_IN_TARIFF'; readonly weekday: number; readonly minute: number }
  | { readonly code: 'OVERLAP_IN_TARIFF'; readonly weekday: number; readonly minute: number }
  | { readonly code: 'FEED_IN_ABOVE_RETAIL' }
  | { readonly code: 'PRICE_OUT_OF_RANGE' };

/** Ten credits a kWh: far above any tariff, far below what a number can hold. */
const mostMicroPerKwh = 10_000_000n;

/** A tariff names exactly one price for every quarter of the week. Feeding in never pays more than taking costs. */
export function tariffFlaw(rates: readonly Rate[]): TariffFlaw | undefined {
  for (let weekday = 0; weekday < 7; weekday++) {
    for (let minute = 0; minute < 1440; minute += 5) {
      const found = rates.filter((rate) => holdsAt(rate, { year: 0, month: 1, day: 1, minuteOfDay: minute, weekday }));
      if (found.length === 0) return { code: 'GAP_IN_TARIFF', weekday, minute };
      if (found.length > 1) return { code: 'OVERLAP_IN_TARIFF', weekday, minute };
    }
  }
  const prices = rates.flatMap((rate) => [rate.retailMicroPerKwh, rate.feedInMicroPerKwh]);
  if (prices.some((price) => price > mostMicroPerKwh || price < -mostMicroPerKwh))
    return { code: 'PRICE_OUT_OF_RANGE' };
  return rates.some((rate) => rate.feedInMicroPerKwh > rate.retailMicroPerKwh)
    ? { code: 'FEED_IN_ABOVE_RETAIL' }
    : undefined;
}
