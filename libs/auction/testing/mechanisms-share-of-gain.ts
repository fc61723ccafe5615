import type { BookOrder } from '../src/domain/book/book.js';
import { lotsFrom } from '../src/domain/mechanisms/lots.js';
import type { Mechanism } from '../src/domain/mechanisms/mechanism.js';
import { vcg } from '../src/domain/mechanisms/vcg.js';
import { allocated, copperPlate, gainOf, plainRules } from './mechanisms-markets.js';

/** What a mechanism leaves of the largest gain, in thousandths, rounded down. */
export interface ShareOfGain {
  /** Traders and auctioneer together. */
  readonly made: number;
  /** The traders alone. */
  readonly kept: number;
}

/** Over this many markets of so many buyers and sellers with one unit each, their limits drawn evenly from the price grid by seeds 0, 1, 2 … */
export function shareOfGain(mechanism: Mechanism, perSide: number, markets: number): ShareOfGain {
  let [largest, made, kept] = [0n, 0n, 0n];
  for (let seed = 0n; seed < markets; seed += 1n) {
    const book = drawnMarket(seed, perSide);
    const { fillsWh, surplusHalfTickWh } = allocated(mechanism, book, { ...plainRules, seed }, copperPlate);
    const gain = 2n * gainOf(book, fillsWh);
    made += gain;
    kept += gain - surplusHalfTickWh;
    largest += 2n * gainOf(book, allocated(vcg, book).fillsWh);
  }
  return { made: Number((1000n * made) / largest), kept: Number((1000n * kept) / largest) };
}

function drawnMarket(seed: bigint, perSide: number): BookOrder[] {
  const lot = lotsFrom(seed, 3n);
  return Array.from({ length: 2 * perSide }, (_, member) => ({
    member,
    side: member < perSide ? 'BUY' : 'SELL',
    tick: Number(lot(member) % 8192n),
    energyWh: 1n,
  }));
}
