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

  /** All events of a kind until the consumer leaves; `on` is given an abort signal so that leaving ends the waiting too. */
  watch(kind: string): AsyncIterableIterator<LiveEvent> {
    const leaving = new AbortController();
    const source = on(this.events, 'event', { signal: leaving.signal });
    const iterator: AsyncIterableIterator<LiveEvent> = {
      [Symbol.asyncIterator]: () => iterator,
      next: async () => {
        for (;;) {
          const next = await source.next().catch((error: Error) => {
            if (error.name === 'AbortError') return { done: true as const, value: undefined };
            throw error;
          });
          if (next.done) return { done: true, value: undefined };
          const [event] = next.value as [LiveEvent];
          if (event.kind === kind) return { done: false, value: event };
        }
      },
      return: () => {
        leaving.abort();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
    return iterator;
  }
}
