import type { ClearingRules } from '../book/clearing.js';
import { type BookColumns, type ClearingColumns, isColumn } from '../book/columns.js';
import { BadInput } from '../bad-input.js';
import { checkedRules } from '../book/checked-rules.js';
import {
  asksAt,
  asksBelow,
  bidsAbove,
  bidsAt,
  boughtAt,
  type Kernel,
  type KernelKind,
  soldAt,
  strongestDown,
  strongestDownPlace,
  weakestUp,
  weakestUpPlace,
} from '../kernels/kernel.js';
import { checkedInKernel } from './checked-book.js';
import { neighboursOf } from './crossing.js';
import { type Crossing, equilibriumAt, priceOf, rationingOf } from './equilibrium.js';
import type { SplitThreshold, UniformCertificate } from './uniform-certificate.js';

/** What is wrong with a clearing, or the certificate that it is exactly the one that the rules demand. */
export type Verdict =
  { readonly ok: true; readonly certificate: UniformCertificate } | { readonly ok: false; readonly flaw: string };

/**
 * What is wrong with a clearing, or undefined when it is exactly the one that the rules demand. Nothing is taken over from
 * how it was made: the sums on both sides of the claimed low price prove that no price moves more, and every fill is
 * held against its limit or, at the margin, against its exact share.
 */
export function verifyUniform(
  book: BookColumns,
  clearing: ClearingColumns,
  rules: ClearingRules,
  kind?: KernelKind,
): string | undefined {
  const verdict = judgeUniform(book, clearing, rules, kind);
  return verdict.ok ? undefined : verdict.flaw;
}

/** The certificate of a clearing without a flaw. */
export function certifyUniform(
  book: BookColumns,
  clearing: ClearingColumns,
  rules: ClearingRules,
  kind?: KernelKind,
): UniformCertificate {
  const verdict = judgeUniform(book, clearing, rules, kind);
  if (!verdict.ok)
    throw new BadInput({ code: 'CONTRADICTION', at: 'clearing', why: `one without a flaw (${verdict.flaw})` });
  return verdict.certificate;
}

export function judgeUniform(
  book: BookColumns,
  clearing: ClearingColumns,
  rules: ClearingRules,
  kind?: KernelKind,
): Verdict {
  const ruled = checkedRules(rules);
  if (!ruled.ok) return flaw(`the rules are none: ${ruled.refusal.why} at ${ruled.refusal.at}`);
  const loaded = checkedInKernel(book, kind);
  if (!loaded.ok) return flaw(`the book is none: ${loaded.refusal.why} at ${loaded.refusal.at}`);
  const kernel = loaded.value;
  const { count } = book;
  const { lowTick, volumeWh, fillsWh } = clearing;
  if (!isColumn(fillsWh, 'Int32Array') || fillsWh.length !== count) return flaw('there is not one fill for each order');
  if (lowTick === undefined) return judgeNothingTraded(kernel, count, clearing);
  if (!Number.isInteger(lowTick) || lowTick < 0 || lowTick > 8191) return flaw('a price lies beside every price grid');
  // The fills may be the kernel's own: then they stand there already.
  if (fillsWh.byteOffset !== kernel.fillsWh.byteOffset || fillsWh.buffer !== kernel.fillsWh.buffer)
    kernel.fillsWh.set(fillsWh);

  const sound = kernel.audit(count, lowTick);
  const { crossing, bought, sold } = sumsOf(kernel, lowTick);
  if (crossing.offeredWh < crossing.wantedAboveWh) return flaw('at the low price more is wanted than offered');
  if (crossing.offeredBelowWh >= crossing.wantedWh) return flaw('below the low price lies another equilibrium');
  const equilibrium = equilibriumAt(crossing, () => neighboursOf(kernel, count, lowTick));
  if (!equilibrium) return flaw('there is a price although nobody agrees');
  if (volumeWh !== equilibrium.volumeWh) return flaw('the volume is not the most that any price moves');
  if (!sound)
    return flaw('a better order is not filled, a worse one is, or a fill is not between nothing and the whole');
  if (bought !== volumeWh || sold !== volumeWh) return flaw('bought, sold and volume are not the same');
  if (clearing.highTick !== equilibrium.highTick) return flaw('the high price is not the last without a change');
  if (clearing.lastAskTick !== equilibrium.lastAskTick) return flaw('the last ask is another');
  if (clearing.lastBidTick !== equilibrium.lastBidTick) return flaw('the last bid is another');
  if (clearing.priceTick !== priceOf(equilibrium, rules)) return flaw('the price is not the one that the rule names');
  return judgeSplit(kernel, count, clearing, crossing, rules.tieStart);
}

