import type { StatementLine } from '../api/statement.js';
import { formatKwh } from './energy.js';
import { formatCents } from './money.js';
import { formatSpan, fromDateTime } from './time.js';

export type SettledQuarter = StatementLine;

/** What happened to a home in its last settled quarter, in one sentence of at most twenty words. */
export function statusSentence(line: SettledQuarter | undefined, intervalMinutes: number, timeZone: string): string {
  if (!line) return 'Nothing is settled for this home yet.';
  return `${formatSpan(fromDateTime(line.startsAt), intervalMinutes, timeZone)}: ${whatHappened(line)}.`;
}

function whatHappened(line: SettledQuarter): string {
  const [imported, exported] = [BigInt(line.importWh), BigInt(line.exportWh)];
  const [bought, sold] = [BigInt(line.boughtWh), BigInt(line.soldWh)];
  const [retail, feedIn] = [BigInt(line.retailMicroPerKwh), BigInt(line.feedInMicroPerKwh)];
  const price = line.priceMicroPerKwh === null ? undefined : BigInt(line.priceMicroPerKwh);
  // What was really saved, fees and all: nano-credits per Wh are micro-credits per kWh.
  const perKwh = bought + sold > 0n ? BigInt(line.savedNano) / (bought + sold) : 0n;
  if (price !== undefined && sold > 0n && sold >= bought) {
    const more = gain(perKwh, 'more than your supplier pays');
    return `you sold ${formatKwh(sold)} to your neighbours at ${formatCents(price)}${more}`;
  }
  if (price !== undefined && bought > 0n) {
    const less = gain(perKwh, 'less than your supplier charges');
    return `you bought ${formatKwh(bought)} from your neighbours at ${formatCents(price)}${less}`;
  }
  if (exported > imported) return `your supplier took ${formatKwh(exported)} at ${formatCents(feedIn)}`;
  if (imported > 0n) return `your supplier delivered ${formatKwh(imported)} at ${formatCents(retail)}`;
  return 'nothing passed your meter';
}

const gain = (difference: bigint, words: string): string =>
  difference > 0n ? `, ${formatCents(difference)} ${words}` : '';
