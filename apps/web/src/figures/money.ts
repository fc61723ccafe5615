import { decimal } from './decimal.js';

const nanoPlaces = 9;
const locale = 'en-GB';

/**
 * Nano-credits as money. `Intl` takes the decimal as text, so the printed digits are exact; halves go away from zero.
 * A label that is no ISO currency stands behind the number as it is.
 */
export function formatMoney(nano: bigint, currency: string, places = 2): string {
  const digits = { minimumFractionDigits: places, maximumFractionDigits: places, signDisplay: 'negative' } as const;
  const amount = decimal(nano, nanoPlaces);
  return /^[A-Z]{3}$/.test(currency)
    ? new Intl.NumberFormat(locale, { style: 'currency', currency, ...digits }).format(amount)
    : `${new Intl.NumberFormat(locale, digits).format(amount)} ${currency}`;
}

/** Micro-credits per kWh as cents: `19.4 ct`. The kWh is said once, beside it. */
export const formatCents = (microPerKwh: bigint): string => `${formatCentFigure(microPerKwh)} ct`;

export const formatCentFigure = (microPerKwh: bigint): string =>
  new Intl.NumberFormat(locale, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
    signDisplay: 'negative',
  }).format(decimal(microPerKwh, 4));

/** For drawing only; texts are printed from the whole number. */
export const centsOf = (microPerKwh: string): number => Number(microPerKwh) / 10_000;
