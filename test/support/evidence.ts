import { adminToken, type TestHouse } from './house.js';

type Side = 'BUY' | 'SELL';

export interface Home {
  readonly pointId: string;
  readonly participantId: string;
  readonly installedAt: number;
  readonly startImportWh: bigint;
  readonly startExportWh: bigint;
}

export interface SignedMessage {
  readonly id: bigint;
  readonly pointId: string;
  readonly signedBytes: Uint8Array;
  readonly signature: Uint8Array;
  readonly publicKey: Uint8Array;
}

export interface RegisterRow {
  readonly pointId: string;
  readonly endsAt: number;
  readonly importWh: bigint;
  readonly exportWh: bigint;
  readonly messageId: bigint;
}

export interface ValueRow {
  readonly pointId: string;
  readonly startsAt: number;
  readonly importWh: bigint;
  readonly exportWh: bigint;
  readonly quality: 'MEASURED' | 'ESTIMATED';
}

/** One settled interval, as bytes and rows. */
export interface IntervalRow {
  readonly startsAt: number;
  readonly run: number;
  readonly period: string;
  readonly clearings: number;
  readonly rulesBytes: Uint8Array;
  readonly bookBytes: Uint8Array;
  readonly orderIds: readonly string[];
  readonly resultBytes: Uint8Array;
  readonly delivered: Uint8Array;
  readonly voided: readonly string[];
}

export interface OrderRow {
  readonly id: string;
  readonly pointId: string;
  readonly participantId: string;
  readonly startsAt: number;
  readonly side: Side;
  readonly energyWh: bigint;
  readonly tick: number;
}

export interface MemberRow {
  readonly period: string;
  readonly index: number;
  readonly pointId: string;
  readonly participantId: string;
}

export interface TariffRow {
  readonly pointId: string;
  readonly startsAt: number;
  readonly retail: bigint;
  readonly feedIn: bigint;
}

export interface EntryRow {
  readonly transactionId: string;
  /** The database's transaction: it says what stood in the books before. */
  readonly enteredIn: bigint;
  readonly accountId: string;
  readonly asset: 'CREDIT' | 'WH';
  readonly amount: bigint;
}

export interface AccountRow {
  readonly id: string;
  readonly asset: 'CREDIT' | 'WH';
  readonly balance: bigint;
  readonly held: bigint;
  readonly allowance: bigint;
}

/** What GraphQL says of an interval of a home, or of all of them; every figure is a decimal string, or null for none. */
export type Said = Readonly<Record<string, string | null>>;

/** Everything that an audit of one zone reads: rows and bytes as they are stored, and what GraphQL tells the homes. */
export interface Evidence {
  readonly zoneId: string;
  readonly homes: readonly Home[];
  readonly messages: readonly SignedMessage[];
  readonly registers: readonly RegisterRow[];
  readonly values: readonly ValueRow[];
  readonly intervals: readonly IntervalRow[];
  readonly orders: readonly OrderRow[];
  readonly members: readonly MemberRow[];
  readonly tariffs: readonly TariffRow[];
  readonly entries: readonly EntryRow[];
  readonly accounts: readonly AccountRow[];
  readonly lines: ReadonlyMap<string, readonly Said[]>;
  readonly statements: ReadonlyMap<string, Said>;
}

export const amounts = [
  'importWh',
  'exportWh',
  'boughtWh',
  'soldWh',
  'localPaidNano',
  'localEarnedNano',
  'feesNano',
  'supplierPaidNano',
  'supplierEarnedNano',
  'ownTariffNano',
  'savedNano',
] as const;

export async function gatherEvidence(house: TestHouse, zoneId: string, from: string, to: string): Promise<Evidence> {
  const rows = async <Row extends object>(sql: string): Promise<Row[]> => house.rows<Row>(sql, [zoneId]);
  const homes = await rows<Home>(homesSql);
  const lines = new Map<string, Said[]>();
  const statements = new Map<string, Said>();
  for (const { pointId } of homes) {
    lines.set(pointId, await allLines(house, { pointId, from, to }));
    statements.set(pointId, (await house.get(adminToken, statementQuestion, { pointId, from, to })).statement);
  }
  return {
    zoneId,
    homes,
    lines,
    statements,
    messages: await rows(messagesSql),
    registers: await rows(registersSql),
    values: await rows(valuesSql),
    intervals: await rows(intervalsSql),
    orders: await rows(ordersSql),
    members: await rows(membersSql),
    tariffs: await rows(tariffsSql),
    entries: await rows(entriesSql),
    accounts: await rows(accountsSql),
  };
}

const statementQuestion = `query ($pointId: ID!, $from: DateTime!, $to: DateTime!) {
  statement(pointId: $pointId, from: $from, to: $to) { ${amounts.join(' ')} }
}`;
const linesQuestion = `query ($pointId: ID!, $from: DateTime!, $to: DateTime!, $after: String) {
  statementLines(pointId: $pointId, from: $from, to: $to, first: 100, after: $after) {
    edges { node { startsAt quality priceMicroPerKwh retailMicroPerKwh feedInMicroPerKwh ${amounts.join(' ')} } }
    pageInfo { hasNextPage endCursor }
  }
}`;

