import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Market1700000700000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE market.rules (hash bytea PRIMARY KEY CHECK (length(hash) = 32), bytes bytea NOT NULL);
      CREATE TABLE market.setting (
        zone_id identity.id PRIMARY KEY REFERENCES identity.zone, mode text NOT NULL CHECK (mode IN ('FORWARD', 'METERED')),
        rules_hash bytea NOT NULL REFERENCES market.rules,
        opens_ms_before bigint NOT NULL CHECK (opens_ms_before > 0), gate_ms_before bigint NOT NULL CHECK (gate_ms_before >= 0),
        grace_ms bigint NOT NULL CHECK (grace_ms >= 0), allowance_nano bigint NOT NULL CHECK (allowance_nano >= 0)
      );

      CREATE TABLE market.interval (
        zone_id identity.id NOT NULL REFERENCES identity.zone, starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL,
        gate_closes_at timestamptz NOT NULL, mode text NOT NULL CHECK (mode IN ('FORWARD', 'METERED')),
        state text NOT NULL DEFAULT 'OPEN'
          CHECK (state IN ('OPEN', 'CLOSING', 'CLEARED', 'METERED', 'SETTLING', 'SETTLED', 'FINAL', 'MISMATCH')),
        epoch integer NOT NULL DEFAULT 0, run integer NOT NULL DEFAULT 0, rules_hash bytea NOT NULL REFERENCES market.rules,
        PRIMARY KEY (zone_id, starts_at), CHECK (starts_at < ends_at)
      );
      CREATE INDEX interval_unfinished ON market.interval (state, gate_closes_at) WHERE state IN ('OPEN', 'CLOSING', 'CLEARED', 'METERED');

      CREATE TABLE market.order (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        participant_id identity.id NOT NULL, client_id text NOT NULL, point_id identity.id NOT NULL REFERENCES identity.point,
        zone_id identity.id NOT NULL, starts_at timestamptz NOT NULL,
        side text NOT NULL CHECK (side IN ('BUY', 'SELL')),
        energy_wh bigint NOT NULL CHECK (energy_wh BETWEEN 1 AND 2147483647),
        limit_micro bigint NOT NULL, tick integer NOT NULL CHECK (tick BETWEEN 0 AND 8191),
        state text NOT NULL DEFAULT 'STANDING' CHECK (state IN ('STANDING', 'REPLACED', 'CANCELLED')),
        placed_at timestamptz NOT NULL DEFAULT market.now(),
        UNIQUE (participant_id, client_id), FOREIGN KEY (zone_id, starts_at) REFERENCES market.interval
      );
      CREATE INDEX order_standing ON market.order (zone_id, starts_at) WHERE state = 'STANDING';
      CREATE INDEX order_of_point ON market.order (point_id, starts_at);

      -- The only link between a point and its pseudonym in a billing period; without the salt nothing leads back.
      CREATE TABLE market.period (
        zone_id identity.id NOT NULL REFERENCES identity.zone, period text NOT NULL, salt bytea NOT NULL, PRIMARY KEY (zone_id, period)
      );
      CREATE TABLE market.member (
        zone_id identity.id NOT NULL, period text NOT NULL, index integer NOT NULL CHECK (index >= 0),
        point_id identity.id NOT NULL, participant_id identity.id NOT NULL,
        PRIMARY KEY (zone_id, period, index), UNIQUE (zone_id, period, point_id, participant_id),
        FOREIGN KEY (zone_id, period) REFERENCES market.period
      );

      CREATE TABLE market.book (
        zone_id identity.id NOT NULL, starts_at timestamptz NOT NULL, bytes bytea NOT NULL, root bytea NOT NULL, order_ids uuid[] NOT NULL,
        PRIMARY KEY (zone_id, starts_at), FOREIGN KEY (zone_id, starts_at) REFERENCES market.interval
      );
      CREATE TABLE market.clearing (
        zone_id identity.id NOT NULL, starts_at timestamptz NOT NULL,
        price_tick integer, volume_wh bigint NOT NULL, order_count integer NOT NULL,
        result_bytes bytea NOT NULL, result_root bytea NOT NULL, book_root bytea NOT NULL,
        cleared_at timestamptz NOT NULL DEFAULT market.now(),
        PRIMARY KEY (zone_id, starts_at), FOREIGN KEY (zone_id, starts_at) REFERENCES market.book,
        CHECK ((price_tick IS NULL) = (volume_wh = 0))
      );
      CREATE FUNCTION market.refuse_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'books and clearings are written once' USING ERRCODE = '23514'; END $$;
      CREATE TRIGGER book_is_immutable BEFORE UPDATE OR DELETE ON market.book FOR EACH STATEMENT EXECUTE FUNCTION market.refuse_change();
      CREATE TRIGGER clearing_is_immutable BEFORE UPDATE OR DELETE ON market.clearing FOR EACH STATEMENT EXECUTE FUNCTION market.refuse_change();`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE market.clearing, market.book, market.member, market.period, market.order, market.interval, market.setting, market.rules; DROP FUNCTION market.refuse_change()',
    );
  }
}
