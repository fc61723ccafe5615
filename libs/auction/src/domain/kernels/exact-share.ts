/** What `shareOf` leaves over; a module's variable, as a pair would be made anew for each order. */
export let remainderLeft = 0;

/**
 * The whole part of `energyWh * amountWh / totalWh`, and in `remainderLeft` what is left over, both exact although
 * the product may pass 2^53: for an energy below 2^32, amount <= total < 2^53 and `part` = amount / total.
 */
export function shareOf(energyWh: number, amountWh: number, totalWh: number, part: number): number {
  // The nearest whole number, so that what is left over stays within half a total and is exact.
  let whole = energyWh * part + toInteger - toInteger;
  const product = energyWh * amountWh;
  const taken = whole * totalWh;
  let remainder = product - taken + (errorOf(energyWh, amountWh, product) - errorOf(whole, totalWh, taken));
  if (remainder < 0) {
    whole -= 1;
    remainder += totalWh;
  }
  remainderLeft = remainder;
  return whole;
}

/** A sum beyond 2^52 has no fraction. */
const toInteger = 2 ** 52;
const splitter = 2 ** 27 + 1;

/** What a rounded product lacks, exactly: both factors are split into halves whose products fit (Dekker 1971). */
function errorOf(a: number, b: number, product: number): number {
  const a0 = splitter * a;
  const aHigh = a0 - (a0 - a);
  const aLow = a - aHigh;
  const b0 = splitter * b;
  const bHigh = b0 - (b0 - b);
  const bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}
