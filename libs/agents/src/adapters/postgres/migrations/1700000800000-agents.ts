import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Agents1700000800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA agents;
      CREATE TABLE agents.wish (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        point_id identity.id NOT NULL REFERENCES identity.point, participant_id identity.id NOT NULL REFERENCES identity.participant,
        preset text NOT NULL CHECK (preset IN ('KEEP_IT_LOCAL', 'BEST_PRICE')),
        buy_limit_micro bigint, sell_limit_micro bigint, set_at timestamptz NOT NULL
      );
      CREATE INDEX wish_of_holding ON agents.wish (point_id, participant_id, id DESC);
      CREATE TABLE agents.round (
        zone_id identity.id NOT NULL, starts_at timestamptz NOT NULL, round text NOT NULL CHECK (round IN ('FIRST', 'LAST', 'METERED')),
        made_at timestamptz NOT NULL DEFAULT market.now(), PRIMARY KEY (zone_id, starts_at, round)
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA agents CASCADE');
  }
}
