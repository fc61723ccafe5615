import type { BookOrder, Side } from '../book/book.js';
import { placesOf } from './best-first.js';
import { clarkePayments, type Waiting } from './clarke-payments.js';
import type { Mechanism } from './mechanism.js';
import { mechanism } from './policy.js';
import { efficientTrade } from './uniform-price.js';

/**
 * Vickrey, Clarke, Groves: the most valuable trade, each buyer paying what their presence takes from the others and each seller receiving what theirs gives them.
 *
 * Efficient, individually rational, truthful in limits and in energy, for owners with as many orders as they like on one side. Its budget is never more than even and
 * mostly short: somebody has to add what the sellers receive beyond what the buyers pay, half as much as the gain with two owners per side and a tenth with ten, which is
 * why it is a yardstick and not a market. From one owner per side. Exact; an owner's payment is spread over their orders by energy and largest remainder.
 */
export const vcg: Mechanism = mechanism(
  {
    name: 'vcg',
    keeps: {
      efficiency: 'ALL',
      individualRationality: true,
      budgetBalance: 'DEFICIT',
      truthfulness: 'LIMIT_AND_ENERGY',
    },
    takes: 'ONE_SIDE',
    leastOwners: { buyers: 1, sellers: 1 },
    drawsLots: false,
  },
  ({ book }, rules) => {
    const { fillsWh } = efficientTrade(book, rules);
    const [paid, received] = (['BUY', 'SELL'] as const).map((side) =>
      clarkePayments(book, side, fillsWh, steppingIn(book, fillsWh, side)),
    ) as [bigint[], bigint[]];
    return { fillsWh, moneyHalfTickWh: book.map((_, i) => paid[i]! + received[i]!) };
  },
);

/**
 * What happens to a Wh of the other side when an owner of this side leaves: it goes to the best limit left over on this side, or stays with the other side, which is worth
 * its own limit. Whatever is worth most comes first.
 */
function steppingIn(book: readonly BookOrder[], fillsWh: readonly bigint[], side: Side): Waiting[] {
  const leftOver = placesOf(book, side).map((place) =>
    waitingAt(book[place]!, book[place]!.energyWh - fillsWh[place]!),
  );
  const traded = placesOf(book, side === 'BUY' ? 'SELL' : 'BUY').map((place) =>
    waitingAt(book[place]!, fillsWh[place]!),
  );
  const dearestFirst = side === 'BUY' ? 1 : -1;
  return [...leftOver, ...traded]
    .filter(({ energyWh }) => energyWh > 0n)
    .sort((a, b) => dearestFirst * (b.tick - a.tick));
}

const waitingAt = ({ member, tick }: BookOrder, energyWh: bigint): Waiting => ({ member, tick, energyWh });
