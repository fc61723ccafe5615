/** A stretch of a list in keyset order: ask again with the last key to go on, whatever was added meanwhile. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly more: boolean;
}

export interface PageRequest<Key> {
  readonly first: number;
  readonly after?: Key | undefined;
}

/** Stores fetch one more than asked for; it says whether there is more and is then dropped. */
export const pageOf = <T>(fetched: readonly T[], first: number): Page<T> => ({
  items: fetched.slice(0, first),
  more: fetched.length > first,
});
