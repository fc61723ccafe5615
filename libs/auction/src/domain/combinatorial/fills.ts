import type { BookColumns } from '../book/columns.js';
import { proRata } from '../reference/pro-rata.js';
import type { Entry } from './model.js';

/** The fills of one interval's book: of its plain orders, and of what may be filled in part of its rich ones. */
export interface Fills {
  readonly plainWh: Int32Array;
  readonly richWh: readonly number[];
}

/**
 * The fills once it is known what each side trades: better limits first, the last limit pro rata by largest remainder, ties by place
 * in the book counted from `tieStart`, as in an auction of plain orders. Of orders alike in member, limit and energy a plain one
 * stands before a rich one, and rich ones stand by id.
 */
export function fillsOf(
  book: BookColumns,
  rich: readonly Entry[],
  boughtWh: number,
  soldWh: number,
  tieStart: number,
): Fills {
  const atLimit = whByLimit(book, rich);
  const bid = marginOf(atLimit, 0, boughtWh);
  const ask = marginOf(atLimit, 1, soldWh);
  const isBetter = (limit: number): boolean => ((limit & 1) === 0 ? limit > bid.limit : limit < ask.limit);
  const fills = {
    plainWh: book.wh.slice(0, book.count),
    richWh: rich.map(({ limit, wh }) => (isBetter(limit) ? wh : 0)),
  };
  for (let i = 0; i < book.count; i++) if (!isBetter(book.limit[i]!)) fills.plainWh[i] = 0;
  for (const { limit, leftWh } of [bid, ask]) split(book, rich, limit, leftWh, tieStart, fills);
  return fills;
}

/** The energy at each limit, buys and sells in turn. */
function whByLimit(book: BookColumns, rich: readonly Entry[]): Float64Array {
  let highest = 1;
  for (let i = 0; i < book.count; i++) highest = Math.max(highest, book.limit[i]!);
  for (const { limit } of rich) highest = Math.max(highest, limit);
  const atLimit = new Float64Array(highest + 2);
  for (let i = 0; i < book.count; i++) atLimit[book.limit[i]!]! += book.wh[i]!;
  for (const { limit, wh } of rich) atLimit[limit]! += wh;
  return atLimit;
}

/** The limit at which a side, taken from its best on, has given all it trades, and what that limit still gives. */
function marginOf(atLimit: Float64Array, sell: 0 | 1, tradedWh: number): { limit: number; leftWh: number } {
  const step = sell ? 2 : -2;
  const even = atLimit.length - (atLimit.length % 2);
  let leftWh = tradedWh;
  let limit = sell ? 1 : even;
  while (leftWh > (atLimit[limit] ?? 0)) {
    leftWh -= atLimit[limit] ?? 0;
    limit += step;
  }
  return { limit, leftWh };
}

function split(
  book: BookColumns,
  rich: readonly Entry[],
  limit: number,
  leftWh: number,
  tieStart: number,
  { plainWh, richWh }: { plainWh: Int32Array; richWh: number[] },
): void {
  if (leftWh === 0) return;
  const margin: { member: number; wh: number; give: (wh: number) => void }[] = [];
  for (let i = 0; i < book.count; i++) {
    if (book.limit[i] !== limit) continue;
    margin.push({ member: book.member[i]!, wh: book.wh[i]!, give: (wh) => (plainWh[i] = wh) });
  }
  rich.forEach((entry, i) => {
    if (entry.limit === limit) margin.push({ member: entry.member, wh: entry.wh, give: (wh) => (richWh[i] = wh) });
  });
  margin.sort((a, b) => a.member - b.member || a.wh - b.wh);
  const entriesWh = margin.map(({ wh }) => BigInt(wh));
  proRata(BigInt(leftWh), entriesWh, tieStart).forEach((wh, i) => margin[i]!.give(Number(wh)));
}

/** The limits that the fills leave behind: between them lies every price that suits everybody in the book. */
export interface Margins {
  readonly lastBidTick: number | undefined;
  readonly lastAskTick: number | undefined;
  readonly bestBidLeftTick: number | undefined;
  readonly bestAskLeftTick: number | undefined;
}

export function marginsOf(book: BookColumns, rich: readonly Entry[], { plainWh, richWh }: Fills): Margins {
  let lastBid = Infinity;
  let lastAsk = -Infinity;
  let bestBidLeft = -Infinity;
  let bestAskLeft = Infinity;
  const see = (limit: number, wh: number, fillWh: number): void => {
    const tick = limit >>> 1;
    if ((limit & 1) === 0) {
      if (fillWh > 0 && tick < lastBid) lastBid = tick;
      if (fillWh < wh && tick > bestBidLeft) bestBidLeft = tick;
    } else {
      if (fillWh > 0 && tick > lastAsk) lastAsk = tick;
      if (fillWh < wh && tick < bestAskLeft) bestAskLeft = tick;
    }
  };
  for (let i = 0; i < book.count; i++) see(book.limit[i]!, book.wh[i]!, plainWh[i]!);
  rich.forEach(({ limit, wh }, i) => see(limit, wh, richWh[i]!));
  return {
    lastBidTick: known(lastBid),
    lastAskTick: known(lastAsk),
    bestBidLeftTick: known(bestBidLeft),
    bestAskLeftTick: known(bestAskLeft),
  };
}

const known = (tick: number): number | undefined => (Number.isFinite(tick) ? tick : undefined);
