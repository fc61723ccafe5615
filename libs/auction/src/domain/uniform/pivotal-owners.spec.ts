import fc from 'fast-check';
import { arbitraryBook, smallBooks } from '../../../testing/arbitrary-book.js';
import { story } from '../../../testing/story.js';
import type { PriceRule } from '../book/clearing.js';
import { columnsOf } from '../book/columns.js';
import { referenceClear } from '../reference/reference-clear.js';
import { pivotalOwners } from './pivotal-owners.js';

const runs = { numRuns: Number(process.env['KWARTIER_RUNS'] ?? 1000) };

describe('pivotal owners', () => {
  it('are those without whom the price lies elsewhere or nothing trades', () => {
    const { book } = story(`
      buy  anna  500 Wh @ 300 => 500
      buy  ben   300 Wh @ 301 => 300
      sell carla 700 Wh @ 100 => 700
      sell dora  100 Wh @ 250 => 17
      sell emil  500 Wh @ 250 => 83`);
    const pivotal = pivotalOwners(columnsOf(book), Int32Array.of(10, 20, 30, 40, 50), { priceRule: 'EQUILIBRIUM' });
    // The price is 250. Without Anna or Ben, Carla suffices; without Carla, too little is left; without Emil, exactly
    // enough; without Dora, Emil still has Wh over at 250.
    expect(Array.from(pivotal)).toEqual([10, 20, 30, 50]);
  });

  it('are found as by leaving each owner out in turn', () => {
    const owned = arbitraryBook({ ...smallBooks, ticks: 12 }).chain((orders) =>
      fc.tuple(
        fc.constant(orders),
        fc.array(fc.nat({ max: 4 }), { minLength: orders.length, maxLength: orders.length }),
      ),
    );
    fc.assert(
      fc.property(owned, fc.constantFrom<PriceRule>('EQUILIBRIUM', 'SHARED_MARGIN'), ([orders, owner], priceRule) => {
        const rules = { priceRule, tieStart: 0 };
        const price = referenceClear(orders, rules).priceTick;
        const expected = [0, 1, 2, 3, 4].filter((name) => {
          if (price === undefined || !owner.includes(name)) return false;
          const without = referenceClear(
            orders.filter((_, i) => owner[i] !== name),
            rules,
          ).priceTick;
          return without === undefined || Math.abs(without - price) > 1;
        });
        expect(Array.from(pivotalOwners(columnsOf(orders), Int32Array.from(owner), rules))).toEqual(expected);
      }),
      runs,
    );
  });
});
