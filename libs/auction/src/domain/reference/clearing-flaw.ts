import { type BookOrder, sumWh } from '../book/book.js';
import { type ClearingRules, middle, type Outcome } from '../book/clearing.js';
import { placeFrom } from './pro-rata.js';

interface Filled extends BookOrder {
  readonly fillWh: bigint;
}

/**
 * What is wrong with an outcome, or undefined when it is exactly the one that the rules demand. It is found from the
 * fills alone, on another way than the one they were made on: no order left over could trade with another, so the price
 * lies between those who traded and those who were left over.
 */
export function clearingFlaw(
  book: readonly BookOrder[],
  rules: ClearingRules,
  { priceTick, volumeWh, fillsWh }: Outcome,
): string | undefined {
  if (fillsWh.length !== book.length) return 'there is not one fill for each order';
  const entries = book.map((order, i): Filled => ({ ...order, fillWh: fillsWh[i]! }));
  const buys = entries.filter((entry) => entry.side === 'BUY');
  const sells = entries.filter((entry) => entry.side === 'SELL');

  if (entries.some(({ fillWh, energyWh }) => fillWh < 0n || fillWh > energyWh)) {
    return 'a fill is not between nothing and the whole order';
  }
  if ([buys, sells].some((side) => sumWh(side.map((entry) => entry.fillWh)) !== volumeWh)) {
    return 'bought, sold and volume are not the same';
  }

  const lastBid = lowestTick(buys.filter(traded));
  const lastAsk = highestTick(sells.filter(traded));
  const bestBidLeft = highestTick(buys.filter(leftOver));
  const bestAskLeft = lowestTick(sells.filter(leftOver));
  if (bestBidLeft >= bestAskLeft) return 'a buyer and a seller who could trade are both left over';
  if (volumeWh === 0n) return priceTick === undefined ? undefined : 'there is a price although nothing traded';
  if (bestBidLeft > lastBid || bestAskLeft < lastAsk) return 'a better order is left over while a worse one trades';
  if (lastAsk > lastBid) return 'a seller asks more than a buyer bids, and both trade';

  const demanded =
    rules.priceRule === 'EQUILIBRIUM'
      ? middle(Math.max(lastAsk, bestBidLeft), Math.min(lastBid, bestAskLeft))
      : middle(lastAsk, lastBid);
  if (priceTick !== demanded) return 'the price is not the one that the rule names';

  return (
    splitFlaw(
      buys.filter((entry) => entry.tick === lastBid),
      rules.tieStart,
    ) ??
    splitFlaw(
      sells.filter((entry) => entry.tick === lastAsk),
      rules.tieStart,
    )
  );
}

/** Whether a margin is split pro rata to less than one Wh, and the odd Wh went to the largest remainders. */
function splitFlaw(margin: readonly Filled[], tieStart: number): string | undefined {
  const totalWh = sumWh(margin.map((entry) => entry.energyWh));
  const givenWh = sumWh(margin.map((entry) => entry.fillWh));
  const place = placeFrom(tieStart, margin.length);
  const claims = margin.map(({ energyWh, fillWh }, i) => {
    const surplus = fillWh * totalWh - energyWh * givenWh;
    return { surplus, remainder: surplus > 0n ? totalWh - surplus : -surplus, place: place(i) };
  });
  if (claims.some(({ surplus }) => surplus >= totalWh || surplus <= -totalWh)) {
    return 'a marginal order is a whole Wh away from its share';
  }
  const weakestUp = claims.filter(({ surplus }) => surplus > 0n).reduce(weaker, undefined);
  const strongestDown = claims.filter(({ surplus }) => surplus < 0n).reduce(stronger, undefined);
  return weakestUp && strongestDown && precedes(strongestDown, weakestUp)
    ? 'an odd Wh went to a smaller remainder, or to a later place among equals'
    : undefined;
}

interface Claim {
  readonly remainder: bigint;
  readonly place: number;
}

const precedes = (a: Claim, b: Claim): boolean =>
  a.remainder === b.remainder ? a.place < b.place : a.remainder > b.remainder;
const weaker = (a: Claim | undefined, b: Claim): Claim => (a && precedes(b, a) ? a : b);
const stronger = (a: Claim | undefined, b: Claim): Claim => (a && precedes(a, b) ? a : b);

const traded = (entry: Filled): boolean => entry.fillWh > 0n;
const leftOver = (entry: Filled): boolean => entry.fillWh < entry.energyWh;
const lowestTick = (entries: readonly Filled[]): number =>
  entries.reduce((lowest, { tick }) => Math.min(lowest, tick), Infinity);
const highestTick = (entries: readonly Filled[]): number =>
  entries.reduce((highest, { tick }) => Math.max(highest, tick), -Infinity);
