import { useEffect, useRef, useState } from 'react';
import { coalesce } from './coalesce.js';
import { useConnection, useConnectionState } from './LiveProvider.js';
import type { Happening, Question } from './question.js';

export interface Live<Data, Variables> {
  /** The newest answer; it stays while the next one is on its way and while the connection is away. */
  readonly data?: Data;
  /** The variables that `data` answers: right after a change they are still the ones before. */
  readonly answers?: Variables;
  /** Why the last question went without an answer. */
  readonly problem?: string;
  readonly refresh: () => void;
}

const pauseMs = 200;

/**
 * Asks, and asks again when the variables change, when one of `refreshOn` happens, and after every reconnect.
 * Without variables it waits.
 */
export function useLive<Data extends object, Variables extends object>(
  question: Question<Data, Variables>,
  variables: Variables | undefined,
  refreshOn: readonly Happening[] = [],
): Live<Data, Variables> {
  const connection = useConnection();
  const { connects } = useConnectionState();
  const [live, setLive] = useState<Omit<Live<Data, Variables>, 'refresh'>>({});
  const refresh = useRef<() => void>(() => undefined);
  const variablesKey = JSON.stringify(variables);
  const happeningsKey = JSON.stringify(refreshOn);

  useEffect(() => {
    if (variablesKey === undefined) return;
    let current = true;
    const asked = JSON.parse(variablesKey) as Variables;
    refresh.current = coalesce(
      async () => {
        if (!current) return;
        try {
          const data = await connection.ask(question, asked);
          if (current) setLive({ data, answers: asked });
        } catch (reason) {
          const problem = reason instanceof Error ? reason.message : 'No answer';
          if (current) setLive((before) => ({ ...before, problem }));
        }
      },
      (work) => setTimeout(work, pauseMs),
    );
    refresh.current();
    return () => {
      current = false;
    };
  }, [connection, connects, question, variablesKey]);

  useEffect(() => {
    const happenings = JSON.parse(happeningsKey) as Happening[];
    const stops = happenings.map((happening) => connection.listen(happening, () => refresh.current()));
    return () => stops.forEach((stop) => stop());
  }, [connection, happeningsKey]);

  return { ...live, refresh: () => refresh.current() };
}