async function allLines(house: TestHouse, scope: Readonly<Record<string, string>>): Promise<Said[]> {
  const lines: Said[] = [];
  for (let after: string | null = null; ;) {
    const { statementLines } = await house.get(adminToken, linesQuestion, { ...scope, after });
    lines.push(...statementLines.edges.map(({ node }: { node: Said }) => node));
    if (!statementLines.pageInfo.hasNextPage) return lines;
    after = statementLines.pageInfo.endCursor as string;
  }
}

const homePoints = `SELECT id FROM identity.point WHERE zone_id = $1 AND kind = 'CONNECTION'`;

const homesSql = `SELECT p.id AS "pointId", h.participant_id AS "participantId", i.valid_from AS "installedAt",
    i.start_import_wh AS "startImportWh", i.start_export_wh AS "startExportWh"
  FROM identity.point p JOIN identity.holding h ON h.point_id = p.id JOIN identity.installation i ON i.point_id = p.id
  WHERE p.id IN (${homePoints}) ORDER BY p.id`;

const messagesSql = `SELECT m.id, m.point_id AS "pointId", m.signed_bytes AS "signedBytes", m.signature, k.public_key AS "publicKey"
  FROM metering.message m JOIN identity.device_key k ON k.device_id = m.device_id AND k.number = m.key_number
  WHERE m.point_id IN (${homePoints})`;

const registersSql = `SELECT i.point_id AS "pointId", i.ends_at AS "endsAt", i.amount_wh AS "importWh", e.amount_wh AS "exportWh",
    i.message_id AS "messageId"
  FROM metering.reading i JOIN metering.reading e USING (point_id, ends_at, source, version)
  WHERE i.register = 'IMPORT' AND e.register = 'EXPORT' AND i.point_id IN (${homePoints}) ORDER BY i.point_id, i.ends_at`;

const valuesSql = `SELECT DISTINCT ON (point_id, starts_at) point_id AS "pointId", starts_at AS "startsAt", import_wh AS "importWh",
    export_wh AS "exportWh", quality
  FROM metering.interval_value WHERE point_id IN (${homePoints}) ORDER BY point_id, starts_at, revision DESC`;

const intervalsSql = `SELECT i.starts_at AS "startsAt", i.run, to_char(i.starts_at AT TIME ZONE z.time_zone, 'YYYY-MM') AS period,
    (SELECT count(*)::int FROM market.clearing c WHERE (c.zone_id, c.starts_at) = (i.zone_id, i.starts_at)) AS clearings,
    r.bytes AS "rulesBytes", b.bytes AS "bookBytes", b.order_ids::text[] AS "orderIds", c.result_bytes AS "resultBytes",
    s.delivered, s.voided
  FROM market.interval i JOIN identity.zone z ON z.id = i.zone_id JOIN market.rules r ON r.hash = i.rules_hash
    JOIN market.book b USING (zone_id, starts_at) JOIN market.clearing c USING (zone_id, starts_at)
    JOIN settlement.run s USING (zone_id, starts_at, run)
  WHERE i.zone_id = $1 ORDER BY i.starts_at`;

const ordersSql = `SELECT id::text AS id, point_id AS "pointId", participant_id AS "participantId", starts_at AS "startsAt", side,
    energy_wh AS "energyWh", tick
  FROM market.order WHERE zone_id = $1 AND state = 'STANDING'`;

const membersSql = `SELECT period, index, point_id AS "pointId", participant_id AS "participantId" FROM market.member WHERE zone_id = $1`;

// The calendar of PostgreSQL, not ours, says which rate holds at a local time.
const tariffsSql = `SELECT s.point_id AS "pointId", i.starts_at AS "startsAt", r.retail_micro AS retail, r.feed_in_micro AS "feedIn"
  FROM market.interval i JOIN identity.zone z ON z.id = i.zone_id
    CROSS JOIN LATERAL (SELECT i.starts_at AT TIME ZONE z.time_zone AS wall) local
    JOIN tariffs.supply s ON s.point_id IN (${homePoints}) AND s.valid_from <= i.starts_at
      AND (s.valid_to IS NULL OR s.valid_to > i.starts_at)
    JOIN tariffs.rate r ON r.tariff_id = s.tariff_id
      AND r.version = (SELECT version FROM tariffs.version v WHERE v.tariff_id = s.tariff_id AND v.valid_from <= i.starts_at
                       ORDER BY valid_from DESC LIMIT 1)
      AND extract(hour FROM wall) * 60 + extract(minute FROM wall) >= r.from_minute
      AND extract(hour FROM wall) * 60 + extract(minute FROM wall) < r.to_minute
      AND (r.weekdays = 'ALL' OR (r.weekdays = 'WEEKEND') = (extract(isodow FROM wall) >= 6))
  WHERE i.zone_id = $1 AND i.run > 0`;

const entriesSql = `SELECT e.transaction_id AS "transactionId", t.entered_in::text::bigint AS "enteredIn", e.account_id AS "accountId",
    e.asset, e.amount
  FROM ledger.entry e JOIN ledger.transaction t ON t.id = e.transaction_id
  WHERE e.transaction_id LIKE 'settle/' || $1 || '/%' ORDER BY t.entered_in, e.transaction_id, e.line`;

const accountsSql = `SELECT id, asset, balance, held, allowance FROM ledger.account
  WHERE id = 'fees/' || $1
    OR id IN (SELECT 'home/' || participant_id || '/' || point_id FROM identity.holding WHERE point_id IN (${homePoints}))`;
