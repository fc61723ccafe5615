import type { Evidence, Home, IntervalRow, ValueRow } from './evidence.js';
import { Leb128 } from './leb128.js';

type Side = 'BUY' | 'SELL';
export type Find = (finding: string) => void;

export interface Rules {
  readonly start: bigint;
  readonly tick: bigint;
  readonly buyerFee: bigint;
  readonly sellerFee: bigint;
  readonly tieByInterval: boolean;
  readonly seconds: bigint;
}

/** What one home traded in one interval. */
interface Traded {
  readonly boughtWh: bigint;
  readonly soldWh: bigint;
}

/** One side of one home in one interval: what was filled, and of that what was metered too. */
interface Entry {
  readonly home: string;
  readonly member: number;
  readonly side: Side;
  fillWh: bigint;
  uncutWh: bigint;
}

/** Who bought and sold how much in an interval, from its frozen book, its result and what was metered. */
export function recomputeTrade(
  evidence: Evidence,
  interval: IntervalRow,
  rules: Rules,
  values: ReadonlyMap<string, ValueRow>,
  find: Find,
) {
  const { startsAt } = interval;
  if (interval.clearings !== 1) find(`${startsAt}: cleared ${interval.clearings} times`);
  const { tick, entries } = readBook(evidence, interval, find);
  const price = tick === undefined ? undefined : rules.start + BigInt(tick) * rules.tick;
  for (const entry of entries) {
    const value = values.get(`${entry.home} ${startsAt}`);
    const meteredWh = entry.side === 'BUY' ? value?.importWh : value?.exportWh;
    entry.uncutWh = least(entry.fillWh, meteredWh ?? 0n);
  }
  checkDelivered(interval, entries, values, find);
  const voided = unaffordable(evidence, interval, entries, price ?? 0n, rules);
  if (voided.join() !== [...interval.voided].sort().join()) find(`${startsAt}: void is ${interval.voided.join()}`);
  const standing = entries.filter(({ member, side, uncutWh }) => uncutWh > 0n && !voided.includes(`${member}/${side}`));
  const side = (wanted: Side) => standing.filter(({ side: one }) => one === wanted);
  const total = (all: readonly Entry[]) => all.reduce((sum, { uncutWh }) => sum + uncutWh, 0n);
  const localWh = least(total(side('BUY')), total(side('SELL')));
  const start = rules.tieByInterval ? startsAt / 1000 / Number(rules.seconds) : 0;
  const traded = new Map<string, Traded>();
  let feesNano = 0n;
  for (const [wanted, fee] of [
    ['BUY', rules.buyerFee],
    ['SELL', rules.sellerFee],
  ] as const) {
    const parts = cutTo(
      localWh,
      side(wanted).map(({ uncutWh }) => uncutWh),
      start,
    );
    if (parts.reduce((sum, part) => sum + part, 0n) !== localWh) find(`${startsAt}: bought is not sold`);
    side(wanted).forEach(({ home }, i) => {
      const before = traded.get(home) ?? { boughtWh: 0n, soldWh: 0n };
      traded.set(home, wanted === 'BUY' ? { ...before, boughtWh: parts[i]! } : { ...before, soldWh: parts[i]! });
    });
    feesNano += localWh * fee;
  }
  return { price, traded, feesNano };
}

/** The frozen book beside its orders and its result: who was filled how much on which side, in book order. */
function readBook({ orders, members }: Evidence, interval: IntervalRow, find: Find) {
  const { startsAt, period, orderIds } = interval;
  const book = new Leb128(interval.bookBytes);
  const result = new Leb128(interval.resultBytes);
  const priceOrNone = result.number();
  const tick = priceOrNone === 0 ? undefined : priceOrNone - 1;
  const volumeWh = result.varint();
  const orderOf = new Map(orders.filter((order) => order.startsAt === startsAt).map((order) => [order.id, order]));
  const entries = new Map<string, Entry>();
  const sums = { BUY: 0n, SELL: 0n };
  let member = 0;
  for (const orderId of orderIds) {
    member += book.number();
    const limit = book.number();
    const [side, limitTick]: [Side, number] = [limit % 2 === 1 ? 'SELL' : 'BUY', Math.floor(limit / 2)];
    const energyWh = book.varint();
    const fillWh = result.varint();
    sums[side] += fillWh;
    const order = orderOf.get(orderId);
    const owner = members.find((one) => one.period === period && one.index === member);
    const same = order && owner && order.pointId === owner.pointId && order.participantId === owner.participantId;
    if (!same || order.side !== side || order.tick !== limitTick || order.energyWh !== energyWh) {
      find(`${startsAt}: order ${orderId} stands otherwise in the book`);
      continue;
    }
    const beyond = tick !== undefined && (side === 'BUY' ? tick > limitTick : tick < limitTick);
    if (fillWh > energyWh || (fillWh > 0n && (tick === undefined || beyond)))
      find(`${startsAt}: order ${orderId} was filled beyond what it asked for`);
    const key = `${member}/${side}`;
    const entry = entries.get(key) ?? { home: order.pointId, member, side, fillWh: 0n, uncutWh: 0n };
    entry.fillWh += fillWh;
    entries.set(key, entry);
  }
  if (!book.done || !result.done) find(`${startsAt}: bytes are left over in book or result`);
  if (orderOf.size !== orderIds.length)
    find(`${startsAt}: ${orderOf.size} orders stand, ${orderIds.length} in the book`);
  if (sums.BUY !== volumeWh || sums.SELL !== volumeWh) find(`${startsAt}: fills do not sum to the volume`);
  return { tick, entries: [...entries.values()] };
}

