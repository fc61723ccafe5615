/** What one process of the benchmark measured: CPU milliseconds of one run, by contestant. */
export interface Told {
  readonly part: string;
  readonly size: number;
  readonly times: Readonly<Record<string, number>>;
}

/** One line for the process that put this one to work. */
export const tell = (part: string, size: number, times: Readonly<Record<string, number>>): void =>
  console.log(JSON.stringify({ part, size, times } satisfies Told));

/** What is compared must do the same work: nothing is timed before the answers agree. */
export function agree(ours: unknown, theirs: unknown): void {
  const [one, other] = [JSON.stringify(ours), JSON.stringify(theirs)];
  if (one !== other) throw new Error(`The answers differ, so their times mean nothing: ${one} and ${other}`);
}
