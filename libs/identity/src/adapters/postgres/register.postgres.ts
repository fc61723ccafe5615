import { type Instant, type Page, type PageRequest, pageOf, type Wh } from '@kwartier/units';
import { Database, type Tx } from '@kwartier/platform';
import { Injectable } from '@nestjs/common';
import {
  type Enrolment,
  type HoldingRow,
  type InstalledDevice,
  type PointRow,
  Register,
} from '../../application/register.port.js';
import type { Holding, Installation, Participant, Point, PointKind, VirtualTerm, Zone } from '../../domain/register.js';

const date = (at: Instant): Date => new Date(at);
const end = (to: Instant | null): Instant | undefined => to ?? undefined;

@Injectable()
export class PostgresRegister extends Register {
  constructor(private readonly database: Database) {
    super();
  }

  async enrol(enrolment: Enrolment): Promise<void> {
    await this.database.transaction(async (tx) => enrolIn(tx, enrolment));
  }

  async zones(): Promise<readonly Zone[]> {
    return this.database.query<Zone>(`SELECT ${zoneColumns} FROM identity.zone ORDER BY id`);
  }

  async zone(zoneId: string): Promise<Zone | undefined> {
    const [row] = await this.database.query<Zone>(`SELECT ${zoneColumns} FROM identity.zone WHERE id = $1`, [zoneId]);
    return row;
  }

  async zoneOfPoint(pointId: string): Promise<string | undefined> {
    const [row] = await this.database.query<{ zoneId: string }>(
      'SELECT zone_id AS "zoneId" FROM identity.point WHERE id = $1',
      [pointId],
    );
    return row?.zoneId;
  }

  async participants(ids: readonly string[]): Promise<readonly Participant[]> {
    return this.database.query<Participant>('SELECT id, name, kind FROM identity.participant WHERE id = ANY($1)', [
      ids,
    ]);
  }

  async holdingsOf(pointId: string): Promise<readonly HoldingRow[]> {
    const rows = await this.database.query<HoldingRow>(
      `SELECT ${holdingColumns} FROM identity.holding WHERE point_id = $1 ORDER BY valid_from`,
      [pointId],
    );
    return rows.map((row) => ({ ...row, to: end(row.to as Instant | null) }));
  }

  async holdingsBy(participantId: string): Promise<readonly (HoldingRow & { zoneId: string })[]> {
    const rows = await this.database.query<HoldingRow & { zoneId: string }>(
      `SELECT point_id AS "pointId", participant_id AS "participantId", h.valid_from AS "from", h.valid_to AS "to", zone_id AS "zoneId"
       FROM identity.holding h JOIN identity.point p ON p.id = point_id WHERE participant_id = $1 ORDER BY point_id`,
      [participantId],
    );
    return rows.map((row) => ({ ...row, to: end(row.to as Instant | null) }));
  }

  async holdersAt(zoneId: string, at: Instant): Promise<ReadonlyMap<string, string>> {
    const rows = await this.database.query<Holding>(
      `SELECT point_id AS "pointId", participant_id AS "participantId"
       FROM identity.holding h JOIN identity.point p ON p.id = point_id
       WHERE zone_id = $1 AND h.valid_from <= $2 AND (h.valid_to IS NULL OR h.valid_to > $2)`,
      [zoneId, date(at)],
    );
    return new Map(rows.map(({ pointId, participantId }) => [pointId, participantId]));
  }

  async pointsAt(zoneId: string, at: Instant, kinds?: readonly PointKind[]): Promise<readonly Point[]> {
    return this.database.query<Point>(
      `SELECT id, zone_id AS "zoneId", kind, valid_from AS "from" FROM identity.point
       WHERE zone_id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2) AND ($3::text[] IS NULL OR kind = ANY($3))
       ORDER BY id`,
      [zoneId, date(at), kinds],
    );
  }

