import { columnsOf } from '../book/columns.js';
import { clearNodal } from '../nodal/clear-nodal.js';
import { refused } from '../refusal.js';
import type { Mechanism } from './mechanism.js';
import { mechanism } from './policy.js';

/**
 * One price per node of the feeder tree: the trades that are worth most within the limits of its lines and after their fees.
 *
 * Efficient within the lines for the limits it is told, individually rational; its budget never short, and what is over is the fees and the rent of the full lines,
 * exactly. Not truthful, like the uniform auction, and less so behind a narrow line, where few compete. Takes any orders. Worth while from one owner per side
 * wherever a line can be full or a hop has its price. Prices round down to the tick, shares go by largest remainder.
 */
export const nodalPrice: Mechanism = mechanism(
  {
    name: 'nodal',
    keeps: { efficiency: 'ALL', individualRationality: true, budgetBalance: 'SURPLUS', truthfulness: 'NONE' },
    takes: 'ANY',
    leastOwners: { buyers: 1, sellers: 1 },
    drawsLots: false,
  },
  ({ book, feeder }, { tieStart }) => {
    if (!feeder) return refused('CONTRADICTION', 'feeder', 'a feeder, for prices are made at its nodes');
    if (feeder.node.length !== book.length) return refused('MALFORMED', 'feeder.node', 'one node for each order');
    const stray = feeder.node.findIndex((node) => !Number.isInteger(node) || node < 0 || node >= feeder.network.count);
    if (stray !== -1) return refused('UNKNOWN_NODE', stray, `a node from 0 to ${feeder.network.count - 1}`);
    const node = Int32Array.from(feeder.node);
    const cleared = clearNodal({ ...columnsOf(book), node }, feeder.network, { tieStart });
    if (!cleared.ok) return cleared;

    const { priceTick, fillsWh } = cleared.value;
    return {
      fillsWh: Array.from(fillsWh, BigInt),
      moneyHalfTickWh: book.map((_, i) => BigInt(2 * priceTick[node[i]!]!) * BigInt(fillsWh[i]!)),
    };
  },
);
