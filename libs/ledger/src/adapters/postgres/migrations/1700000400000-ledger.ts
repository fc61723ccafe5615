import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Ledger1700000400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA ledger;
      CREATE TABLE ledger.account (
        id text NOT NULL, asset text NOT NULL CHECK (asset IN ('CREDIT', 'WH')),
        balance bigint NOT NULL DEFAULT 0, held bigint NOT NULL DEFAULT 0 CHECK (held >= 0),
        allowance bigint NOT NULL DEFAULT 0 CHECK (allowance >= 0),
        PRIMARY KEY (id, asset)
      );
      CREATE TABLE ledger.hold (
        id text PRIMARY KEY, account_id text NOT NULL, amount bigint NOT NULL CHECK (amount >= 0),
        asset text NOT NULL DEFAULT 'CREDIT' CHECK (asset = 'CREDIT'), FOREIGN KEY (account_id, asset) REFERENCES ledger.account
      );

      CREATE TABLE ledger.transaction (
        id text PRIMARY KEY, at timestamptz NOT NULL, reason text NOT NULL, reverses text REFERENCES ledger.transaction,
        entered_in xid8 NOT NULL DEFAULT pg_current_xact_id()
      );
      CREATE TABLE ledger.entry (
        transaction_id text NOT NULL REFERENCES ledger.transaction, line integer NOT NULL,
        account_id text NOT NULL, asset text NOT NULL, amount bigint NOT NULL CHECK (amount <> 0),
        PRIMARY KEY (transaction_id, line), FOREIGN KEY (account_id, asset) REFERENCES ledger.account
      );
      CREATE INDEX entry_of_account ON ledger.entry (account_id, asset, transaction_id);

      CREATE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'entries are immutable; a correction is a new transaction' USING ERRCODE = '23514'; END $$;
      CREATE TRIGGER entry_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.entry
        FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
      CREATE TRIGGER transaction_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.transaction
        FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

      -- Checked once a transaction, when all of its lines are there. Lines come only together with their transaction.
      CREATE FUNCTION ledger.check_zero_sum() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF EXISTS (SELECT 1 FROM ledger.entry WHERE transaction_id = NEW.id GROUP BY asset HAVING sum(amount) <> 0) THEN
            RAISE EXCEPTION 'transaction % does not sum to zero', NEW.id USING ERRCODE = '23514';
          END IF;
          RETURN NULL;
        END $$;
      CREATE CONSTRAINT TRIGGER transaction_sums_to_zero AFTER INSERT ON ledger.transaction
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger.check_zero_sum();
      CREATE FUNCTION ledger.check_entered_together() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF EXISTS (
            SELECT 1 FROM (SELECT DISTINCT transaction_id FROM added) line JOIN ledger.transaction t ON t.id = line.transaction_id
            WHERE t.entered_in <> pg_current_xact_id()
          ) THEN
            RAISE EXCEPTION 'a transaction is entered whole; no line joins it later' USING ERRCODE = '23514';
          END IF;
          RETURN NULL;
        END $$;
      CREATE TRIGGER entry_comes_with_its_transaction AFTER INSERT ON ledger.entry
        REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger.check_entered_together();`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA ledger CASCADE');
  }
}
