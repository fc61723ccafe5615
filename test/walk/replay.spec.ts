import {
  bookLeaves,
  referenceClear,
  clearingFlaw,
  decodeBook,
  encodeBook,
  encodeResult,
  resultLeaves,
} from '@kwartier/auction';
import { decodeRules, rulesHash, tieStart } from '@kwartier/market';
import { countedRoot, formatInstant, hex, type Instant, instant, later, minutes } from '@kwartier/units';
import type { Reading } from '../support/meter.js';
import { numbersFrom, shuffled } from '../support/shuffle.js';
import { TestStreet } from '../support/street.js';

const seed = 20_260_621;
const [from, until] = [instant(Date.parse('2026-06-21T08:00:00Z')), instant(Date.parse('2026-06-21T14:00:00Z'))];
const quarters = (until - from) / minutes(15);

// No two limits are alike, so no split hangs on the pseudonyms, which every house draws anew.
const homes = ['anna', 'ben', 'carla', 'dora', 'emil'].map((name, i) => ({
  name,
  retail: 300_000 + 7_000 * i,
  feedIn: 70_000 + 3_000 * i,
}));
const wishes: Readonly<Record<string, string>> = {
  anna: 'preset: KEEP_IT_LOCAL, buyLimitMicroPerKwh: "210000"',
  ben: 'preset: BEST_PRICE',
  emil: 'preset: KEEP_IT_LOCAL, sellLimitMicroPerKwh: "140000"',
};

/** What each meter showed at the end of each quarter: import and export, drawn from the seed. */
const day = new Map(
  homes.map(({ name }, i) => {
    const random = numbersFrom(seed + i);
    const readings: Reading[] = [];
    let [importWh, exportWh] = [0, 0];
    for (let quarter = 1; quarter <= quarters; quarter++) {
      importWh += Math.floor(random() * 400);
      exportWh += i % 2 === 1 ? Math.floor(random() * 900) : 0;
      readings.push({ endsAt: later(from, minutes(15) * quarter), importWh, exportWh });
    }
    return [name, readings] as const;
  }),
);

/** A house of its own that lives the day: meters speak every `minutesBetween`, in the order of `arrange`. */
async function liveTheDay(
  minutesBetween: number,
  arrange: <T>(items: readonly T[]) => readonly T[],
): Promise<TestStreet> {
  const street = await TestStreet.open({ mode: 'METERED', from: formatInstant(from), homes });
  for (const [name, wish] of Object.entries(wishes))
    await street.house.get(
      street.token(name),
      `mutation { setWish(wish: { pointId: "${name}", ${wish} }) { ... on Wish { preset } } }`,
    );
  for (let now = later(from, minutes(minutesBetween)); now <= until; now = later(now, minutes(minutesBetween))) {
    await street.house.stepTo(now);
    const messages = homes.flatMap(({ name }) => messagesOf(name, later(now, -minutes(minutesBetween)), now));
    for (const { name, readings } of arrange(messages))
      expect(await street.meter(name).send(...readings)).toMatchObject({ code: 'TAKEN' });
    await street.house.settleDown();
  }
  return street;
}

/** Two readings to a message, as far as they reach. */
function messagesOf(name: string, after: Instant, to: Instant): { name: string; readings: Reading[] }[] {
  const due = day.get(name)!.filter(({ endsAt }) => Number(endsAt) > after && Number(endsAt) <= to);
  const messages = [];
  for (let i = 0; i < due.length; i += 2) messages.push({ name, readings: due.slice(i, i + 2) });
  return messages;
}

