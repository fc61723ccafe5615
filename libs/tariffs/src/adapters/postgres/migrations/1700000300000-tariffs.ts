import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Tariffs1700000300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA tariffs;
      CREATE TABLE tariffs.supplier (id identity.id PRIMARY KEY, name text NOT NULL);
      CREATE TABLE tariffs.tariff (
        id identity.id PRIMARY KEY, supplier_id identity.id NOT NULL REFERENCES tariffs.supplier, name text NOT NULL
      );
      CREATE TABLE tariffs.version (
        tariff_id identity.id NOT NULL REFERENCES tariffs.tariff, version integer NOT NULL CHECK (version > 0),
        valid_from timestamptz NOT NULL, PRIMARY KEY (tariff_id, version), UNIQUE (tariff_id, valid_from)
      );
      CREATE TABLE tariffs.rate (
        tariff_id identity.id NOT NULL, version integer NOT NULL,
        from_minute integer NOT NULL CHECK (from_minute BETWEEN 0 AND 1439), to_minute integer NOT NULL CHECK (to_minute BETWEEN 1 AND 1440),
        weekdays text NOT NULL CHECK (weekdays IN ('ALL', 'WORKDAYS', 'WEEKEND')),
        retail_micro bigint NOT NULL, feed_in_micro bigint NOT NULL CHECK (feed_in_micro <= retail_micro),
        PRIMARY KEY (tariff_id, version, weekdays, from_minute), FOREIGN KEY (tariff_id, version) REFERENCES tariffs.version
      );
      CREATE TABLE tariffs.supply (
        point_id identity.id NOT NULL REFERENCES identity.point, tariff_id identity.id NOT NULL REFERENCES tariffs.tariff,
        valid_from timestamptz NOT NULL, valid_to timestamptz, CHECK (valid_from < valid_to),
        PRIMARY KEY (point_id, valid_from),
        EXCLUDE USING gist (point_id WITH =, tstzrange(valid_from, valid_to) WITH &&)
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA tariffs CASCADE');
  }
}
