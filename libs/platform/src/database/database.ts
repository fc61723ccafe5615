/** Anything that answers SQL: the pool, or one transaction. `bigint` columns arrive as bigint, instants as Instant. */
export interface Sql {
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** For statements whose rows do not matter: how many rows they touched. */
  execute(text: string, values?: readonly unknown[]): Promise<number>;
}

/** What is done through it takes effect whole or not at all. */
export interface Tx extends Sql {
  readonly isTransaction: true;
}

/** The only door to PostgreSQL. An abstract class, so that it is both the type and the injection token. */
export abstract class Database implements Sql {
  abstract query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;

  abstract execute(text: string, values?: readonly unknown[]): Promise<number>;

  /** Runs the work in one transaction, again from the start where PostgreSQL says that two got in each other's way. */
  abstract transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;

  /** Listens on a channel until the returned function is called; survives a restart of the server. */
  abstract listen(channel: string, hear: (payload: string) => void): Promise<() => Promise<void>>;
}
