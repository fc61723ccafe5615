import { Database, type Tx } from '@kwartier/platform';
import { groupBy, type Instant, type Page, type PageRequest, pageOf, type Wh } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import {
  type Kept,
  type ReadingRow,
  ReadingStore,
  type Stretch,
  type Timeline,
  valueKey,
} from '../../application/reading-store.port.js';
import type { Revision } from '../../domain/interval-value.js';
import type { RegisterTotals } from '../../domain/readings-message.js';

interface HeadRow {
  readonly pointId: string;
  readonly deviceId: string | null;
  readonly endsAt: Instant | null;
  readonly importWh: Wh;
  readonly exportWh: Wh;
}

interface TotalsRow extends RegisterTotals {
  readonly place: number;
  readonly side: 'BEFORE' | 'INSIDE' | 'AFTER' | 'OTHERS';
}

@Injectable()
export class PostgresReadingStore extends ReadingStore {
  constructor(private readonly database: Database) {
    super();
  }

  async lockPoints(tx: Tx, pointIds: readonly string[]): Promise<void> {
    const sorted = [...pointIds].sort();
    await tx.execute(
      'INSERT INTO metering.head (point_id) SELECT unnest($1::text[]) ON CONFLICT (point_id) DO NOTHING',
      [sorted],
    );
    await tx.execute('SELECT 1 FROM metering.head WHERE point_id = ANY($1) ORDER BY point_id FOR UPDATE', [sorted]);
  }

  async timelines(tx: Tx, stretches: readonly Stretch[]): Promise<readonly Timeline[]> {
    const heads = await tx.query<HeadRow>(
      `SELECT point_id AS "pointId", device_id AS "deviceId", ends_at AS "endsAt", import_wh AS "importWh", export_wh AS "exportWh"
       FROM metering.head WHERE point_id = ANY($1)`,
      [stretches.map(({ pointId }) => pointId)],
    );
    const headOf = new Map(heads.map((head) => [head.pointId, head]));
    // Nearly all readings are newer than everything before them; only the others need a search.
    const late: number[] = [];
    const timelines = stretches.map((stretch, i): Timeline => {
      const head = headOf.get(stretch.pointId);
      if (!head || head.endsAt === null) return { before: undefined, inside: [], after: undefined, byOthers: [] };
      const { endsAt, importWh, exportWh } = head;
      if (head.deviceId === stretch.deviceId && endsAt < stretch.from)
        return { before: { endsAt, importWh, exportWh }, inside: [], after: undefined, byOthers: [] };
      late.push(i);
      return { before: undefined, inside: [], after: undefined, byOthers: [] };
    });
    const found = await searchAround(
      tx,
      late.map((i) => stretches[i]!),
    );
    late.forEach((place, i) => (timelines[place] = found[i]!));
    return timelines;
  }

  async keep(tx: Tx, kept: readonly Kept[]): Promise<void> {
    const ids = await tx.query<{ id: bigint }>(
      `INSERT INTO metering.message (point_id, device_id, key_number, signed_bytes, signature, received_at)
       SELECT *, ${oneNow} FROM unnest($1::text[], $2::text[], $3::int[], $4::bytea[], $5::bytea[]) RETURNING id`,
      [
        kept.map(({ message }) => message.pointId),
        kept.map(({ message }) => message.deviceId),
        kept.map(({ message }) => message.keyNumber),
        kept.map(({ signedBytes }) => Buffer.from(signedBytes)),
        kept.map(({ message }) => Buffer.from(message.signature)),
      ],
    );
    await keepReadings(tx, kept, ids);
    await keepQuarantined(tx, kept, ids);
    await moveHeads(tx, kept);
  }

  async latest(
    tx: Tx,
    wanted: readonly { readonly pointId: string; readonly startsAt: Instant }[],
  ): Promise<ReadonlyMap<string, Revision>> {
    if (wanted.length === 0) return new Map();
    const rows = await tx.query<Revision>(
      `SELECT DISTINCT ON (v.starts_at, v.point_id) ${valueColumns}
       FROM metering.interval_value v
       WHERE v.starts_at = ANY($2::timestamptz[]) AND v.point_id = ANY($1::text[])
       ORDER BY v.starts_at, v.point_id, v.revision DESC`,
      [
        [...new Set(wanted.map(({ pointId }) => pointId))],
        [...new Set(wanted.map(({ startsAt }) => startsAt))].map((startsAt) => new Date(startsAt)),
      ],
    );
    return new Map(rows.map((row) => [valueKey(row.pointId, row.startsAt), row]));
  }

