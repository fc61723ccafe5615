import { createPublicKey, verify } from 'node:crypto';
import {
  amounts,
  type Evidence,
  type Home,
  type IntervalRow,
  type Said,
  type SignedMessage,
  type ValueRow,
} from './evidence.js';
import { Leb128 } from './leb128.js';

type Side = 'BUY' | 'SELL';
type Find = (finding: string) => void;

interface Rules {
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

/**
 * Recomputes a zone from signed readings, frozen books and published results with arithmetic of its own, and says
 * wherever the house says something else. It imports none of the code that it checks; nothing found means all is right.
 */
export function audit(evidence: Evidence): string[] {
  const findings: string[] = [];
  const find: Find = (finding) => findings.push(finding);
  checkRegisters(evidence, find);
  checkTransactions(evidence, find);

  const values = new Map(evidence.values.map((value) => [`${value.pointId} ${value.startsAt}`, value]));
  const tariffs = new Map(evidence.tariffs.map((tariff) => [`${tariff.pointId} ${tariff.startsAt}`, tariff]));
  const said = new Map<string, Said>();
  for (const [pointId, lines] of evidence.lines)
    for (const line of lines) said.set(`${pointId} ${Date.parse(line['startsAt']!)}`, line);
  const balances = new Map<string, bigint>();
  const add = (account: string, amount: bigint) => balances.set(account, (balances.get(account) ?? 0n) + amount);
  const sums = new Map<string, Record<string, bigint>>();

  for (const interval of evidence.intervals) {
    const rules = readRules(interval.rulesBytes);
    const { price, traded, feesNano } = recomputeTrade(evidence, interval, rules, values, find);
    add(`fees/${evidence.zoneId} CREDIT`, feesNano);
    for (const { pointId, participantId } of evidence.homes) {
      const key = `${pointId} ${interval.startsAt}`;
      const { boughtWh, soldWh } = traded.get(pointId) ?? { boughtWh: 0n, soldWh: 0n };
      const account = `home/${participantId}/${pointId}`;
      add(`${account} CREDIT`, soldWh * (price - rules.sellerFee) - boughtWh * (price + rules.buyerFee));
      add(`${account} WH`, boughtWh - soldWh);

      const value = values.get(key);
      const tariff = tariffs.get(key);
      const line = said.get(key);
      if (!value || !tariff || !line) {
        find(`${key}: no ${value ? (tariff ? 'statement line' : 'tariff') : 'value'}`);
        continue;
      }
      const expected = lineOf(value, boughtWh, soldWh, price, rules, tariff);
      if (expected.savedNano < 0n) find(`${key}: worse off than with the own tariff by ${expected.savedNano}`);
      for (const name of amounts)
        if (line[name] !== String(expected[name])) find(`${key}: ${name} is ${line[name]}, not ${expected[name]}`);
      const sum = sums.get(pointId) ?? Object.fromEntries(amounts.map((name) => [name, 0n]));
      for (const name of amounts) sum[name]! += expected[name];
      sums.set(pointId, sum);
    }
  }
  checkBalances(evidence, balances, find);
  for (const [pointId, statement] of evidence.statements)
    for (const name of amounts)
      if (statement[name] !== String(sums.get(pointId)?.[name] ?? 0n))
        find(`${pointId}: its statement says ${name} ${statement[name]}, its lines ${sums.get(pointId)?.[name]}`);
  return findings;
}

/** Every register total was signed by the meter's key, and every value is the difference of two of them. */
function checkRegisters({ homes, messages, registers, values, intervals }: Evidence, find: Find): void {
  const signed = new Map(messages.map((message) => [message.id, new Set(totalsIn(message.signedBytes))]));
  for (const message of messages)
    if (!isSigned(message)) find(`${message.pointId}: message ${message.id} is not signed by its meter`);
  const seconds = intervals.length > 0 ? readRules(intervals[0]!.rulesBytes).seconds : 900n;
  const lengthMs = Number(seconds) * 1000;
  const valueAt = new Map(values.map((value) => [`${value.pointId} ${value.startsAt}`, value]));
  for (const home of homes) {
    let before = { endsAt: home.installedAt, importWh: home.startImportWh, exportWh: home.startExportWh };
    for (const total of registers.filter(({ pointId }) => pointId === home.pointId)) {
      const { endsAt, importWh, exportWh, messageId } = total;
      if (!signed.get(messageId)?.has(`${endsAt / 1000} ${importWh} ${exportWh}`))
        find(`${home.pointId} ${endsAt}: the register is not in the message it names`);
      const between: ValueRow[] = [];
      for (let at = before.endsAt; at < endsAt; at += lengthMs) {
        const value = valueAt.get(`${home.pointId} ${at}`);
        if (value) between.push(value);
        else find(`${home.pointId} ${at}: two registers around it and no value`);
      }
      const sum = (name: 'importWh' | 'exportWh') => between.reduce((all, value) => all + value[name], 0n);
      if (sum('importWh') !== importWh - before.importWh || sum('exportWh') !== exportWh - before.exportWh)
        find(`${home.pointId} ${before.endsAt}: values do not sum to the difference of the registers`);
      const measured = between.length === 1;
      if (between.some(({ quality }) => (quality === 'MEASURED') !== measured))
        find(`${home.pointId} ${before.endsAt}: measured and estimated are taken for each other`);
      before = total;
    }
  }
}

/** Balanced per asset, in each transaction and in all; what a run 1 could not have paid is void, and nothing else. */
function checkTransactions({ entries }: Evidence, find: Find): void {
  const sums = new Map<string, bigint>();
  for (const { transactionId, asset, amount } of entries)
    sums.set(`${transactionId} ${asset}`, (sums.get(`${transactionId} ${asset}`) ?? 0n) + amount);
  for (const [transaction, sum] of sums) if (sum !== 0n) find(`${transaction} sums to ${sum}, not to zero`);
}

function recomputeTrade(
  evidence: Evidence,
  interval: IntervalRow,
  rules: Rules,
  values: ReadonlyMap<string, ValueRow>,
  find: Find,
) {
  const { startsAt } = interval;
  if (interval.clearings !== 1) find(`${startsAt}: cleared ${interval.clearings} times`);
  const { tick, entries } = readBook(evidence, interval, find);
  const price = tick === undefined ? 0n : rules.start + BigInt(tick) * rules.tick;
  for (const entry of entries) {
    const value = values.get(`${entry.home} ${startsAt}`);
    const meteredWh = entry.side === 'BUY' ? value?.importWh : value?.exportWh;
    entry.uncutWh = least(entry.fillWh, meteredWh ?? 0n);
  }
  checkDelivered(interval, entries, values, find);
  const voided = unaffordable(evidence, interval, entries, price, rules);
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

/** The balances in the books, the sums of their entries and what was recomputed are three ways to the same number. */
function checkBalances({ accounts, entries }: Evidence, recomputed: ReadonlyMap<string, bigint>, find: Find): void {
  const entered = new Map<string, bigint>();
  for (const { accountId, asset, amount } of entries)
    entered.set(`${accountId} ${asset}`, (entered.get(`${accountId} ${asset}`) ?? 0n) + amount);
  const booked = new Map(accounts.map(({ id, asset, balance }) => [`${id} ${asset}`, balance]));
  for (const key of new Set([...recomputed.keys(), ...booked.keys(), ...entered.keys()])) {
    const [expected, balance, sum] = [recomputed, booked, entered].map((all) => all.get(key) ?? 0n);
    if (balance !== expected || sum !== expected)
      find(`${key}: the balance is ${balance}, its entries sum to ${sum}, right is ${expected}`);
  }
  for (const asset of ['CREDIT', 'WH'] as const) {
    const total = accounts.reduce((sum, account) => (account.asset === asset ? sum + account.balance : sum), 0n);
    if (total !== 0n) find(`all accounts together hold ${total} ${asset}`);
  }
}

function lineOf(
  { importWh, exportWh }: ValueRow,
  boughtWh: bigint,
  soldWh: bigint,
  price: bigint,
  { buyerFee, sellerFee }: Rules,
  { retail, feedIn }: { readonly retail: bigint; readonly feedIn: bigint },
): Record<(typeof amounts)[number], bigint> {
  const [localPaidNano, localEarnedNano] = [boughtWh * price, soldWh * price];
  const feesNano = boughtWh * buyerFee + soldWh * sellerFee;
  const supplierPaidNano = (importWh - boughtWh) * retail;
  const supplierEarnedNano = (exportWh - soldWh) * feedIn;
  const ownTariffNano = importWh * retail - exportWh * feedIn;
  const paidNano = localPaidNano + feesNano + supplierPaidNano;
  return {
    importWh,
    exportWh,
    boughtWh,
    soldWh,
    localPaidNano,
    localEarnedNano,
    feesNano,
    supplierPaidNano,
    supplierEarnedNano,
    ownTariffNano,
    savedNano: ownTariffNano - (paidNano - localEarnedNano - supplierEarnedNano),
  };
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

function readRules(bytes: Uint8Array): Rules {
  const reader = new Leb128(bytes);
  reader.name('kwartier/rules/1\n');
  const [start, tick] = [reader.zigzag(), reader.varint()];
  reader.number();
  reader.byte();
  const [buyerFee, sellerFee] = [reader.varint(), reader.varint()];
  const tieByInterval = reader.byte() === 1;
  return { start, tick, buyerFee, sellerFee, tieByInterval, seconds: reader.varint() };
}

/** The register totals that a meter signed, as `seconds import export`. */
function totalsIn(signedBytes: Uint8Array): string[] {
  const reader = new Leb128(signedBytes);
  reader.name('kwartier/readings/1\n');
  for (const _ of ['zone', 'point', 'device']) reader.text();
  reader.number();
  let seconds = 0;
  return Array.from({ length: reader.number() }, () => {
    seconds += reader.number();
    return `${seconds} ${reader.varint()} ${reader.varint()}`;
  });
}

/** Each message is verified once, however often its evidence is audited. */
const verified = new WeakMap<SignedMessage, boolean>();
function isSigned(message: SignedMessage): boolean {
  const known = verified.get(message);
  if (known !== undefined) return known;
  const good = isSignedBy(message.publicKey, message.signedBytes, message.signature);
  verified.set(message, good);
  return good;
}

function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]);
  return verify(undefined, message, createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature);
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const accountOf = ({ participantId, pointId }: Home): string => `home/${participantId}/${pointId}`;
