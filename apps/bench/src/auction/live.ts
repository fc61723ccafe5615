import { LiveBook, type OrderHandle } from '@kwartier/auction';
import { livelyBook, numbersFrom, ticks } from './books.js';
import { interleave } from './interleave.js';
import { agree, tell } from './tell.js';

// A book that is open: what an order costs while it changes, and its price when the gate closes.
const orders = Number(process.argv[2]);
const { limit, wh } = livelyBook(orders);
const live = new LiveBook(orders + 1);
const handles = Array.from({ length: orders }, (_, i) => added(i, i));
const next = numbersFrom(1);

function added(member: number, i: number): OrderHandle {
  const answer = live.add(member, limit[i]! & 1 ? 'SELL' : 'BUY', limit[i]! >>> 1, wh[i]!);
  if (!answer.ok) throw new Error(answer.refusal.why);
  return answer.value;
}

const clear = (): { priceTick: number | undefined; volumeWh: number } =>
  live.clear({ priceRule: 'EQUILIBRIUM', tieStart: 0 });
const price = (): unknown => live.indicative('EQUILIBRIUM');
const change = (): void => {
  const i = Math.floor(next() * orders);
  live.cancel(handles[i]!);
  handles[i] = added(i, Math.floor(next() * orders));
};

const { priceTick, volumeWh } = clear();
const indicated = live.indicative('EQUILIBRIUM');
agree([indicated?.priceTick, indicated?.volumeWh], [priceTick, volumeWh]);
agree(live.add(0, 'BUY', ticks, 1).ok, false);
// The price is asked for after a change each time, so that nothing can have been kept; the change alone is taken off.
const { turnover, turnoverAndPrice, ...times } = interleave({
  clear,
  turnover: change,
  turnoverAndPrice: () => {
    change();
    return price();
  },
  price,
});
tell('live', orders, { ...times, turnover, price: Math.max(times.price, turnoverAndPrice - turnover) });
