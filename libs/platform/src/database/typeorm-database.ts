import { setTimeout as sleep } from 'node:timers/promises';
import type { OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { DataSource, type QueryRunner } from 'typeorm';
import { Database, type Tx } from './database.js';

/** Two transactions got in each other's way and one was undone: PostgreSQL asks to run it again. */
const runAgain = new Set(['40001', '40P01']);
const mostAttempts = 5;

export class TypeormDatabase extends Database implements OnApplicationShutdown {
  constructor(
    private readonly source: DataSource,
    private readonly singles: pg.Pool,
  ) {
    super();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.singles.end();
  }

  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.singles.query<Row>(text, [...values])).rows;
  }

  async execute(text: string, values: readonly unknown[] = []): Promise<number> {
    return (await this.singles.query(text, [...values])).rowCount ?? 0;
  }

  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(work);
      } catch (error) {
        if (attempt === mostAttempts || !runAgain.has(codeOf(error))) throw error;
        await sleep(attempt * (5 + Math.random() * 20));
      }
    }
  }

  async listen(channel: string, hear: (payload: string) => void): Promise<() => Promise<void>> {
    const options = this.source.options as unknown as { url: string };
    let client: pg.Client | undefined;
    let closed = false;
    const connect = async (): Promise<void> => {
      const next = new pg.Client({ connectionString: options.url, application_name: 'kwartier-live' });
      // Without a listener the loss of the connection would end the process.
      next.on('error', () => undefined);
      next.on('end', () => {
        if (!closed) void again();
      });
      next.on('notification', ({ payload }) => hear(payload ?? ''));
      await next.connect();
      await next.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      client = next;
    };
    const again = async (): Promise<void> => {
      while (!closed) {
        await sleep(250);
        if (closed) return;
        if (
          await connect().then(
            () => true,
            () => false,
          )
        )
          return;
      }
    };
    await connect();
    return async () => {
      closed = true;
      await client?.end().catch(() => undefined);
    };
  }

  private async once<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.withRunner(async (runner) => {
      await runner.startTransaction();
      try {
        const result = await work(transactionOf(runner));
        await runner.commitTransaction();
        return result;
      } catch (error) {
        if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
        throw error;
      }
    });
  }

  private async withRunner<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    const runner = this.source.createQueryRunner();
    try {
      return await work(runner);
    } finally {
      await runner.release();
    }
  }
}

const transactionOf = (runner: QueryRunner): Tx => ({
  isTransaction: true,
  query: async (text, values = []) => rowsOf(runner, text, values),
  execute: async (text, values = []) => affectedBy(runner, text, values),
});

async function rowsOf<Row>(runner: QueryRunner, text: string, values: readonly unknown[]): Promise<Row[]> {
  const { records } = await runner.query(text, [...values], true);
  return records as Row[];
}

async function affectedBy(runner: QueryRunner, text: string, values: readonly unknown[]): Promise<number> {
  const { affected } = await runner.query(text, [...values], true);
  return affected ?? 0;
}

const codeOf = (error: unknown): string => (error as { code?: string } | undefined)?.code ?? '';
