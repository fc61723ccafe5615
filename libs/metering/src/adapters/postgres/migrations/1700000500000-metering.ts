import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Metering1700000500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA metering;

      -- What was signed, as it was signed: the evidence behind every figure.
      CREATE TABLE metering.message (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        point_id identity.id NOT NULL, device_id identity.id NOT NULL, key_number integer NOT NULL,
        signed_bytes bytea NOT NULL, signature bytea NOT NULL CHECK (length(signature) = 64),
        received_at timestamptz NOT NULL DEFAULT market.now()
      );

      CREATE TABLE metering.reading (
        point_id identity.id NOT NULL, register text NOT NULL CHECK (register IN ('IMPORT', 'EXPORT')),
        ends_at timestamptz NOT NULL,
        source text NOT NULL CHECK (source IN ('DEVICE', 'AUTHORITY')), version integer NOT NULL CHECK (version >= 0),
        kind text NOT NULL CHECK (kind IN ('TOTAL', 'ENERGY')), resolution_minutes integer NOT NULL CHECK (resolution_minutes > 0),
        amount_wh bigint NOT NULL CHECK (amount_wh >= 0),
        device_id identity.id, message_id bigint NOT NULL, accepted_at timestamptz NOT NULL DEFAULT market.now(),
        PRIMARY KEY (point_id, register, ends_at, source, version)
      ) PARTITION BY RANGE (ends_at);
      CREATE TABLE metering.reading_rest PARTITION OF metering.reading DEFAULT;

      CREATE TABLE metering.quarantine (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        point_id identity.id NOT NULL, device_id identity.id NOT NULL, ends_at timestamptz NOT NULL,
        import_wh bigint NOT NULL, export_wh bigint NOT NULL, code text NOT NULL,
        message_id bigint NOT NULL, since timestamptz NOT NULL DEFAULT market.now(),
        UNIQUE (point_id, ends_at, device_id, code, import_wh, export_wh)
      );

      -- The latest totals of each point; its row is what writers of a point wait for.
      CREATE TABLE metering.head (
        point_id identity.id PRIMARY KEY, device_id identity.id, ends_at timestamptz, import_wh bigint, export_wh bigint
      );

      CREATE TABLE metering.interval_value (
        point_id identity.id NOT NULL, starts_at timestamptz NOT NULL, revision integer NOT NULL CHECK (revision > 0),
        import_wh bigint NOT NULL CHECK (import_wh >= 0), export_wh bigint NOT NULL CHECK (export_wh >= 0),
        quality text NOT NULL CHECK (quality IN ('MEASURED', 'ESTIMATED')),
        known_at timestamptz NOT NULL DEFAULT market.now(),
        PRIMARY KEY (starts_at, point_id, revision)
      ) PARTITION BY RANGE (starts_at);
      CREATE INDEX interval_value_of_point ON metering.interval_value (point_id, starts_at);
      CREATE TABLE metering.interval_value_rest PARTITION OF metering.interval_value DEFAULT;

      CREATE FUNCTION metering.refuse_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'what was metered is never edited; a correction is a new revision' USING ERRCODE = '23514'; END $$;
      CREATE TRIGGER reading_is_immutable BEFORE UPDATE OR DELETE ON metering.reading
        FOR EACH STATEMENT EXECUTE FUNCTION metering.refuse_change();
      CREATE TRIGGER interval_value_is_immutable BEFORE UPDATE OR DELETE ON metering.interval_value
        FOR EACH STATEMENT EXECUTE FUNCTION metering.refuse_change();

      -- One partition a month (UTC). A month whose rows came before its partition stays in the rest.
      CREATE FUNCTION metering.prepare_months(first_month date, last_month date) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE month date := date_trunc('month', first_month); part text; parent text; filled boolean;
        BEGIN
          PERFORM pg_advisory_xact_lock(hashtext('metering.prepare_months'));
          WHILE month <= last_month LOOP
            FOREACH parent IN ARRAY ARRAY['reading', 'interval_value'] LOOP
              part := format('%s_%s', parent, to_char(month, 'YYYY_MM'));
              IF to_regclass('metering.' || part) IS NULL THEN
                EXECUTE format('SELECT EXISTS (SELECT 1 FROM metering.%I WHERE %I >= %L AND %I < %L)', parent || '_rest',
                  CASE parent WHEN 'reading' THEN 'ends_at' ELSE 'starts_at' END, month || ' 00:00+00',
                  CASE parent WHEN 'reading' THEN 'ends_at' ELSE 'starts_at' END, (month + interval '1 month')::date || ' 00:00+00') INTO filled;
                IF NOT filled THEN
                  EXECUTE format('CREATE TABLE metering.%I PARTITION OF metering.%I FOR VALUES FROM (%L) TO (%L)',
                    part, parent, month || ' 00:00+00', (month + interval '1 month')::date || ' 00:00+00');
                END IF;
              END IF;
            END LOOP;
            month := (month + interval '1 month')::date;
          END LOOP;
        END $$;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA metering CASCADE');
  }
}
