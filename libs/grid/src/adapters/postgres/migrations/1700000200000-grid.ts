import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Grid1700000200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA grid;
      CREATE TABLE grid.feeder (
        id identity.id PRIMARY KEY, zone_id identity.id NOT NULL REFERENCES identity.zone, name text NOT NULL,
        limit_import_w integer NOT NULL CHECK (limit_import_w > 0), limit_export_w integer NOT NULL CHECK (limit_export_w > 0)
      );
      CREATE INDEX feeder_of_zone ON grid.feeder (zone_id);
      CREATE TABLE grid.transformer (
        zone_id identity.id PRIMARY KEY REFERENCES identity.zone, point_id identity.id NOT NULL UNIQUE REFERENCES identity.point,
        rated_w integer NOT NULL CHECK (rated_w > 0)
      );
      CREATE TABLE grid.connection (
        point_id identity.id PRIMARY KEY REFERENCES identity.point, feeder_id identity.id NOT NULL REFERENCES grid.feeder,
        limit_w integer NOT NULL CHECK (limit_w > 0)
      );
      CREATE INDEX connection_of_feeder ON grid.connection (feeder_id);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA grid CASCADE');
  }
}