  async devicesAt(pointIds: readonly string[]): Promise<readonly InstalledDevice[]> {
    const rows = await this.database.query<Omit<InstalledDevice, 'keys'>>(
      `SELECT i.point_id AS "pointId", i.device_id AS "deviceId", i.valid_from AS "from", i.valid_to AS "to",
         start_import_wh AS "startImportWh", start_export_wh AS "startExportWh", zone_id AS "zoneId"
       FROM identity.installation i JOIN identity.point p ON p.id = i.point_id
       WHERE i.point_id = ANY($1) ORDER BY i.point_id, i.valid_from`,
      [pointIds],
    );
    const keys = await this.keysOfAll([...new Set(rows.map(({ deviceId }) => deviceId))]);
    return rows.map((row) => ({ ...row, to: end(row.to as Instant | null), keys: keys.get(row.deviceId) ?? [] }));
  }

  async placesOf(deviceId: string): Promise<readonly { zoneId: string; pointId: string }[]> {
    return this.database.query<{ zoneId: string; pointId: string }>(
      `SELECT zone_id AS "zoneId", point_id AS "pointId" FROM identity.installation i JOIN identity.point p ON p.id = point_id
       WHERE device_id = $1`,
      [deviceId],
    );
  }

  async keysOf(deviceId: string): Promise<InstalledDevice['keys']> {
    return (await this.keysOfAll([deviceId])).get(deviceId) ?? [];
  }

  async virtualTermsOver(pointIds: readonly string[]): Promise<readonly VirtualTerm[]> {
    return this.database.query<VirtualTerm>(
      `SELECT point_id AS "pointId", register, over_point_id AS "overPointId", over_register AS "overRegister", factor
       FROM identity.virtual_term
       WHERE point_id IN (SELECT point_id FROM identity.virtual_term WHERE over_point_id = ANY($1))
       ORDER BY point_id, register, over_point_id, over_register`,
      [pointIds],
    );
  }

  async listPoints(
    zoneId: string,
    heldBy: string | undefined,
    at: Instant,
    { first, after }: PageRequest<readonly [string]>,
  ): Promise<Page<PointRow>> {
    const rows = await this.database.query<PointRow>(
      `SELECT p.id, p.zone_id AS "zoneId", p.kind, p.valid_from AS "from", p.valid_to AS "to",
         h.participant_id AS "participantId", n.name AS "participantName"
       FROM identity.point p
       LEFT JOIN identity.holding h ON h.point_id = p.id AND h.valid_from <= $2 AND (h.valid_to IS NULL OR h.valid_to > $2)
       LEFT JOIN identity.participant n ON n.id = h.participant_id
       WHERE p.zone_id = $1 AND p.id > $3 AND ($4::text IS NULL OR h.participant_id = $4)
       ORDER BY p.id LIMIT $5`,
      [zoneId, date(at), after?.[0] ?? '', heldBy, first + 1],
    );
    return pageOf(rows, first);
  }

  async listParticipants(
    zoneId: string,
    only: string | undefined,
    at: Instant,
    { first, after }: PageRequest<readonly [string]>,
  ): Promise<Page<Participant>> {
    const rows = await this.database.query<Participant>(
      `SELECT DISTINCT n.id, n.name, n.kind FROM identity.participant n
       JOIN identity.holding h ON h.participant_id = n.id AND h.valid_from <= $2 AND (h.valid_to IS NULL OR h.valid_to > $2)
       JOIN identity.point p ON p.id = h.point_id
       WHERE p.zone_id = $1 AND n.id > $3 AND ($4::text IS NULL OR n.id = $4) ORDER BY n.id LIMIT $5`,
      [zoneId, date(at), after?.[0] ?? '', only, first + 1],
    );
    return pageOf(rows, first);
  }

  async moveOut(pointId: string, at: Instant): Promise<Holding | undefined> {
    const [row] = await this.database.query<Holding>(
      `UPDATE identity.holding SET valid_to = $2 WHERE point_id = $1 AND valid_from < $2 AND valid_to IS NULL
       RETURNING ${holdingColumns}`,
      [pointId, date(at)],
    );
    return row;
  }

  async revokeKey(deviceId: string, number: number, at: Instant): Promise<boolean> {
    return (
      (await this.database.execute(
        'UPDATE identity.device_key SET valid_to = $3 WHERE device_id = $1 AND number = $2 AND valid_from < $3 AND valid_to IS NULL',
        [deviceId, number, date(at)],
      )) === 1
    );
  }