describe('a day, replayed', () => {
  let street: TestStreet;
  beforeAll(async () => {
    street = await liveTheDay(15, (messages) => messages);
  }, 240_000);
  afterAll(() => street.close());

  it('clears every frozen book to the same bytes, under the same roots and rules', async () => {
    const kept = await street.house.rows<Kept>(
      `SELECT i.starts_at AS "startsAt", i.rules_hash AS "rulesHash", r.bytes AS "rulesBytes", b.bytes AS "bookBytes", b.root AS "bookRoot",
         c.book_root AS "clearedBookRoot", c.result_bytes AS "resultBytes", c.result_root AS "resultRoot", c.volume_wh AS "volumeWh"
       FROM market.clearing c JOIN market.book b USING (zone_id, starts_at) JOIN market.interval i USING (zone_id, starts_at)
         JOIN market.rules r ON r.hash = i.rules_hash ORDER BY 1`,
    );
    expect(kept).toHaveLength(quarters);
    expect(kept.filter(({ volumeWh }) => volumeWh > 0n).length).toBeGreaterThan(quarters / 2);
    for (const one of kept) {
      const again = cleared(one);
      expect(again).toEqual({
        rulesHash: hex(one.rulesHash),
        bookBytes: hex(one.bookBytes),
        bookRoot: hex(one.bookRoot),
        resultBytes: hex(one.resultBytes),
        resultRoot: hex(one.resultRoot),
        flaw: undefined,
      });
      expect(hex(one.clearedBookRoot)).toBe(again.bookRoot);
    }
  });

  it('comes to the same values, prices and statements when it arrives in another order', async () => {
    let turn = 0;
    const other = await liveTheDay(60, (messages) => shuffled(messages, seed + turn++));
    try {
      expect(await factsOf(other)).toEqual(await factsOf(street));
    } finally {
      await other.close();
    }
  });
});

interface Kept {
  readonly startsAt: Instant;
  readonly rulesHash: Uint8Array;
  readonly rulesBytes: Uint8Array;
  readonly bookBytes: Uint8Array;
  readonly bookRoot: Uint8Array;
  readonly clearedBookRoot: Uint8Array;
  readonly resultBytes: Uint8Array;
  readonly resultRoot: Uint8Array;
  readonly volumeWh: bigint;
}

/** The clearing again, from nothing but the bytes of its book and of its rules. */
function cleared({ startsAt, rulesBytes, bookBytes }: Kept): Record<string, string | undefined> {
  const rules = decodeRules(rulesBytes);
  if (!rules.ok) throw new Error(rules.refusal.why);
  const book = decodeBook(bookBytes, rules.value.grid.count);
  if (!book.ok) throw new Error('The book cannot be read');
  const auctionRules = { priceRule: rules.value.priceRule, tieStart: tieStart(rules.value, startsAt) };
  const clearing = referenceClear(book.value, auctionRules);
  return {
    rulesHash: hex(rulesHash(rules.value)),
    bookBytes: hex(encodeBook(book.value)),
    bookRoot: hex(countedRoot(book.value.length, bookLeaves(book.value))),
    resultBytes: hex(encodeResult(clearing)),
    resultRoot: hex(countedRoot(clearing.fillsWh.length, resultLeaves(clearing))),
    flaw: clearingFlaw(book.value, auctionRules, clearing),
  };
}

/** What must not hang on the order of arrival: values, prices, what each home got, and its money. */
async function factsOf({ house }: TestStreet): Promise<object> {
  return {
    values: await house.rows(
      `SELECT DISTINCT ON (point_id, starts_at) point_id, starts_at, import_wh, export_wh, quality FROM metering.interval_value ORDER BY point_id, starts_at, revision DESC`,
    ),
    prices: await house.rows(
      'SELECT starts_at, price_tick, volume_wh, order_count FROM market.clearing ORDER BY starts_at',
    ),
    lines: await house.rows(
      `SELECT DISTINCT ON (point_id, starts_at) point_id, starts_at, bought_wh, sold_wh, price_micro, local_paid_nano, local_earned_nano, fees_nano,
         supplier_paid_nano, supplier_earned_nano, saved_nano FROM settlement.line ORDER BY point_id, starts_at, run DESC`,
    ),
    balances: await house.rows('SELECT id, asset, balance, held FROM ledger.account ORDER BY id, asset'),
  };
}
