import fc from 'fast-check';
import { arbitraryPlainBook, arbitrarySession, tinySessions } from '../../../testing/combinatorial-arbitrary.js';
import { exhaust } from '../../../testing/combinatorial-brute-force.js';
import type { PriceRule } from '../book/clearing.js';
import { columnsOf } from '../book/columns.js';
import { referenceClear } from '../reference/reference-clear.js';
import { clearSession } from './clear-session.js';
import type { RichOrder, Session, SessionClearing, SessionRules } from './session.js';
import { verifySession } from './verify-session.js';

const numRuns = Number(process.env['KWARTIER_RUNS'] ?? 1000);
const toTheEnd: SessionRules = { priceRule: 'EQUILIBRIUM', mostNodes: 100_000 };
const priceRule = fc.constantFrom<PriceRule>('EQUILIBRIUM', 'SHARED_MARGIN');
/** More of everything, so that searches are long enough to be cut short. */
const crowded = arbitrarySession({ ...tinySessions, plainOrders: 8, ticks: 12, mostWh: 9, richOrders: 9 });

function clear(session: Session, rules: SessionRules = toTheEnd): SessionClearing {
  const clearing = clearSession(session, rules);
  if (!clearing.ok) throw new Error(`${clearing.refusal.at}: ${clearing.refusal.why}`);
  return clearing.value;
}

const isWithoutChoice = (order: RichOrder): boolean => {
  if (order.kind === 'CURVE' || order.kind === 'STORAGE') return true;
  if (order.parent !== undefined || order.group !== undefined) return false;
  if (order.kind === 'DEFERRABLE') return order.leastWh === 0;
  return order.leastUnits === 0 && order.parts.length === 1 && order.parts[0]!.wh === 1;
};

describe('any session', () => {
  it('is cleared without a flaw, under both price rules, however soon the search ends', () => {
    fc.assert(
      fc.property(crowded, priceRule, fc.integer({ min: 1, max: 30 }), (session, rule, mostNodes) => {
        const rules = { priceRule: rule, mostNodes };
        expect(verifySession(session, rules, clear(session, rules))).toBeUndefined();
      }),
      { numRuns },
    );
  });

  it('is filled alike under both price rules', () => {
    fc.assert(
      fc.property(crowded, (session) => {
        const one = clear(session);
        const other = clear(session, { ...toTheEnd, priceRule: 'SHARED_MARGIN' });
        expect(other.richFills).toEqual(one.richFills);
        expect(other.intervals.map(({ fillsWh }) => fillsWh)).toEqual(one.intervals.map(({ fillsWh }) => fillsWh));
      }),
      { numRuns },
    );
  });

  it('is worth more, never less, the longer the search', () => {
    fc.assert(
      fc.property(crowded, (session) => {
        const clearings = [1, 2, 3, 5, 8, 20, 100_000].map((mostNodes) => clear(session, { ...toTheEnd, mostNodes }));
        clearings.slice(1).forEach(({ welfare }, i) => expect(welfare >= clearings[i]!.welfare).toBe(true));
        expect(clearings.at(-1)!.reachedLimit).toBe(false);
      }),
      { numRuns },
    );
  });

  it('clears the same in whatever order its rich orders arrived', () => {
    const shuffled = crowded.chain((session) =>
      fc.tuple(
        fc.constant(session),
        fc.shuffledSubarray([...session.richOrders], { minLength: session.richOrders.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, fc.integer({ min: 1, max: 30 }), ([session, richOrders], mostNodes) => {
        const rules = { ...toTheEnd, mostNodes };
        expect(clear({ ...session, richOrders }, rules)).toEqual(clear(session, rules));
      }),
      { numRuns },
    );
  });

  it('leaves no gap where every order can be taken in part', () => {
    fc.assert(
      fc.property(crowded, (session) => {
        const clearing = clear({ ...session, richOrders: session.richOrders.filter(isWithoutChoice) });
        expect([clearing.gap, clearing.nodes]).toEqual([0n, 1]);
      }),
      { numRuns },
    );
  });
});

describe('plain orders alone', () => {
  it('clear as in the auction of one interval', () => {
    const books = fc.array(fc.tuple(arbitraryPlainBook({ ...tinySessions, plainOrders: 12 }), fc.nat()), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(books, priceRule, (all, rule) => {
        const intervals = all.map(([book, tieStart]) => ({ book: columnsOf(book), tieStart }));
        const clearing = clear({ intervals, richOrders: [] }, { ...toTheEnd, priceRule: rule });
        clearing.intervals.forEach(({ priceTick, volumeWh, fillsWh }, t) => {
          const alone = referenceClear(all[t]![0], { priceRule: rule, tieStart: all[t]![1] });
          expect({ priceTick, volumeWh: BigInt(volumeWh), fillsWh: [...fillsWh].map(BigInt) }).toEqual({
            priceTick: alone.priceTick,
            volumeWh: alone.volumeWh,
            fillsWh: alone.fillsWh,
          });
        });
      }),
      { numRuns },
    );
  });
});

describe('a tiny session, everything tried', () => {
  it('is worth the most that any prices support, blocks in one interval, deferrals, links and groups', () => {
    fc.assert(
      fc.property(arbitrarySession({ ...tinySessions, parts: 1 }), (session) => {
        const { welfare, reachedLimit } = clear(session);
        expect([Number(welfare), reachedLimit]).toEqual([exhaust(session, tinySessions.ticks).welfare, false]);
      }),
      { numRuns },
    );
  });

  it('is never worth more than prices support, blocks over several intervals', () => {
    fc.assert(
      fc.property(arbitrarySession({ ...tinySessions, parts: 3 }), (session) => {
        const { welfare, bound } = clear(session);
        const { welfare: most, unsupportedWelfare } = exhaust(session, tinySessions.ticks);
        expect(Number(welfare)).toBeLessThanOrEqual(most);
        expect(Number(bound)).toBeGreaterThanOrEqual(unsupportedWelfare);
      }),
      { numRuns },
    );
  });
});
