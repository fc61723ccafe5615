import { type Acceptance, type FilledBook, filledBook, tiesOf, tradedWh } from './acceptance.js';
import { checkSession } from './check-session.js';
import { marginsOf } from './fills.js';
import { invariant } from '../invariant.js';
import { type Model, modelOf } from './model.js';
import { paradoxicallyRejected } from './paradox.js';
import { type Checked, taken } from '../refusal.js';
import { type Found, search } from './search.js';
import { isFilled, type RichFill, type Session, type SessionClearing, type SessionRules, slotsIn } from './session.js';
import { sharedMarginTicks } from './shared-margin.js';

/**
 * Clears several intervals and their rich orders together: of the acceptances that one price per interval supports, so that no accepted
 * order loses, the one of the greatest welfare that the search met, with what it may be short of the best. Given an acceptance, plain
 * orders, curves and storage clear as in a uniform auction and deferrals buy where it is cheapest, in whole Wh. Prices round down.
 */
export function clearSession(given: Session, rules: SessionRules): Checked<SessionClearing> {
  const checked = checkSession(given, rules);
  if (!checked.ok) return checked;
  const session = checked.value;
  const model = modelOf(session);
  return taken(publish(session, rules, model, search(model, rules.mostNodes)));
}

function publish(session: Session, rules: SessionRules, model: Model, found: Found): SessionClearing {
  const { best } = found;
  const books = session.intervals.map((_, t) => filledBook(model, best, t));
  const margins = books.map(({ entries, fills }, t) => marginsOf(session.intervals[t]!.book, entries, fills));
  const equilibrium = { ...best.ranges, priceTick: best.prices.priceTick };
  const ticks =
    rules.priceRule === 'EQUILIBRIUM'
      ? equilibrium.priceTick
      : sharedMarginTicks(equilibrium, margins, best.holders, tiesOf(best.position, best.convex));
  const volumes = session.intervals.map((_, t) => tradedWh(best.position, best.convex, t));
  const richFills = richFillsOf(session, model, best, books);
  const prices = ticks.map((tick, t) => (volumes[t]! > 0 ? tick : -1));
  const bound = BigInt(found.bound);
  const welfare = BigInt(best.welfare);
  invariant(bound >= welfare, 'no clearing is worth more than its bound');
  return {
    intervals: books.map(({ fills }, t) => ({
      priceTick: prices[t]! < 0 ? undefined : prices[t]!,
      volumeWh: volumes[t]!,
      fillsWh: fills.plainWh,
      boundTick: found.boundTick[t]!,
    })),
    richFills,
    welfare,
    bound,
    gap: bound - welfare,
    paradoxicallyRejected: paradoxicallyRejected(session, richFills, prices),
    nodes: found.nodes,
    reachedLimit: found.reachedLimit,
  };
}

function richFillsOf(
  session: Session,
  model: Model,
  { units, convex }: Acceptance,
  books: readonly FilledBook[],
): RichFill[] {
  const fillsById = new Map(session.richOrders.map((order) => [order.id, slotsIn(order).map(() => 0)]));
  for (const { entries, fills } of books) {
    entries.forEach(({ id, slot }, i) => (fillsById.get(id)![slot] = fills.richWh[i]!));
  }
  model.deferrals.forEach(({ order }, d) => fillsById.set(order.id, [...convex.deferredWh[d]!]));
  model.choices.forEach((choice, i) => {
    const fillsWh = fillsById.get(choice.id)!;
    if (choice.kind === 'LOT' && units[i]! > 0) fillsWh[0]! += choice.least;
    if (choice.kind === 'LUMP') choice.parts.forEach(({ wh }, slot) => (fillsWh[slot] = wh * units[i]!));
  });
  return session.richOrders.map(({ id }) => {
    const fillsWh = fillsById.get(id)!;
    return { id, isAccepted: isFilled(fillsWh), fillsWh };
  });
}
