import { type Client, createClient } from 'graphql-ws/client';
import { followPages } from './follow-pages.js';
import type { Happening, Question } from './question.js';

export type Phase = 'connecting' | 'connected' | 'reconnecting' | 'refused';

export interface ConnectionState {
  readonly phase: Phase;
  /** Grows with every connect: what happened in between was not told, so questions are asked again. */
  readonly connects: number;
}

const unauthorized = 4401;
const forbidden = 4403;
const silenceMs = 10_000;
const longestWaitMs = 5_000;

/** The page's one WebSocket: it asks, listens, and comes back by itself. */
export class LiveConnection {
  private readonly client: Client;
  private readonly listeners = new Set<() => void>();
  private current: ConnectionState = { phase: 'connecting', connects: 0 };

  constructor(token: string) {
    let overdue: ReturnType<typeof setTimeout> | undefined;
    this.client = createClient({
      url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
      connectionParams: { token },
      lazy: false,
      keepAlive: silenceMs,
      retryAttempts: Infinity,
      shouldRetry: () => this.current.phase !== 'refused',
      retryWait: (retries) =>
        new Promise((resolve) => setTimeout(resolve, Math.min(250 * 2 ** retries, longestWaitMs))),
      onNonLazyError: () => this.move('refused'),
      on: {
        connected: () => this.move('connected'),
        closed: (event) => this.move(isRefusal(event) ? 'refused' : 'reconnecting'),
        // A laptop that slept holds a socket that nobody answers; only silence gives it away.
        ping: (received) => {
          if (!received) overdue = setTimeout(() => this.client.terminate(), silenceMs);
        },
        pong: (received) => {
          if (received) clearTimeout(overdue);
        },
      },
    });
  }

  readonly state = (): ConnectionState => this.current;

  readonly watch = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  ask<Data extends object, Variables extends object>(
    question: Question<Data, Variables>,
    variables: Variables,
  ): Promise<Data> {
    return question.pages
      ? followPages(question.pages, (after) => this.once<Data>(question.text, { ...variables, after }))
      : this.once<Data>(question.text, variables);
  }

  /** Calls back at every happening until the returned function is called. */
  listen(happening: Happening, onHappening: () => void): () => void {
    return this.client.subscribe(
      { query: happening.text, variables: { ...happening.variables } },
      // What goes wrong here shows in the questions, which are asked over the same socket.
      { next: onHappening, error: () => undefined, complete: () => undefined },
    );
  }

  close(): void {
    this.listeners.clear();
    void this.client.dispose();
  }

  private once<Data>(query: string, variables: object): Promise<Data> {
    return new Promise((resolve, reject) => {
      let answer: Data | undefined;
      let problem: Error | undefined;
      this.client.subscribe<Data>(
        { query, variables: { ...variables } },
        {
          next: (result) => {
            problem = asProblem(result.errors);
            answer = result.data ?? undefined;
          },
          error: (reason) => reject(asProblem(reason) ?? new Error('The connection was lost')),
          complete: () =>
            answer === undefined || problem ? reject(problem ?? new Error('No answer')) : resolve(answer),
        },
      );
    });
  }

  private move(phase: Phase): void {
    if (this.current.phase === 'refused') return;
    const connects = this.current.connects + (phase === 'connected' ? 1 : 0);
    // The first attempts are no reconnecting: nothing was there yet.
    this.current = { phase: phase === 'reconnecting' && connects === 0 ? 'connecting' : phase, connects };
    for (const listener of this.listeners) listener();
  }
}

const isRefusal = (event: unknown): boolean =>
  event instanceof CloseEvent && (event.code === unauthorized || event.code === forbidden);

function asProblem(reason: unknown): Error | undefined {
  if (reason instanceof Error) return reason;
  if (!Array.isArray(reason)) return undefined;
  const first: unknown = reason[0];
  return first instanceof Object && 'message' in first ? new Error(String(first.message)) : undefined;
}
