import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Settlement1700000900000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA settlement;
      CREATE TABLE settlement.run (
        zone_id identity.id NOT NULL, starts_at timestamptz NOT NULL, run integer NOT NULL CHECK (run > 0),
        delivered bytea NOT NULL, voided text[] NOT NULL, local_wh bigint NOT NULL CHECK (local_wh >= 0),
        payload_hash bytea NOT NULL, transaction_id text NOT NULL UNIQUE, settled_at timestamptz NOT NULL DEFAULT market.now(),
        PRIMARY KEY (zone_id, starts_at, run)
      );
      CREATE TABLE settlement.line (
        point_id identity.id NOT NULL, starts_at timestamptz NOT NULL, run integer NOT NULL,
        zone_id identity.id NOT NULL, participant_id identity.id NOT NULL,
        import_wh bigint NOT NULL, export_wh bigint NOT NULL, bought_wh bigint NOT NULL, sold_wh bigint NOT NULL,
        price_micro bigint, retail_micro bigint NOT NULL, feed_in_micro bigint NOT NULL, tariff_name text NOT NULL,
        local_paid_nano bigint NOT NULL, local_earned_nano bigint NOT NULL, fees_nano bigint NOT NULL,
        supplier_paid_nano bigint NOT NULL, supplier_earned_nano bigint NOT NULL, own_tariff_nano bigint NOT NULL,
        saved_nano bigint NOT NULL CHECK (saved_nano >= 0),
        quality text NOT NULL CHECK (quality IN ('MEASURED', 'ESTIMATED')),
        PRIMARY KEY (point_id, starts_at, run),
        CHECK (bought_wh BETWEEN 0 AND import_wh AND sold_wh BETWEEN 0 AND export_wh)
      );
      CREATE INDEX line_of_zone ON settlement.line (zone_id, starts_at);
      CREATE TABLE settlement.correction_due (
        zone_id identity.id NOT NULL, starts_at timestamptz NOT NULL, PRIMARY KEY (zone_id, starts_at)
      );
      CREATE FUNCTION settlement.refuse_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'a run is written once; a correction is the next run' USING ERRCODE = '23514'; END $$;
      CREATE TRIGGER run_is_immutable BEFORE UPDATE OR DELETE ON settlement.run FOR EACH STATEMENT EXECUTE FUNCTION settlement.refuse_change();
      CREATE TRIGGER line_is_immutable BEFORE UPDATE OR DELETE ON settlement.line FOR EACH STATEMENT EXECUTE FUNCTION settlement.refuse_change();`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA settlement CASCADE');
  }
}
