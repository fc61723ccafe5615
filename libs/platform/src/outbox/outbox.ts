import { Injectable } from '@nestjs/common';
import type { Database, Tx } from '../database/database.js';

export interface Message {
  readonly topic: string;
  /** Made from the meaning, not from the moment: telling the same fact twice leaves one message. */
  readonly key: string;
  readonly payload: object;
  readonly bytes?: Uint8Array;
}

export interface Delivered extends Message {
  readonly id: bigint;
}

export const liveChannel = 'kwartier_live';

/** Facts on their way downstream. What is told in a transaction is told exactly when the transaction is. */
@Injectable()
export class Outbox {
  async tell(tx: Tx, ...messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return;
    await tx.execute(
      `INSERT INTO platform.outbox (topic, key, payload, bytes)
       SELECT * FROM unnest($1::text[], $2::text[], $3::jsonb[], $4::bytea[]) ON CONFLICT (topic, key) DO NOTHING`,
      [
        messages.map(({ topic }) => topic),
        messages.map(({ key }) => key),
        messages.map(({ payload }) => JSON.stringify(payload)),
        messages.map(({ bytes }) => bytes && Buffer.from(bytes)),
      ],
    );
  }

  /** A hint for whoever watches live: it is heard when the transaction commits, and may be missed. */
  async hint(tx: Tx, event: { readonly kind: string } & Record<string, string>): Promise<void> {
    await tx.execute('SELECT pg_notify($1, $2)', [liveChannel, JSON.stringify(event)]);
  }

  /**
   * Hands waiting messages of a topic to their handler, in the transaction that marks them delivered. Rows that another
   * process holds are skipped, never a position remembered: numbers are drawn before commits, so a position loses rows.
   */
  async deliver(
    database: Database,
    topic: string,
    most: number,
    handle: (tx: Tx, messages: readonly Delivered[]) => Promise<void>,
  ): Promise<number> {
    return database.transaction(async (tx) => {
      const messages = await tx.query<Delivered>(
        `SELECT id, topic, key, payload, bytes FROM platform.outbox
         WHERE topic = $1 AND delivered_at IS NULL ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED`,
        [topic, most],
      );
      if (messages.length === 0) return 0;
      await handle(tx, messages);
      await tx.execute('UPDATE platform.outbox SET delivered_at = clock_timestamp() WHERE id = ANY($1::bigint[])', [
        messages.map(({ id }) => id),
      ]);
      return messages.length;
    });
  }
}
