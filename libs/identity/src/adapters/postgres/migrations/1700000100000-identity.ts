import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Identity1700000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE EXTENSION IF NOT EXISTS btree_gist;
      CREATE SCHEMA identity;
      -- Bounds in the pattern itself would make PostgreSQL ten times slower, and ids stand in most columns of most rows.
      CREATE DOMAIN identity.id AS text CHECK (VALUE ~ '^[A-Za-z0-9_-]+$' AND length(VALUE) <= 64);

      CREATE TABLE identity.zone (
        id identity.id PRIMARY KEY, name text NOT NULL, time_zone text NOT NULL, currency text NOT NULL,
        interval_minutes integer NOT NULL CHECK (interval_minutes IN (5, 15, 30, 60)),
        least_homes integer NOT NULL CHECK (least_homes >= 1)
      );

      -- The only place of names; erasing one leaves every figure standing.
      CREATE TABLE identity.participant (
        id identity.id PRIMARY KEY, name text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('HOME', 'SCHOOL', 'BAKERY', 'BUSINESS', 'PLANT', 'GRID_OPERATOR'))
      );

      CREATE TABLE identity.point (
        id identity.id PRIMARY KEY, zone_id identity.id NOT NULL REFERENCES identity.zone,
        kind text NOT NULL CHECK (kind IN ('CONNECTION', 'TRANSFORMER', 'VIRTUAL')),
        valid_from timestamptz NOT NULL, valid_to timestamptz, CHECK (valid_from < valid_to)
      );
      CREATE INDEX point_of_zone ON identity.point (zone_id, id);

      CREATE TABLE identity.holding (
        point_id identity.id NOT NULL REFERENCES identity.point,
        participant_id identity.id NOT NULL REFERENCES identity.participant,
        valid_from timestamptz NOT NULL, valid_to timestamptz, CHECK (valid_from < valid_to),
        PRIMARY KEY (point_id, valid_from),
        EXCLUDE USING gist (point_id WITH =, tstzrange(valid_from, valid_to) WITH &&)
      );
      CREATE INDEX holding_by_participant ON identity.holding (participant_id);

      CREATE TABLE identity.device (id identity.id PRIMARY KEY);
      CREATE TABLE identity.device_key (
        device_id identity.id NOT NULL REFERENCES identity.device, number integer NOT NULL CHECK (number >= 0),
        public_key bytea NOT NULL CHECK (length(public_key) = 32),
        valid_from timestamptz NOT NULL, valid_to timestamptz, CHECK (valid_from < valid_to),
        PRIMARY KEY (device_id, number)
      );
      CREATE TABLE identity.installation (
        point_id identity.id NOT NULL REFERENCES identity.point, device_id identity.id NOT NULL REFERENCES identity.device,
        valid_from timestamptz NOT NULL, valid_to timestamptz, CHECK (valid_from < valid_to),
        start_import_wh bigint NOT NULL CHECK (start_import_wh >= 0),
        start_export_wh bigint NOT NULL CHECK (start_export_wh >= 0),
        PRIMARY KEY (point_id, valid_from),
        EXCLUDE USING gist (point_id WITH =, tstzrange(valid_from, valid_to) WITH &&),
        EXCLUDE USING gist (device_id WITH =, tstzrange(valid_from, valid_to) WITH &&)
      );

      CREATE TABLE identity.virtual_term (
        point_id identity.id NOT NULL REFERENCES identity.point, register text NOT NULL CHECK (register IN ('IMPORT', 'EXPORT')),
        over_point_id identity.id NOT NULL REFERENCES identity.point,
        over_register text NOT NULL CHECK (over_register IN ('IMPORT', 'EXPORT')),
        factor integer NOT NULL CHECK (factor <> 0), CHECK (point_id <> over_point_id),
        PRIMARY KEY (point_id, register, over_point_id, over_register)
      );
      CREATE INDEX virtual_term_over ON identity.virtual_term (over_point_id);

      CREATE TABLE identity.access_token (
        token_sha256 bytea PRIMARY KEY, viewer jsonb NOT NULL,
        issued_at timestamptz NOT NULL DEFAULT clock_timestamp(), revoked_at timestamptz
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA identity CASCADE');
  }
}
