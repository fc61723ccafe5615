import { clearLoaded, openKernel } from '@kwartier/auction';
import { livelyBook, tariffBook } from './books.js';
import { interleave } from './interleave.js';
import { objectsOf, sortObjects, TypedSort } from './sorted.js';
import { agree, tell } from './tell.js';

// Price, every fill and the split of the margin of a book that stands in the arena, against three ways of sorting the same orders and
// against reading the same memory once.
const count = Number(process.argv[2]);
const sorts = process.argv[3] === 'sorts';
const rules = { priceRule: 'EQUILIBRIUM', tieStart: 0 } as const;

const kernel = openKernel(count);
const { limit, wh } = kernel;
for (const [name, book] of [
  ['', livelyBook(count)],
  [', tariffs', tariffBook(count)],
] as const) {
  limit.set(book.limit);
  wh.set(book.wh);
  const select = (): unknown => clearLoaded(kernel, count, rules);
  if (sorts) {
    const objects = objectsOf(book);
    const typed = new TypedSort(book);
    const clearing = clearLoaded(kernel, count, rules);
    for (const sorted of [sortObjects(objects), typed.clear()]) {
      agree([sorted.volume, sorted.low, sorted.high], [clearing.volumeWh, clearing.lowTick, clearing.highTick]);
    }
    const contestants = { select, readPass: readOnce, typed: () => typed.clear(), objects: () => sortObjects(objects) };
    tell(`select${name}`, count, interleave(contestants, count > 500_000 ? 5 : 9));
  } else {
    tell(`select${name}`, count, interleave({ select, readPass: readOnce }));
  }
}

/** What everybody has to do at least, as fast as JavaScript does it: constants of the module, and two sums that do not wait for each other. */
function readOnce(): number {
  let limits = 0;
  let energies = 0;
  for (let i = 0; i < count; i += 1) {
    limits = (limits + limit[i]!) | 0;
    energies = (energies + wh[i]!) | 0;
  }
  return limits + energies;
}