  private async keysOfAll(deviceIds: readonly string[]): Promise<Map<string, InstalledDevice['keys']>> {
    const rows = await this.database.query<InstalledDevice['keys'][number] & { deviceId: string }>(
      `SELECT device_id AS "deviceId", number, public_key AS "publicKey", valid_from AS "from", valid_to AS "to"
       FROM identity.device_key WHERE device_id = ANY($1) ORDER BY device_id, number`,
      [deviceIds],
    );
    const byDevice = new Map<string, InstalledDevice['keys'][number][]>();
    for (const { deviceId, ...key } of rows) {
      const keys = byDevice.get(deviceId) ?? [];
      keys.push({ ...key, to: end(key.to as Instant | null) });
      byDevice.set(deviceId, keys);
    }
    return byDevice;
  }
}

const zoneColumns =
  'id, name, time_zone AS "timeZone", currency, interval_minutes AS "intervalMinutes", least_homes AS "leastHomes"';
const holdingColumns =
  'point_id AS "pointId", participant_id AS "participantId", valid_from AS "from", valid_to AS "to"';

/** Zones, participants and devices may be known already; a second tenancy at the same time is a mistake, and refused. */
async function enrolIn(tx: Tx, enrolment: Enrolment): Promise<void> {
  const {
    zones = [],
    participants = [],
    points = [],
    holdings = [],
    removals = [],
    installations = [],
    keys = [],
    virtualTerms = [],
  } = enrolment;
  await insert(
    tx,
    'identity.zone (id, name, time_zone, currency, interval_minutes, least_homes)',
    'text, text, text, text, int, int',
    zones,
    (z) => [z.id, z.name, z.timeZone, z.currency, z.intervalMinutes, z.leastHomes],
  );
  await insert(tx, 'identity.participant (id, name, kind)', 'text, text, text', participants, (p) => [
    p.id,
    p.name,
    p.kind,
  ]);
  await insert(tx, 'identity.point (id, zone_id, kind, valid_from)', 'text, text, text, timestamptz', points, (p) => [
    p.id,
    p.zoneId,
    p.kind,
    date(p.from),
  ]);
  await insert(
    tx,
    'identity.holding (point_id, participant_id, valid_from)',
    'text, text, timestamptz',
    holdings,
    (h) => [h.pointId, h.participantId, date(h.from)],
  );
  const devices = [...new Set([...installations, ...keys].map(({ deviceId }) => deviceId))];
  await insert(tx, 'identity.device (id)', 'text', devices, (id) => [id]);
  for (const { pointId, at } of removals)
    await tx.execute(
      'UPDATE identity.installation SET valid_to = $2 WHERE point_id = $1 AND valid_from < $2 AND valid_to IS NULL',
      [pointId, date(at)],
    );
  await insert(
    tx,
    'identity.installation (point_id, device_id, valid_from, start_import_wh, start_export_wh)',
    'text, text, timestamptz, bigint, bigint',
    installations,
    (i: Installation): unknown[] => [
      i.pointId,
      i.deviceId,
      date(i.from),
      i.startImportWh satisfies Wh,
      i.startExportWh,
    ],
  );
  await insert(
    tx,
    'identity.device_key (device_id, number, public_key, valid_from)',
    'text, int, bytea, timestamptz',
    keys,
    (k) => [k.deviceId, k.number, Buffer.from(k.publicKey), date(k.from)],
  );
  await insert(
    tx,
    'identity.virtual_term (point_id, register, over_point_id, over_register, factor)',
    'text, text, text, text, int',
    virtualTerms,
    (t) => [t.pointId, t.register, t.overPointId, t.overRegister, t.factor],
  );
}

/** One statement for any number of rows: a column of values each. */
async function insert<T>(
  tx: Tx,
  target: string,
  types: string,
  items: readonly T[],
  rowOf: (item: T) => unknown[],
): Promise<void> {
  if (items.length === 0) return;
  const rows = items.map(rowOf);
  const mayStand = /^identity\.(zone|participant|device) /.test(target);
  const columns = types.split(', ');
  const arrays = columns.map((type, i) => `$${i + 1}::${type}[]`).join(', ');
  await tx.execute(
    `INSERT INTO ${target} SELECT * FROM unnest(${arrays})${mayStand ? ' ON CONFLICT (id) DO NOTHING' : ''}`,
    columns.map((_, i) => rows.map((row) => row[i])),
  );
}
