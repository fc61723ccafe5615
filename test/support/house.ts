import 'reflect-metadata';
import { startHouse } from '@kwartier/house';
import { Tokens } from '@kwartier/identity/module';
import { DeviceBroker } from '@kwartier/metering/module';
import { CatchUpLoop, Database, listen, MarketClock } from '@kwartier/platform';
import { type Instant, instant } from '@kwartier/units';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { startTestPostgres, type TestPostgres } from './postgres.js';

export interface GraphqlAnswer {
  readonly status: number;
  readonly data: any;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

export const adminToken = 'an-administrator-of-the-tests-only';

/** The whole house over a real PostgreSQL, with a real broker and a real HTTP server, and a clock that the test moves. */
export class TestHouse {
  private constructor(
    readonly app: NestExpressApplication,
    readonly database: Database,
    readonly httpUrl: string,
    readonly mqttUrl: string,
    private readonly stopPostgres: () => Promise<void>,
  ) {}

  /** `from` is where its clock stands; it moves only by `itIs`. A given database outlives the house. */
  static async open(from: string, databaseUrl?: string): Promise<TestHouse> {
    const postgres: TestPostgres | undefined = databaseUrl ? undefined : await startTestPostgres();
    const stopPostgres = async (): Promise<void> => postgres?.stop();
    try {
      const app = await startHouse(databaseUrl ?? postgres!.url, { logLevel: 'error' });
      await app.get(MarketClock).startDemo(at(from));
      await app.get(Tokens, { strict: false }).admit(adminToken, { role: 'ADMIN' });
      const anyPort = { port: 0, byName: true };
      const mqttPort = await app.get(DeviceBroker, { strict: false }).start('127.0.0.1', anyPort);
      const httpPort = await listen(app, '127.0.0.1', anyPort);
      return new TestHouse(
        app,
        app.get(Database),
        `http://127.0.0.1:${httpPort}`,
        `mqtt://127.0.0.1:${mqttPort}`,
        stopPostgres,
      );
    } catch (error) {
      await stopPostgres();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.stopPostgres();
  }

  /** Moves the clock and lets the house do all that is due. */
  async itIs(time: string | Instant): Promise<void> {
    await this.stepTo(time);
    await this.settleDown();
  }

  /** Moves the clock alone. */
  async stepTo(time: string | Instant): Promise<void> {
    await this.app.get(MarketClock).stepTo(at(time));
  }

  async settleDown(): Promise<void> {
    await this.app.get(CatchUpLoop).settleDown();
  }

  /** Asks over HTTP, as any client would. */
  async ask(token: string | undefined, query: string, variables: object = {}): Promise<GraphqlAnswer> {
    const response = await fetch(`${this.httpUrl}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, ...((await response.json()) as Omit<GraphqlAnswer, 'status'>) };
  }

  /** The data of an answer that must have no errors. */
  async get(token: string, query: string, variables: object = {}): Promise<any> {
    const { data, errors } = await this.ask(token, query, variables);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** A connection over which questions are asked and subscriptions heard; whoever opens it disposes of it. */
  connect(token: string | undefined): Client {
    return createClient({
      url: `${this.httpUrl.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { token },
      retryAttempts: 0,
      lazyCloseTimeout: 2_000,
    });
  }

  /** Collects what a subscription says until `stop`. */
  async subscribe(token: string, query: string, variables: Record<string, unknown> = {}) {
    const heard: any[] = [];
    const problems: unknown[] = [];
    const client = this.connect(token);
    const stop = client.subscribe(
      { query, variables },
      {
        next: (result) => (result.errors ? problems.push(...result.errors) : heard.push(result.data)),
        error: (problem) => problems.push(problem),
        complete: () => undefined,
      },
    );
    return {
      heard,
      problems,
      stop: async () => {
        stop();
        await client.dispose();
      },
    };
  }

  /** Resolves as soon as somebody in the database waits for a lock that another holds. */
  async somebodyWaits(): Promise<void> {
    for (let i = 0; i < 500; i++) {
      const waiting = await this.rows(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
      if (waiting.length > 0) return;
      await new Promise((later) => setTimeout(later, 10));
    }
    throw new Error('Nobody waits');
  }

  async rows<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.database.query<Row>(sql, values);
  }
}

export const at = (time: string | Instant): Instant => (typeof time === 'string' ? instant(Date.parse(time)) : time);
