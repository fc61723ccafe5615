import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Forecasting1700000600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA forecasting;
      CREATE TABLE forecasting.forecast (
        point_id identity.id NOT NULL, starts_at timestamptz NOT NULL, issued_at timestamptz NOT NULL,
        model text NOT NULL, level integer NOT NULL CHECK (level BETWEEN 0 AND 7), inputs_hash text NOT NULL,
        import_wh integer[] NOT NULL CHECK (array_length(import_wh, 1) = 7),
        export_wh integer[] NOT NULL CHECK (array_length(export_wh, 1) = 7),
        PRIMARY KEY (starts_at, point_id, issued_at)
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA forecasting CASCADE');
  }
}
