import { Database } from '@kwartier/platform';
import { Injectable } from '@nestjs/common';
import { type DueRound, Rounds } from '../../application/rounds.port.js';

@Injectable()
export class PostgresRounds extends Rounds {
  constructor(private readonly database: Database) {
    super();
  }

  async due(lastMsBefore: number, most: number): Promise<readonly DueRound[]> {
    return this.database.query<DueRound>(
      `WITH clock AS MATERIALIZED (SELECT market.now() AS now)
       SELECT i.zone_id AS "zoneId", i.starts_at AS "startsAt", r.round
       FROM clock CROSS JOIN market.interval i
       JOIN LATERAL (VALUES ('FIRST', i.mode = 'FORWARD', i.starts_at - interval '100 years'),
                            ('LAST', i.mode = 'FORWARD', i.starts_at - $1 * interval '1 millisecond'),
                            ('METERED', i.mode = 'METERED', i.ends_at)) AS r (round, fits, due_at) ON r.fits AND r.due_at <= clock.now
       WHERE i.state = 'OPEN'
         AND NOT EXISTS (SELECT 1 FROM agents.round d WHERE d.zone_id = i.zone_id AND d.starts_at = i.starts_at AND d.round = r.round)
         -- Whoever is late for the first round makes only the last one.
         AND NOT (r.round = 'FIRST' AND i.starts_at - $1 * interval '1 millisecond' <= clock.now)
         AND (i.mode = 'METERED' OR i.gate_closes_at > clock.now)
       ORDER BY i.starts_at, i.zone_id LIMIT $2`,
      [lastMsBefore, most],
    );
  }

  async done({ zoneId, startsAt, round }: DueRound): Promise<void> {
    await this.database.execute(
      'INSERT INTO agents.round (zone_id, starts_at, round) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [zoneId, new Date(startsAt), round],
    );
  }
}