  async addRevisions(tx: Tx, revisions: readonly Revision[]): Promise<void> {
    if (revisions.length === 0) return;
    await tx.execute(
      `INSERT INTO metering.interval_value (point_id, starts_at, revision, import_wh, export_wh, quality, known_at)
       SELECT *, ${oneNow} FROM unnest($1::text[], $2::timestamptz[], $3::int[], $4::bigint[], $5::bigint[], $6::text[])`,
      [
        revisions.map(({ pointId }) => pointId),
        revisions.map(({ startsAt }) => new Date(startsAt)),
        revisions.map(({ revision }) => revision),
        revisions.map(({ importWh }) => importWh),
        revisions.map(({ exportWh }) => exportWh),
        revisions.map(({ quality }) => quality),
      ],
    );
  }

  async listReadings(
    pointId: string,
    windows: readonly { readonly from: Instant; readonly to: Instant }[],
    { first, after }: PageRequest<readonly [number]>,
  ): Promise<Page<ReadingRow>> {
    const rows = await this.database.query<ReadingRow>(
      `SELECT i.ends_at AS "endsAt", i.amount_wh AS "importWh", e.amount_wh AS "exportWh", i.device_id AS "deviceId",
         i.source, i.version, i.resolution_minutes AS "resolutionMinutes"
       FROM metering.reading i
       JOIN metering.reading e USING (point_id, ends_at, source, version)
       WHERE i.point_id = $1 AND i.register = 'IMPORT' AND e.register = 'EXPORT' AND i.ends_at > $4
         AND EXISTS (SELECT 1 FROM unnest($2::timestamptz[], $3::timestamptz[]) AS w (a, b) WHERE i.ends_at > a AND i.ends_at <= b)
       ORDER BY i.ends_at LIMIT $5`,
      [
        pointId,
        windows.map(({ from }) => new Date(from)),
        windows.map(({ to }) => new Date(to)),
        new Date(after?.[0] ?? 0),
        first + 1,
      ],
    );
    return pageOf(rows, first);
  }

  async prepareMonths(from: Instant, to: Instant): Promise<void> {
    await this.database.execute('SELECT metering.prepare_months($1::date, $2::date)', [new Date(from), new Date(to)]);
  }
}

export const valueColumns = `v.point_id AS "pointId", v.starts_at AS "startsAt", v.revision,
  v.import_wh AS "importWh", v.export_wh AS "exportWh", v.quality`;

/** The clock is read once a statement: a column's default would read it once a row. */
const oneNow = '(SELECT market.now())';

async function searchAround(tx: Tx, stretches: readonly Stretch[]): Promise<Timeline[]> {
  if (stretches.length === 0) return [];
  const nearest = (side: string, where: string, order: string, device = '=') => `
    (SELECT '${side}' AS side, r.ends_at, r.amount_wh FROM metering.reading r
     WHERE r.point_id = s.point_id AND r.register = 'IMPORT' AND r.source = 'DEVICE' AND r.device_id ${device} s.device_id AND ${where}
     ${order})`;
  const rows = await tx.query<TotalsRow>(
    `SELECT s.place::int AS place, n.side, n.ends_at AS "endsAt", n.amount_wh AS "importWh", e.amount_wh AS "exportWh"
     FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[]) WITH ORDINALITY AS s (point_id, device_id, first, last, place)
     CROSS JOIN LATERAL (
       ${nearest('BEFORE', 'r.ends_at < s.first', 'ORDER BY r.ends_at DESC LIMIT 1')} UNION ALL
       ${nearest('INSIDE', 'r.ends_at BETWEEN s.first AND s.last', '')} UNION ALL
       ${nearest('AFTER', 'r.ends_at > s.last', 'ORDER BY r.ends_at LIMIT 1')} UNION ALL
       ${nearest('OTHERS', 'r.ends_at BETWEEN s.first AND s.last', '', '<>')}
     ) n
     JOIN metering.reading e ON e.point_id = s.point_id AND e.register = 'EXPORT' AND e.ends_at = n.ends_at AND e.source = 'DEVICE'
     ORDER BY s.place, n.ends_at`,
    [
      stretches.map(({ pointId }) => pointId),
      stretches.map(({ deviceId }) => deviceId),
      stretches.map(({ from }) => new Date(from)),
      stretches.map(({ to }) => new Date(to)),
    ],
  );
  const byPlace = groupBy(rows, ({ place }) => place);
  return stretches.map((_, i) => {
    const mine = byPlace.get(i + 1) ?? [];
    return {
      before: mine.find(({ side }) => side === 'BEFORE'),
      inside: mine.filter(({ side }) => side === 'INSIDE'),
      after: mine.find(({ side }) => side === 'AFTER'),
      byOthers: mine.filter(({ side }) => side === 'OTHERS'),
    };
  });
}

