import { type BookOrder, type Side, sumWh } from '../book/book.js';
import { bestFirst, countedFrom } from './best-first.js';
import type { Mechanism } from './mechanism.js';
import { atPrices, mechanism, noDeal } from './policy.js';

/**
 * Huang, Scheller-Wolf and Sycara 2002, trade reduction for orders of many Wh: the last buyer and the last seller who agree set a price each and do not trade; everybody
 * better does, and the longer side gives up what is too much in equal parts.
 *
 * Loses the last pair whole, which is little where many trade and everything where one order is most of a side; individually rational; its budget never short. Truthful in
 * the limit, for one order per owner: whoever trades moves neither their price nor their part. Not in energy: on the longer side, who states more gives up
 * relatively less. Never trades with fewer than two owners on a side; leaves the traders what trade
 * reduction does. Exact: prices are limits; the odd Wh of the equal parts go by place in the book from `tieStart`.
 */
export const huang: Mechanism = mechanism(
  {
    name: 'huang',
    keeps: {
      efficiency: 'LARGE_MARKETS',
      individualRationality: true,
      budgetBalance: 'SURPLUS',
      truthfulness: 'LIMIT',
    },
    takes: 'ONE_ORDER',
    leastOwners: { buyers: 2, sellers: 2 },
    drawsLots: false,
  },
  ({ book }, { tieStart }) => {
    const last = lastPair(book, tieStart);
    if (!last) return noDeal(book);
    const fillsWh = book.map(() => 0n);
    const [boughtWh, soldWh] = [wantedWh(book, last.buyers), wantedWh(book, last.sellers)];
    for (const side of [last.buyers, last.sellers]) {
      const tooMuchWh = sumWh(wantedWh(book, side)) - least(sumWh(boughtWh), sumWh(soldWh));
      const givenUpWh = equalParts(tooMuchWh, wantedWh(book, side), tieStart);
      side.forEach((place, i) => (fillsWh[place] = book[place]!.energyWh - givenUpWh[i]!));
    }
    return atPrices(book, fillsWh, 2 * last.bidTick, 2 * last.askTick);
  },
);

interface LastPair {
  /** Whoever is better than the last pair, in book order: the order in which limits come must not decide about odd Wh. */
  readonly buyers: readonly number[];
  readonly sellers: readonly number[];
  readonly bidTick: number;
  readonly askTick: number;
}

function lastPair(book: readonly BookOrder[], tieStart: number): LastPair | undefined {
  const ranked = (side: Side): number[] => bestFirst(book, side, tieStart);
  const [buys, sells] = [ranked('BUY'), ranked('SELL')];
  const limit = (place: number): number => book[place]!.tick;
  let [b, s] = [0, 0];
  let [boughtWh, soldWh] = [0n, 0n];
  let last: [number, number] | undefined;
  while (b < buys.length && s < sells.length && limit(buys[b]!) >= limit(sells[s]!)) {
    last = [b, s];
    const [untilBuyWh, untilSellWh] = [boughtWh + book[buys[b]!]!.energyWh, soldWh + book[sells[s]!]!.energyWh];
    if (untilBuyWh <= untilSellWh) [b, boughtWh] = [b + 1, untilBuyWh];
    if (untilSellWh <= untilBuyWh) [s, soldWh] = [s + 1, untilSellWh];
  }
  if (!last) return undefined;
  const inBookOrder = (places: number[]): number[] => places.sort((a, c) => a - c);
  return {
    buyers: inBookOrder(buys.slice(0, last[0])),
    sellers: inBookOrder(sells.slice(0, last[1])),
    bidTick: limit(buys[last[0]]!),
    askTick: limit(sells[last[1]]!),
  };
}

/** `amountWh` from all in equal parts; who has less gives all of it. The odd Wh come from those who have more, by place from `tieStart`. */
export function equalParts(amountWh: bigint, entriesWh: readonly bigint[], tieStart: number): bigint[] {
  const parts = entriesWh.map(() => 0n);
  const smallestFirst = [...entriesWh.keys()].sort((a, b) => compareUp(entriesWh[a]!, entriesWh[b]!) || a - b);
  let leftWh = amountWh;
  let level = 0n;
  for (const [i, entry] of smallestFirst.entries()) {
    level = leftWh / BigInt(entriesWh.length - i);
    if (entriesWh[entry]! > level) break;
    parts[entry] = entriesWh[entry]!;
    leftWh -= entriesWh[entry]!;
  }
  const beyond = [...entriesWh.keys()].filter((entry) => entriesWh[entry]! > level);
  const odd = Number(leftWh - level * BigInt(beyond.length));
  countedFrom(tieStart, beyond).forEach((entry, i) => (parts[entry] = level + (i < odd ? 1n : 0n)));
  return parts;
}

const wantedWh = (book: readonly BookOrder[], places: readonly number[]): bigint[] =>
  places.map((place) => book[place]!.energyWh);
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const compareUp = (a: bigint, b: bigint): number => (a === b ? 0 : a < b ? -1 : 1);