function sumsOf({ found }: Kernel, lowTick: number): { crossing: Crossing; bought: number; sold: number } {
  const wantedAboveWh = found[bidsAbove]!;
  const offeredBelowWh = found[asksBelow]!;
  return {
    crossing: {
      lowTick,
      wantedAboveWh,
      wantedWh: wantedAboveWh + found[bidsAt]!,
      offeredBelowWh,
      offeredWh: offeredBelowWh + found[asksAt]!,
    },
    bought: wantedAboveWh + found[boughtAt]!,
    sold: offeredBelowWh + found[soldAt]!,
  };
}

/** The rationed margin, split to less than one Wh, the odd Wh to the largest remainders, equal ones by place. */
function judgeSplit(
  kernel: Kernel,
  count: number,
  clearing: ClearingColumns,
  crossing: Crossing,
  tieStart: number,
): Verdict {
  const rationing = rationingOf(crossing, clearing.volumeWh);
  if (!rationing) return certified(clearing, crossing, undefined, undefined);
  const entryCount = kernel.collect(count, rationing.limit);
  const start = tieStart % entryCount;
  if (kernel.auditShares(entryCount, start, rationing.amountWh, rationing.totalWh) !== 0) {
    return flaw('a marginal order is a whole Wh away from its share');
  }
  const { found } = kernel;
  const last: SplitThreshold | undefined =
    found[weakestUpPlace]! < 0 ? undefined : { remainder: found[weakestUp]!, place: found[weakestUpPlace]! };
  const first: SplitThreshold = { remainder: found[strongestDown]!, place: found[strongestDownPlace]! };
  if (last && standsBefore(first, last)) {
    return flaw('an odd Wh went to a smaller remainder, or to a later place among equals');
  }
  return rationing.limit & 1
    ? certified(clearing, crossing, undefined, last)
    : certified(clearing, crossing, last, undefined);
}

const standsBefore = (a: SplitThreshold, b: SplitThreshold): boolean =>
  a.remainder === b.remainder ? a.place < b.place : a.remainder > b.remainder;

/** Nothing trades where the best bid is below the best ask. */
function judgeNothingTraded(kernel: Kernel, count: number, clearing: ClearingColumns): Verdict {
  const { priceTick, highTick, lastAskTick, lastBidTick, volumeWh, fillsWh } = clearing;
  if ([priceTick, highTick, lastAskTick, lastBidTick].some((tick) => tick !== undefined) || volumeWh !== 0) {
    return flaw('there is a price or a volume although nothing traded');
  }
  if (fillsWh.some((fillWh) => fillWh !== 0)) return flaw('there is a fill although nothing traded');
  let bestBid = -1;
  let bestAsk = Infinity;
  for (let i = 0; i < count; i++) {
    const tick = kernel.limit[i]! >> 1;
    if (kernel.limit[i]! & 1) bestAsk = Math.min(bestAsk, tick);
    else bestBid = Math.max(bestBid, tick);
  }
  if (bestBid >= bestAsk) return flaw('a buyer and a seller who could trade are both left over');
  const nothing = { wantedAboveWh: 0, wantedWh: 0, offeredBelowWh: 0, offeredWh: 0 };
  return certified(clearing, nothing, undefined, undefined);
}

const certified = (
  { priceTick, volumeWh, lowTick, highTick, lastAskTick, lastBidTick }: ClearingColumns,
  { wantedAboveWh, wantedWh, offeredBelowWh, offeredWh }: Omit<Crossing, 'lowTick'>,
  buyThreshold: SplitThreshold | undefined,
  sellThreshold: SplitThreshold | undefined,
): Verdict => ({
  ok: true,
  certificate: {
    priceTick,
    volumeWh,
    wantedAboveWh,
    wantedWh,
    offeredBelowWh,
    offeredWh,
    lowTick,
    highTick,
    lastAskTick,
    lastBidTick,
    buyThreshold,
    sellThreshold,
  },
});

const flaw = (reason: string): Verdict => ({ ok: false, flaw: reason });
