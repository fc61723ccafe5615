import fc from 'fast-check';
import { arbitrarySession, tinySessions } from '../../../testing/combinatorial-arbitrary.js';
import { type Acceptance, clearWith, idleIn, isBetter } from './acceptance.js';
import { checkSession } from './check-session.js';
import { type Model, modelOf } from './model.js';
import { search } from './search.js';
import type { Session } from './session.js';

const numRuns = Number(process.env['KWARTIER_RUNS'] ?? 1000);
const enough = 100_000;

function modelFor(session: Session): Model {
  const checked = checkSession(session, { priceRule: 'EQUILIBRIUM', mostNodes: enough });
  if (!checked.ok) throw new Error(checked.refusal.why);
  return modelOf(checked.value);
}

/** Every number of units of every choice, links and groups kept. */
function everyAcceptance({ choices, parentOf, groupOf }: Model): number[][] {
  let all: number[][] = [[]];
  choices.forEach((choice, i) => {
    const amounts = [0];
    if (choice.kind === 'LUMP') for (let n = Math.max(1, choice.least); n <= choice.most; n++) amounts.push(n);
    else amounts.push(1);
    all = all.flatMap((units) =>
      amounts
        .filter((n) => n === 0 || parentOf[i]! < 0 || units[parentOf[i]!]! > 0)
        .filter((n) => n === 0 || groupOf[i]!.every((rival) => (units[rival] ?? 0) === 0))
        .map((n) => [...units, n]),
    );
  });
  return all;
}

function bestByRule(model: Model): Acceptance {
  return everyAcceptance(model)
    .map((units) => clearWith(model, Float64Array.from(units)))
    .filter((each) => each !== undefined)
    .filter(({ prices }) => prices.losers.length === 0)
    .filter((each) => idleIn(model, each).length === 0)
    .reduce((best, each) => (isBetter(model, each, best) ? each : best));
}

describe('a search to the end', () => {
  it.each([1, 3])('finds the one acceptance that the rule puts first, blocks of up to %i parts', (parts) => {
    fc.assert(
      fc.property(arbitrarySession({ ...tinySessions, parts, richOrders: 5, plainOrders: 6 }), (session) => {
        const model = modelFor(session);
        const { best, reachedLimit } = search(model, enough);
        expect(reachedLimit).toBe(false);
        expect([...best.units]).toEqual([...bestByRule(model).units]);
      }),
      { numRuns },
    );
  });
});
