import { checkRegisters } from './audit-registers.js';
import { accountOf, type Find, readRules, recomputeTrade, type Rules } from './audit-trade.js';
import { amounts, type Evidence, type Said, type ValueRow } from './evidence.js';

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
    const paid = price ?? 0n;
    add(`fees/${evidence.zoneId} CREDIT`, feesNano);
    for (const home of evidence.homes) {
      const { pointId } = home;
      const key = `${pointId} ${interval.startsAt}`;
      const { boughtWh, soldWh } = traded.get(pointId) ?? { boughtWh: 0n, soldWh: 0n };
      const account = accountOf(home);
      add(`${account} CREDIT`, soldWh * (paid - rules.sellerFee) - boughtWh * (paid + rules.buyerFee));
      add(`${account} WH`, boughtWh - soldWh);

      const value = values.get(key);
      const tariff = tariffs.get(key);
      const line = said.get(key);
      if (!value || !tariff || !line) {
        find(`${key}: no ${value ? (tariff ? 'statement line' : 'tariff') : 'value'}`);
        continue;
      }
      const expected = lineOf(value, boughtWh, soldWh, paid, rules, tariff);
      if (expected.savedNano < 0n) find(`${key}: worse off than with the own tariff by ${expected.savedNano}`);
      const words = {
        quality: value.quality,
        priceMicroPerKwh: price === undefined ? null : String(price),
        retailMicroPerKwh: String(tariff.retail),
        feedInMicroPerKwh: String(tariff.feedIn),
        ...Object.fromEntries(amounts.map((name) => [name, String(expected[name])])),
      };
      for (const [name, word] of Object.entries(words))
        if (line[name] !== word) find(`${key}: ${name} is ${line[name]}, not ${word}`);
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

/** Every transaction sums to zero in each asset. */
function checkTransactions({ entries }: Evidence, find: Find): void {
  const sums = new Map<string, bigint>();
  for (const { transactionId, asset, amount } of entries)
    sums.set(`${transactionId} ${asset}`, (sums.get(`${transactionId} ${asset}`) ?? 0n) + amount);
  for (const [transaction, sum] of sums) if (sum !== 0n) find(`${transaction} sums to ${sum}, not to zero`);
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
