/** Energy in whole watt-hours. */
export type Wh = bigint & { readonly unit: 'Wh' };
/** Price in micro-credits per kilowatt-hour. */
export type MicroPerKwh = bigint & { readonly unit: 'micro/kWh' };
/** Money in nano-credits. */
export type Nano = bigint & { readonly unit: 'nano' };

export const wh = (value: bigint): Wh => value as Wh;
export const microPerKwh = (value: bigint): MicroPerKwh => value as MicroPerKwh;
export const nano = (value: bigint): Nano => value as Nano;

/** Exact: micro per kWh times Wh is nano-credits. */
export const cost = (energy: Wh, price: MicroPerKwh): Nano => (energy * price) as Nano;

export const addWh = (a: Wh, b: Wh): Wh => (a + b) as Wh;
export const lessWh = (a: Wh, b: Wh): Wh => (a - b) as Wh;
export const minWh = (a: Wh, b: Wh): Wh => (a < b ? a : b);
export const sumWh = (all: Iterable<Wh>): Wh => {
  let sum = 0n;
  for (const one of all) sum += one;
  return sum as Wh;
};
export const addNano = (a: Nano, b: Nano): Nano => (a + b) as Nano;
export const negate = (a: Nano): Nano => -(a as bigint) as Nano;

/** A direction is a field, never a sign. */
export type Register = 'IMPORT' | 'EXPORT';
export type Side = 'BUY' | 'SELL';

/** The register that meters what an order on this side promises. */
export const registerOf = (side: Side): Register => (side === 'BUY' ? 'IMPORT' : 'EXPORT');
