import { clearNodal } from '../domain/nodal/clear-nodal.js';
import { type Line, mostFeeTicks, type NamedNetwork, networkOf } from '../domain/nodal/network.js';
import type { NodalBook } from '../domain/nodal/nodal-clearing.js';
import { type Checked, refused, taken } from '../domain/refusal.js';
import { type CaseGrid, gridOf } from './case-market.js';
import { type CaseResult, exact, fillsById } from './case-result.js';
import type { AuctionCase, CaseNetwork } from './auction-case.js';

/** Nodal clearing in the words of a case: a price for each node, a flow for each line. */
export function clearNodalCase({ orders, network, rules }: AuctionCase): Checked<CaseResult> {
  const grid = gridOf(
    orders,
    network!.edges.map(({ fee }) => fee),
  );
  if (!grid.ok) return grid;
  const { step, priceAt } = grid.value;
  const named = networkOf(linesOf(network!, grid.value));
  if (!named.ok)
    return refused(named.refusal.code, 'network.edges', `expected ${named.refusal.why}: ${named.refusal.at}`);
  const { indexOf } = named.value;
  const cleared = clearNodal(bookOf(orders, named.value, grid.value), named.value.network, rules);
  if (!cleared.ok) return cleared;
  const { welfare, priceTick, fillsWh, flowWh } = cleared.value;
  return taken({
    welfare: exact(welfare * BigInt(step)),
    prices: Object.fromEntries(network!.nodes.map((node) => [node, priceAt(priceTick[indexOf.get(node)!]!)])),
    fills: fillsById(orders, [...fillsWh]),
    flows: network!.edges.map(({ child, parent }) => ({
      from: child,
      to: parent,
      flow: flowWh[indexOf.get(child)!]! + 0,
    })),
  });
}

function linesOf({ nodes, edges }: CaseNetwork, { step }: CaseGrid): Line[] {
  const lineOf = new Map(edges.map((edge) => [edge.child, edge]));
  return nodes.map((node) => {
    const edge = lineOf.get(node);
    return {
      node,
      parent: edge?.parent,
      importWh: edge?.importCapacity ?? 0,
      exportWh: edge?.exportCapacity ?? 0,
      feeTicks: Math.min((edge?.fee ?? 0) / step, mostFeeTicks),
    };
  });
}

function bookOf(orders: AuctionCase['orders'], { indexOf }: NamedNetwork, { tickOf }: CaseGrid): NodalBook {
  return {
    count: orders.length,
    member: Int32Array.from(orders, ({ member }) => member),
    limit: Uint16Array.from(orders, (order) => tickOf(order) * 2 + (order.side === 'SELL' ? 1 : 0)),
    wh: Int32Array.from(orders, ({ qty }) => qty),
    node: Int32Array.from(orders, ({ node }) => indexOf.get(node!)!),
  };
}
