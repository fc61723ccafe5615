import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Platform1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA market;

      -- The one clock. A demo moves its epoch and speed; everything else only reads it. Speed 0: it stands still.
      CREATE TABLE market.clock (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        real_epoch timestamptz NOT NULL, market_epoch timestamptz NOT NULL,
        speed integer NOT NULL CHECK (speed BETWEEN 0 AND 3600),
        mode text NOT NULL CHECK (mode IN ('REAL', 'DEMO')) DEFAULT 'REAL',
        last_seen timestamptz NOT NULL DEFAULT '-infinity',
        CHECK (mode = 'DEMO' OR (speed = 1 AND real_epoch = market_epoch))
      );
      INSERT INTO market.clock (real_epoch, market_epoch, speed) SELECT now(), now(), 1;
      CREATE FUNCTION market.now() RETURNS timestamptz LANGUAGE sql VOLATILE AS
        $$ SELECT market_epoch + (clock_timestamp() - real_epoch) * speed FROM market.clock $$;

      CREATE SCHEMA platform;
      -- Facts on their way downstream: written with what they tell of, in one transaction.
      CREATE TABLE platform.outbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        topic text NOT NULL, key text NOT NULL, payload jsonb NOT NULL, bytes bytea,
        told_at timestamptz NOT NULL DEFAULT clock_timestamp(), delivered_at timestamptz,
        UNIQUE (topic, key)
      );
      CREATE INDEX outbox_waiting ON platform.outbox (topic, id) WHERE delivered_at IS NULL;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA platform CASCADE; DROP SCHEMA market CASCADE');
  }
}
