import {
  invariant,
  type MicroPerKwh,
  microPerKwh,
  type Nano,
  nano,
  shareOut,
  type Side,
  type Wh,
  wh,
} from '@kwartier/units';

/** What a member was filled on one side of an interval. */
export interface FilledEntry {
  readonly member: number;
  readonly side: Side;
  readonly fillWh: Wh;
}

export interface Metered {
  readonly importWh: Wh;
  readonly exportWh: Wh;
}

/** The price and the fees of the interval. */
export interface Prices {
  readonly priceMicroPerKwh: MicroPerKwh;
  readonly buyerFeeMicroPerKwh: MicroPerKwh;
  readonly sellerFeeMicroPerKwh: MicroPerKwh;
}

/** The Wh that really changed hands for one member and side. */
export interface LocalEntry {
  readonly member: number;
  readonly side: Side;
  readonly localWh: Wh;
}

/** How much a member can still pay: balance plus allowance. */
export type Means = (member: number) => Nano;

export interface Delivery {
  readonly local: readonly LocalEntry[];
  readonly localWh: Wh;
  /** Entries that could not have been paid, as `member/side`. They stay void in every later run. */
  readonly voided: ReadonlySet<string>;
}

export const entryKey = ({ member, side }: { readonly member: number; readonly side: Side }): string =>
  `${member}/${side}`;

/**
 * The delivery rule. Per member and side, the lesser of what was filled and what was metered; local energy is the smaller
 * of both sums, and the longer side is cut pro rata, in book order from `tieStart`. In run 1 an entry whose own uncut
 * charge exceeds its means is void; later runs take over what was void then.
 */
export function deliver(
  filled: readonly FilledEntry[],
  meteredOf: (member: number) => Metered,
  prices: Prices,
  tieStart: number,
  check: { readonly means: Means } | { readonly voided: ReadonlySet<string> },
): Delivery {
  const uncut = sumPerEntry(filled).map(({ member, side, fillWh }) => {
    const { importWh, exportWh } = meteredOf(member);
    const meteredWh = side === 'BUY' ? importWh : exportWh;
    return { member, side, energyWh: fillWh < meteredWh ? fillWh : meteredWh };
  });
  const voided =
    'voided' in check
      ? check.voided
      : new Set(
          uncut
            .filter((entry) => chargeOf(entry.side, entry.energyWh, prices) > check.means(entry.member))
            .map(entryKey),
        );
  const standing = uncut.filter((entry) => entry.energyWh > 0n && !voided.has(entryKey(entry)));
  const sold = standing.filter(({ side }) => side === 'SELL');
  const bought = standing.filter(({ side }) => side === 'BUY');
  const soldWh = total(sold);
  const boughtWh = total(bought);
  const localWh = soldWh < boughtWh ? soldWh : boughtWh;
  const cut = [...share(sold, localWh, tieStart), ...share(bought, localWh, tieStart)];
  invariant(
    cut.reduce((sum, { side, localWh: part }) => (side === 'BUY' ? sum + part : sum - part), 0n) === 0n,
    'bought is sold',
  );
  const placeOf = new Map(standing.map((entry, i) => [entryKey(entry), i]));
  return {
    local: cut.sort((a, b) => placeOf.get(entryKey(a))! - placeOf.get(entryKey(b))!),
    localWh: wh(localWh),
    voided,
  };
}

/** What an entry pays at most: a buyer price and fee, a seller only where the price does not cover the fee. */
export function chargeOf(side: Side, energyWh: Wh, prices: Prices): Nano {
  const { priceMicroPerKwh: price, buyerFeeMicroPerKwh, sellerFeeMicroPerKwh } = prices;
  const perKwh = microPerKwh(side === 'BUY' ? price + buyerFeeMicroPerKwh : sellerFeeMicroPerKwh - price);
  return nano(perKwh > 0n ? energyWh * perKwh : 0n);
}

interface UncutEntry {
  readonly member: number;
  readonly side: Side;
  readonly energyWh: Wh;
}

function share(entries: readonly UncutEntry[], amountWh: bigint, tieStart: number): LocalEntry[] {
  const parts = shareOut(
    amountWh,
    entries.map(({ energyWh }) => energyWh),
    tieStart,
  );
  return entries.map(({ member, side }, i) => ({ member, side, localWh: wh(parts[i]!) }));
}

/** Several orders of a member on one side are one entry, in the place of the first. */
function sumPerEntry(filled: readonly FilledEntry[]): FilledEntry[] {
  const sums = new Map<string, FilledEntry>();
  for (const entry of filled) {
    const before = sums.get(entryKey(entry))?.fillWh ?? 0n;
    sums.set(entryKey(entry), { ...entry, fillWh: wh(before + entry.fillWh) });
  }
  return [...sums.values()];
}

const total = (entries: readonly UncutEntry[]): bigint => entries.reduce((sum, { energyWh }) => sum + energyWh, 0n);
