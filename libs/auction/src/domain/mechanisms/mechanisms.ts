import { huang } from './huang.js';
import { mcAfee } from './mcafee.js';
import type { Mechanism } from './mechanism.js';
import { mudaLottery, mudaVickrey } from './muda.js';
import { nodalPrice } from './nodal-price.js';
import { midMarket, payAsBid } from './pairwise.js';
import { sbba } from './sbba.js';
import { sharedGain } from './shared-gain.js';
import { tradeReduction } from './trade-reduction.js';
import { uniformPrice } from './uniform-price.js';
import { vcg } from './vcg.js';

/** Every way to clear a market that the auction knows, the one of the market room first. */
export const mechanisms: readonly Mechanism[] = [
  uniformPrice,
  nodalPrice,
  sharedGain,
  payAsBid,
  midMarket,
  vcg,
  tradeReduction,
  mcAfee,
  sbba,
  huang,
  mudaLottery,
  mudaVickrey,
];

export const mechanismNamed = (name: string): Mechanism | undefined => mechanisms.find((one) => one.name === name);
