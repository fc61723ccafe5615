/**
 * Does the work for each item, one after the other, and goes on where one fails: a zone in trouble must not hold up the
 * others. What failed comes out at the end; how many succeeded is the answer when nothing did.
 */
export async function keepGoing<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<number> {
  const failures: unknown[] = [];
  for (const item of items) await Promise.resolve(work(item)).catch((error: unknown) => failures.push(error));
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new AggregateError(failures, `${failures.length} of ${items.length} failed`);
  return items.length;
}
