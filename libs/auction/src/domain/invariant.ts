/** What must be true in every environment. Its twin in `units` is not imported, so that the auction can be published and replayed alone. */
export function invariant(condition: unknown, whatMustBeTrue: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${whatMustBeTrue}`);
}
