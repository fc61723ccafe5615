import { EventEmitter, on } from 'node:events';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../database/database.js';
import { liveChannel } from './outbox.js';

export type LiveEvent = { readonly kind: string } & Readonly<Record<string, string>>;

/** What just happened anywhere in the house, for those who watch. It carries hints, never facts: readers ask the database. */
@Injectable()
export class Live implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly events = new EventEmitter().setMaxListeners(0);
  private stop: (() => Promise<void>) | undefined;

  constructor(private readonly database: Database) {}

  async onApplicationBootstrap(): Promise<void> {
    this.stop = await this.database.listen(liveChannel, (payload) => {
      this.events.emit('event', JSON.parse(payload) as LiveEvent);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.stop?.();
  }

  /**
   * What `pick` makes of each event of a kind, until the watcher leaves; undefined is passed over. Leaving ends the waiting
   * at once, which a generator could not: it would hear of it only at the next event.
   */
  watch<T>(kind: string, pick: (event: LiveEvent) => T | undefined | Promise<T | undefined>): AsyncIterableIterator<T> {
    const leaving = new AbortController();
    const source = on(this.events, 'event', { signal: leaving.signal });
    const done = { done: true, value: undefined } as const;
    const iterator: AsyncIterableIterator<T> = {
      [Symbol.asyncIterator]: () => iterator,
      next: async () => {
        for (;;) {
          const heard = await source.next().catch((error: Error) => {
            if (error.name === 'AbortError') return done;
            throw error;
          });
          if (heard.done) return done;
          const [event] = heard.value as [LiveEvent];
          const picked = event.kind === kind ? await pick(event) : undefined;
          if (picked !== undefined) return { done: false, value: picked };
        }
      },
      return: async () => {
        leaving.abort();
        return done;
      },
    };
    return iterator;
  }
}
