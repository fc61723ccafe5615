import { Database, type Tx } from '@kwartier/platform';
import { type Instant, type MicroPerKwh, type Page, type PageRequest, pageOf } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import {
  type CellSum,
  type Line,
  type Run,
  SettlementStore,
  type Totals,
  type Whose,
} from '../../application/settlement-store.port.js';

type LineRow = Omit<Line, 'priceMicroPerKwh'> & { readonly price: MicroPerKwh | null };

@Injectable()
export class PostgresSettlementStore extends SettlementStore {
  constructor(private readonly database: Database) {
    super();
  }

  async lastRun(tx: Tx, zoneId: string, startsAt: Instant): Promise<Run | undefined> {
    const [row] = await tx.query<Run>(
      `SELECT zone_id AS "zoneId", starts_at AS "startsAt", run, delivered, voided, local_wh AS "localWh",
         payload_hash AS "payloadHash", transaction_id AS "transactionId"
       FROM settlement.run WHERE zone_id = $1 AND starts_at = $2 ORDER BY run DESC LIMIT 1`,
      [zoneId, new Date(startsAt)],
    );
    return row;
  }

  async keepRun(tx: Tx, run: Run): Promise<void> {
    await tx.execute(
      `INSERT INTO settlement.run (zone_id, starts_at, run, delivered, voided, local_wh, payload_hash, transaction_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        run.zoneId,
        new Date(run.startsAt),
        run.run,
        Buffer.from(run.delivered),
        run.voided,
        run.localWh,
        Buffer.from(run.payloadHash),
        run.transactionId,
      ],
    );
  }

  async latestLines(tx: Tx, zoneId: string, startsAt: Instant): Promise<readonly Line[]> {
    const rows = await tx.query<LineRow>(
      `SELECT DISTINCT ON (point_id) ${lineColumns} FROM settlement.line
       WHERE zone_id = $1 AND starts_at = $2 ORDER BY point_id, run DESC`,
      [zoneId, new Date(startsAt)],
    );
    return rows.map(toLine);
  }

  async keepLines(tx: Tx, zoneId: string, lines: readonly Line[]): Promise<void> {
    if (lines.length === 0) return;
    await tx.execute(
      `INSERT INTO settlement.line (point_id, starts_at, run, zone_id, participant_id, import_wh, export_wh, bought_wh, sold_wh,
         price_micro, retail_micro, feed_in_micro, tariff_name, local_paid_nano, local_earned_nano, fees_nano,
         supplier_paid_nano, supplier_earned_nano, own_tariff_nano, saved_nano, quality)
       SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::int[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[],
         $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::text[], $14::bigint[], $15::bigint[], $16::bigint[],
         $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::text[])`,
      [
        lines.map((line) => line.pointId),
        lines.map((line) => new Date(line.startsAt)),
        lines.map((line) => line.run),
        lines.map(() => zoneId),
        lines.map((line) => line.participantId),
        lines.map((line) => line.importWh),
        lines.map((line) => line.exportWh),
        lines.map((line) => line.boughtWh),
        lines.map((line) => line.soldWh),
        lines.map((line) => line.priceMicroPerKwh),
        lines.map((line) => line.retailMicroPerKwh),
        lines.map((line) => line.feedInMicroPerKwh),
        lines.map((line) => line.tariffName),
        lines.map((line) => line.localPaidNano),
        lines.map((line) => line.localEarnedNano),
        lines.map((line) => line.feesNano),
        lines.map((line) => line.supplierPaidNano),
        lines.map((line) => line.supplierEarnedNano),
        lines.map((line) => line.ownTariffNano),
        lines.map((line) => line.savedNano),
        lines.map((line) => line.quality),
      ],
    );
  }

  async noteCorrections(
    tx: Tx,
    due: readonly { readonly zoneId: string; readonly startsAt: Instant }[],
  ): Promise<void> {
    await tx.execute(
      `INSERT INTO settlement.correction_due (zone_id, starts_at)
       SELECT DISTINCT * FROM unnest($1::text[], $2::timestamptz[]) ON CONFLICT DO NOTHING`,
      [due.map(({ zoneId }) => zoneId), due.map(({ startsAt }) => new Date(startsAt))],
    );
  }

  async correctionsDue(most: number): Promise<readonly { readonly zoneId: string; readonly startsAt: Instant }[]> {
    return this.database.query<{ zoneId: string; startsAt: Instant }>(
      'SELECT zone_id AS "zoneId", starts_at AS "startsAt" FROM settlement.correction_due ORDER BY starts_at, zone_id LIMIT $1',
      [most],
    );
  }

  async correctionDone(tx: Tx, zoneId: string, startsAt: Instant): Promise<void> {
    await tx.execute('DELETE FROM settlement.correction_due WHERE zone_id = $1 AND starts_at = $2', [
      zoneId,
      new Date(startsAt),
    ]);
  }

  async totals(pointId: string, windows: readonly Whose[]): Promise<Totals> {
    const [row] = await this.database.query<Totals>(
      `SELECT ${sums.map(([column, name]) => `coalesce(sum(${column}), 0)::bigint AS "${name}"`).join(', ')},
         count(*)::int AS intervals, count(*) FILTER (WHERE quality = 'ESTIMATED')::int AS "estimatedIntervals",
         coalesce(array_agg(DISTINCT tariff_name ORDER BY tariff_name), '{}') AS "tariffNames"
       FROM (${latestInWindows}) AS latest`,
      windowValues(pointId, windows),
    );
    return { ...row!, tariffNames: row!.tariffNames.filter((name) => name !== null) };
  }

  async listLines(
    pointId: string,
    windows: readonly Whose[],
    { first, after }: PageRequest<readonly [number]>,
  ): Promise<Page<Line>> {
    const rows = await this.database.query<LineRow>(
      `SELECT ${lineColumns} FROM (${latestInWindows}) AS latest
       WHERE $5::timestamptz IS NULL OR starts_at > $5 ORDER BY starts_at LIMIT $6`,
      [...windowValues(pointId, windows), after && new Date(after[0]), first + 1],
    );
    return pageOf(rows.map(toLine), first);
  }

  async cellSums(
    cells: readonly { readonly pointId: string; readonly cellId: string }[],
    from: Instant,
    to: Instant,
  ): Promise<readonly CellSum[]> {
    return this.database.query<CellSum>(
      `SELECT cell_id AS "cellId", starts_at AS "startsAt", count(*)::int AS homes, sum(import_wh)::bigint AS "importWh",
         sum(export_wh)::bigint AS "exportWh", sum(bought_wh)::bigint AS "localWh"
       FROM (
         SELECT DISTINCT ON (l.point_id, l.starts_at) c.cell_id, l.*
         FROM unnest($1::text[], $2::text[]) AS c (point_id, cell_id)
         JOIN settlement.line l ON l.point_id = c.point_id AND l.starts_at >= $3 AND l.starts_at < $4
         ORDER BY l.point_id, l.starts_at, l.run DESC
       ) AS latest
       GROUP BY cell_id, starts_at ORDER BY starts_at, cell_id`,
      [cells.map(({ pointId }) => pointId), cells.map(({ cellId }) => cellId), new Date(from), new Date(to)],
    );
  }

  async status(
    zoneId: string,
  ): Promise<{ readonly waitingBatches: number; readonly settledThrough: Instant | undefined }> {
    const [row] = await this.database.query<{ waitingBatches: number; settledThrough: Instant | null }>(
      `SELECT (SELECT count(*)::int FROM platform.outbox WHERE topic = 'chain' AND delivered_at IS NULL AND payload ->> 'zoneId' = $1) AS "waitingBatches",
         (SELECT max(ends_at) FROM market.interval WHERE zone_id = $1 AND run > 0) AS "settledThrough"`,
      [zoneId],
    );
    return { waitingBatches: row!.waitingBatches, settledThrough: row!.settledThrough ?? undefined };
  }
}

const lineColumns = `point_id AS "pointId", participant_id AS "participantId", starts_at AS "startsAt", run,
  import_wh AS "importWh", export_wh AS "exportWh", bought_wh AS "boughtWh", sold_wh AS "soldWh", price_micro AS price,
  retail_micro AS "retailMicroPerKwh", feed_in_micro AS "feedInMicroPerKwh", tariff_name AS "tariffName",
  local_paid_nano AS "localPaidNano", local_earned_nano AS "localEarnedNano", fees_nano AS "feesNano",
  supplier_paid_nano AS "supplierPaidNano", supplier_earned_nano AS "supplierEarnedNano",
  own_tariff_nano AS "ownTariffNano", saved_nano AS "savedNano", quality`;

const sums = [
  ['import_wh', 'importWh'],
  ['export_wh', 'exportWh'],
  ['bought_wh', 'boughtWh'],
  ['sold_wh', 'soldWh'],
  ['local_paid_nano', 'localPaidNano'],
  ['local_earned_nano', 'localEarnedNano'],
  ['fees_nano', 'feesNano'],
  ['supplier_paid_nano', 'supplierPaidNano'],
  ['supplier_earned_nano', 'supplierEarnedNano'],
  ['own_tariff_nano', 'ownTariffNano'],
  ['saved_nano', 'savedNano'],
] as const;

/** A home sees the lines of its own time at the point; whoever sees the whole zone sees everyone's. */
const latestInWindows = `SELECT DISTINCT ON (starts_at) l.* FROM settlement.line l
  JOIN unnest($2::timestamptz[], $3::timestamptz[], $4::text[]) AS w (a, b, participant_id)
    ON l.starts_at >= a AND l.starts_at < b AND (w.participant_id IS NULL OR w.participant_id = l.participant_id)
  WHERE point_id = $1 ORDER BY starts_at, run DESC`;

const windowValues = (pointId: string, windows: readonly Whose[]): unknown[] => [
  pointId,
  windows.map(({ from }) => new Date(from)),
  windows.map(({ to }) => new Date(to)),
  windows.map(({ participantId }) => participantId),
];

const toLine = ({ price, ...line }: LineRow): Line => ({ ...line, priceMicroPerKwh: price ?? undefined });