async function keepReadings(tx: Tx, kept: readonly Kept[], ids: readonly { readonly id: bigint }[]): Promise<void> {
  const rows = kept.flatMap(({ message, accepted, resolutionMinutes }, i) =>
    accepted.map((totals) => ({ totals, message, resolutionMinutes, messageId: ids[i]!.id })),
  );
  await tx.execute(
    `INSERT INTO metering.reading (point_id, register, ends_at, source, version, kind, resolution_minutes, amount_wh, device_id, message_id, accepted_at)
     SELECT point_id, register, ends_at, 'DEVICE', 0, 'TOTAL', resolution, amount_wh, device_id, message_id, ${oneNow}
     FROM unnest($1::text[], $2::timestamptz[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::int[])
       AS r (point_id, ends_at, import_wh, export_wh, device_id, message_id, resolution)
     CROSS JOIN LATERAL (VALUES ('IMPORT', import_wh), ('EXPORT', export_wh)) AS total (register, amount_wh)`,
    [
      rows.map(({ message }) => message.pointId),
      rows.map(({ totals }) => new Date(totals.endsAt)),
      rows.map(({ totals }) => totals.importWh),
      rows.map(({ totals }) => totals.exportWh),
      rows.map(({ message }) => message.deviceId),
      rows.map(({ messageId }) => messageId),
      rows.map(({ resolutionMinutes }) => resolutionMinutes),
    ],
  );
}

async function keepQuarantined(tx: Tx, kept: readonly Kept[], ids: readonly { readonly id: bigint }[]): Promise<void> {
  const rows = kept.flatMap(({ message, quarantined }, i) =>
    quarantined.map((one) => ({ ...one, pointId: message.pointId, deviceId: message.deviceId, messageId: ids[i]!.id })),
  );
  if (rows.length === 0) return;
  await tx.execute(
    `INSERT INTO metering.quarantine (point_id, device_id, ends_at, import_wh, export_wh, code, message_id)
     SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[])
     ON CONFLICT DO NOTHING`,
    [
      rows.map(({ pointId }) => pointId),
      rows.map(({ deviceId }) => deviceId),
      rows.map(({ endsAt }) => new Date(endsAt)),
      rows.map(({ importWh }) => importWh),
      rows.map(({ exportWh }) => exportWh),
      rows.map(({ code }) => code),
      rows.map(({ messageId }) => messageId),
    ],
  );
}

async function moveHeads(tx: Tx, kept: readonly Kept[]): Promise<void> {
  const newest = kept.flatMap(({ message, accepted }) => {
    const last = accepted.at(-1);
    return last ? [{ ...last, pointId: message.pointId, deviceId: message.deviceId }] : [];
  });
  await tx.execute(
    `UPDATE metering.head h SET device_id = n.device_id, ends_at = n.ends_at, import_wh = n.import_wh, export_wh = n.export_wh
     FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::bigint[], $5::bigint[]) AS n (point_id, device_id, ends_at, import_wh, export_wh)
     WHERE h.point_id = n.point_id AND (h.ends_at IS NULL OR h.ends_at < n.ends_at)`,
    [
      newest.map(({ pointId }) => pointId),
      newest.map(({ deviceId }) => deviceId),
      newest.map(({ endsAt }) => new Date(endsAt)),
      newest.map(({ importWh }) => importWh),
      newest.map(({ exportWh }) => exportWh),
    ],
  );
}
