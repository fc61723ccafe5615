import { type FeederWalk, limitOf, energyOf } from './feeder-walk.js';
import { invariant } from '../invariant.js';

/**
 * What prices leave open. Orders at exactly their node's price are marginal: an ask there may sell anything, a bid may
 * buy anything, and so a subtree may send through its line anything between two ends, as far as the line lets it. By
 * step; energies of a subtree are those that its line lets through, in addition to the least it can send.
 */
export interface Margins {
  /** What the step's own orders send when no marginal order trades. */
  readonly firmWh: Float64Array;
  /** The least the subtree can send: all marginal bids served, no marginal ask, within its lines. */
  readonly leastWh: Float64Array;
  /** Marginal asks and bids inside the subtree, before its own line is looked at. */
  readonly asksWh: Float64Array;
  readonly bidsWh: Float64Array;
  /** The part of them that must be used because the line does not let the least through. */
  readonly forcedWh: Float64Array;
  /** What the line leaves of them to share above it: asks are used first, then bids are dropped. */
  readonly openAsksWh: Float64Array;
  readonly openBidsWh: Float64Array;
}

/** The margins by whom they are shared with: a line that cuts nothing off joins its subtree's to that above it. */
export interface SharedMargins extends Omit<Margins, 'firmWh'> {
  /** Of each step, and of each node: the step at the top of its margin. */
  readonly headOf: Int32Array;
  readonly headOfNode: Int32Array;
  /** The steps whose line cuts their margin off and leaves some of it open, in order of nodes, and the head above each. */
  readonly cutOff: ArrayLike<number>;
  readonly headAbove: ArrayLike<number>;
}

export function sharedMargins({ steps, stepOf, parent }: FeederWalk, margins: Margins): SharedMargins {
  const { asksWh, bidsWh, openAsksWh, openBidsWh } = margins;
  const root = steps - 1;
  const headOf = new Int32Array(steps);
  headOf[root] = root;
  for (let step = root - 1; step >= 0; step -= 1) {
    const isJoined = openAsksWh[step] === asksWh[step] && openBidsWh[step] === bidsWh[step];
    headOf[step] = isJoined ? headOf[parent[step]!]! : step;
  }
  const headOfNode = new Int32Array(steps);
  const cutOff: number[] = [];
  const headAbove: number[] = [];
  for (let v = 0; v < steps; v += 1) {
    const step = stepOf[v]!;
    headOfNode[v] = headOf[step]!;
    if (v > 0 && headOf[step] === step && openAsksWh[step]! + openBidsWh[step]! > 0) {
      cutOff.push(step);
      headAbove.push(headOf[parent[step]!]!);
    }
  }
  return { ...margins, headOf, headOfNode, cutOff, headAbove };
}

/** Undefined where the prices allow no flows at all, so that they are not those of a clearing. */
export function marginsAt(walk: FeederWalk, priceTick: Int32Array): Margins {
  const { steps, parent, importWh, exportWh, feeTicks } = walk;
  const column = (): Float64Array => new Float64Array(steps);
  const [firmWh, leastWh, asksWh, bidsWh] = [column(), column(), column(), column()];
  const [forcedWh, openAsksWh, openBidsWh] = [column(), column(), column()];
  for (let step = 0; step < steps; step += 1) {
    addOwn(walk, step, priceTick[step]!, firmWh, asksWh, bidsWh, leastWh);
    const above = parent[step]!;
    if (above < 0) break;

    // What the line may carry: full where the price above differs by more than the fee, idle where by less.
    const difference = priceTick[above]! - priceTick[step]!;
    const fee = feeTicks[step]!;
    let low = difference <= -fee ? -importWh[step]! : 0;
    let high = difference >= fee ? exportWh[step]! : 0;
    if (difference > fee) low = high;
    if (difference < -fee) high = low;

    const least = leastWh[step]!;
    const most = least + asksWh[step]! + bidsWh[step]!;
    invariant(least <= high && most >= low, 'prices leave every line a flow');
    const forced = Math.max(0, low - least);
    const reach = Math.min(high, most) - least;
    forcedWh[step] = forced;
    openAsksWh[step] = Math.max(0, Math.min(asksWh[step]!, reach) - forced);
    openBidsWh[step] = reach - forced - openAsksWh[step]!;
    leastWh[above]! += least + forced;
    asksWh[above]! += openAsksWh[step]!;
    bidsWh[above]! += openBidsWh[step]!;
  }
  return { firmWh, leastWh, asksWh, bidsWh, forcedWh, openAsksWh, openBidsWh };
}

function addOwn(
  { orders, firstOrder }: FeederWalk,
  step: number,
  priceTick: number,
  firmWh: Float64Array,
  asksWh: Float64Array,
  bidsWh: Float64Array,
  leastWh: Float64Array,
): void {
  let firm = 0;
  let asks = 0;
  let bids = 0;
  const end = firstOrder[step + 1]!;
  for (let i = firstOrder[step]!; i < end; i += 1) {
    const limit = limitOf(orders[i]!);
    const wh = energyOf(orders[i]!);
    const tick = limit >>> 1;
    if (tick === priceTick) {
      if (limit & 1) asks += wh;
      else bids += wh;
    } else {
      // As in `fillFirm`: a mask for who trades, and the sign of what they send.
      const sells = -(limit & 1);
      const firmWh = wh & ~(((tick - priceTick) >> 31) ^ sells);
      firm -= (firmWh ^ sells) - sells;
    }
  }
  firmWh[step] = firm;
  asksWh[step]! += asks;
  bidsWh[step]! += bids;
  leastWh[step]! += firm - bids;
}
