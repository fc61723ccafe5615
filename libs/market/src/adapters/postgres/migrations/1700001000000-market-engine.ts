import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MarketEngine1700001000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Null where nobody looked: clearings from before this migration.
      ALTER TABLE market.clearing ADD COLUMN pivotal_members integer[];

      -- What the lines would have made of the same book. Nobody is shown it and no money hangs on it.
      CREATE TABLE market.shadow (
        zone_id identity.id NOT NULL, starts_at timestamptz NOT NULL,
        network_bytes bytea, places_bytes bytea, result_bytes bytea, volume_wh bigint, binding_lines integer, flaw text,
        PRIMARY KEY (zone_id, starts_at), FOREIGN KEY (zone_id, starts_at) REFERENCES market.clearing,
        CHECK (num_nulls(network_bytes, places_bytes, result_bytes, volume_wh, binding_lines) IN (0, 5)),
        CHECK (flaw IS NULL OR result_bytes IS NULL)
      );
      CREATE INDEX shadow_due ON market.shadow (starts_at, zone_id) WHERE result_bytes IS NULL AND flaw IS NULL;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE market.shadow; ALTER TABLE market.clearing DROP COLUMN pivotal_members');
  }
}
