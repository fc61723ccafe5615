/** What must be true in every environment; when it is not, the line stops rather than a wrong figure leaves it. */
export function invariant(condition: unknown, whatMustBeTrue: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${whatMustBeTrue}`);
}