/** What the chain is told was metered is what was metered. */
function checkDelivered(
  { startsAt, delivered }: IntervalRow,
  entries: readonly Entry[],
  values: ReadonlyMap<string, ValueRow>,
  find: Find,
): void {
  const told = new Leb128(delivered);
  for (const home of new Set(entries.map((entry) => entry.home))) {
    const value = values.get(`${home} ${startsAt}`);
    if (told.varint() !== value?.importWh || told.varint() !== value.exportWh)
      find(`${startsAt}: ${home} delivered something else than it metered`);
  }
  if (!told.done) find(`${startsAt}: more is delivered than was ordered`);
}

/** Entries that, in run 1, cost more than the account and its allowance held when it was posted. */
function unaffordable(
  { zoneId, entries: ledger, accounts, homes }: Evidence,
  { startsAt, voided, run }: IntervalRow,
  entries: readonly Entry[],
  price: bigint,
  rules: Rules,
): string[] {
  // A later run takes over what was void in run 1, when other values were known.
  if (run > 1) return [...voided].sort();
  const enteredIn = ledger.find(
    ({ transactionId }) => transactionId === `settle/${zoneId}/${startsAt / 1000}/1`,
  )?.enteredIn;
  if (enteredIn === undefined) return [];
  const broke = entries.filter(({ home, side, uncutWh }) => {
    const perKwh = side === 'BUY' ? price + rules.buyerFee : rules.sellerFee - price;
    if (perKwh <= 0n || uncutWh === 0n) return false;
    const id = accountOf(homes.find(({ pointId }) => pointId === home)!);
    const before = ledger.filter(
      (entry) => entry.accountId === id && entry.asset === 'CREDIT' && entry.enteredIn < enteredIn,
    );
    const allowance = accounts.find((account) => account.id === id && account.asset === 'CREDIT')?.allowance ?? 0n;
    return uncutWh * perKwh > before.reduce((sum, { amount }) => sum + amount, allowance);
  });
  return broke.map(({ member, side }) => `${member}/${side}`).sort();
}

/** Largest remainder, one Wh after the other; ties by place, counted from `start`. */
function cutTo(localWh: bigint, uncut: readonly bigint[], start: number): bigint[] {
  const total = uncut.reduce((sum, one) => sum + one, 0n);
  if (total === 0n) return uncut.map(() => 0n);
  const parts = uncut.map((one) => (localWh * one) / total);
  const waiting = uncut.map((one, i) => ({ i, rest: (localWh * one) % total, place: (i - start) % uncut.length }));
  for (const one of waiting) if (one.place < 0) one.place += uncut.length;
  waiting.sort((a, b) => (a.rest === b.rest ? a.place - b.place : a.rest > b.rest ? -1 : 1));
  const left = Number(localWh - parts.reduce((sum, part) => sum + part, 0n));
  for (const { i } of waiting.slice(0, left)) parts[i]! += 1n;
  return parts;
}

export function readRules(bytes: Uint8Array): Rules {
  const reader = new Leb128(bytes);
  reader.name('kwartier/rules/1\n');
  const [start, tick] = [reader.zigzag(), reader.varint()];
  reader.number();
  reader.byte();
  const [buyerFee, sellerFee] = [reader.varint(), reader.varint()];
  const tieByInterval = reader.byte() === 1;
  return { start, tick, buyerFee, sellerFee, tieByInterval, seconds: reader.varint() };
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

export const accountOf = ({ participantId, pointId }: Home): string => `home/${participantId}/${pointId}`;
