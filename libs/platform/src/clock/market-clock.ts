import type { Instant } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { liveChannel } from '../outbox/outbox.js';

export interface ClockState {
  readonly now: Instant;
  readonly speed: number;
  readonly mode: 'REAL' | 'DEMO';
}

/** Heard by whoever watches, each time the clock is set. */
export const clockChangedHint = 'clock-changed';

/** Heartbeats come four times as often. */
const mostUnseenMs = 1_000;

/**
 * The one market clock (decision 3): processes and database read the same. Every move is one guarded statement that can
 * never lead backwards, so a gate that was closed once stays closed.
 */
@Injectable()
export class MarketClock {
  constructor(private readonly database: Database) {}

  async now(): Promise<Instant> {
    return (await this.state()).now;
  }

  async state(): Promise<ClockState> {
    const [row] = await this.database.query<ClockState>('SELECT market.now() AS now, speed, mode FROM market.clock');
    return row!;
  }

  /** Remembers the instant, so that a demo that starts again goes on from here. */
  async heartbeat(): Promise<void> {
    await this.database.execute('UPDATE market.clock SET last_seen = greatest(last_seen, market.now())');
  }

  /**
   * Starts a demo's clock, standing still: at `from` the first time, afterwards at the last instant seen. A clock that
   * has served real time is never turned into a demo. What a killed process saw since its last heartbeat is skipped, so that
   * no fact of before lies ahead of the clock.
   */
  async startDemo(from: Instant): Promise<{ readonly now: Instant; readonly first: boolean }> {
    const [row] = await this.database.query<{ now: Instant; first: boolean }>(
      `UPDATE market.clock AS clock
       SET mode = 'DEMO', speed = 0, real_epoch = clock_timestamp(),
         market_epoch = before.goes_on_at, last_seen = before.goes_on_at
       FROM (
         SELECT last_seen = '-infinity' AS first,
           CASE WHEN last_seen = '-infinity' THEN $1 ELSE last_seen + speed * $2 * interval '1 millisecond' END AS goes_on_at
         FROM market.clock
       ) AS before
       WHERE clock.mode = 'DEMO' OR before.first
       RETURNING clock.market_epoch AS now, before.first`,
      [new Date(from), mostUnseenMs],
    );
    if (!row) throw new Error('This database has served real time; a demo needs a home of its own (KWARTIER_HOME)');
    return row;
  }

  /** Moves a standing demo clock forward to an instant. */
  async stepTo(at: Instant): Promise<void> {
    const moved = await this.database.execute(
      `UPDATE market.clock SET market_epoch = $1, real_epoch = clock_timestamp(), last_seen = $1
       WHERE mode = 'DEMO' AND speed = 0 AND market_epoch <= $1`,
      [new Date(at)],
    );
    if (moved !== 1) throw new Error('Only a demo clock that stands still can be moved, and only forward');
    await this.hint();
  }

  async setDemoSpeed(speed: number): Promise<void> {
    const moved = await this.database.execute(
      `UPDATE market.clock SET market_epoch = market.now(), last_seen = market.now(), real_epoch = clock_timestamp(), speed = $1
       WHERE mode = 'DEMO'`,
      [speed],
    );
    if (moved !== 1) throw new Error('Only a demo clock has a speed');
    await this.hint();
  }

  private async hint(): Promise<void> {
    await this.database.execute('SELECT pg_notify($1, $2)', [liveChannel, JSON.stringify({ kind: clockChangedHint })]);
  }
}
