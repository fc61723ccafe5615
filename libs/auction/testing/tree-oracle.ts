import { unlimitedWh } from '../src/domain/nodal/network.js';
import type { TreeCase } from './tree-cases.js';

/**
 * The welfare of a feeder tree the slow way: as long as one more Wh can be brought from somewhere to somewhere else at a
 * gain, or an earlier one rerouted, the best of all such ways is taken. Whole numbers only; for small trees.
 */
export function welfareWhByWh({ book, network }: TreeCase): number {
  const ways = waysOf({ book, network });
  const market = network.count;
  let welfare = 0;
  for (;;) {
    const cheapest = cheapestRound(ways, market);
    if (!cheapest) return welfare;
    for (const way of cheapest) {
      way.leftWh -= 1;
      way.back!.leftWh += 1;
      welfare -= way.cost;
    }
  }
}

interface Way {
  readonly from: number;
  readonly to: number;
  readonly cost: number;
  leftWh: number;
  back?: Way;
}

/** Every ask brings Wh from the market place to its node, every bid takes them back, every line carries them both ways. */
function waysOf({ book, network }: Pick<TreeCase, 'book' | 'network'>): Way[] {
  const ways: Way[] = [];
  const add = (from: number, to: number, cost: number, leftWh: number): void => {
    const way: Way = { from, to, cost, leftWh };
    const back: Way = { from: to, to: from, cost: -cost, leftWh: 0, back: way };
    way.back = back;
    ways.push(way, back);
  };
  const market = network.count;
  for (let i = 0; i < book.count; i += 1) {
    const tick = book.limit[i]! >>> 1;
    if (book.limit[i]! & 1) add(market, book.node[i]!, tick, book.wh[i]!);
    else add(book.node[i]!, market, -tick, book.wh[i]!);
  }
  for (let v = 1; v < network.count; v += 1) {
    add(v, network.parent[v]!, network.feeTicks[v]!, Math.min(network.exportWh[v]!, unlimitedWh));
    add(network.parent[v]!, v, network.feeTicks[v]!, Math.min(network.importWh[v]!, unlimitedWh));
  }
  return ways;
}

/** The round trip from the market place that costs least, if it gains anything (Bellman and Ford). */
function cheapestRound(ways: readonly Way[], market: number): Way[] | undefined {
  const cost = Array.from({ length: market + 1 }, () => Infinity);
  const last = Array.from({ length: market + 1 }, (): Way | undefined => undefined);
  const open = ways.filter((way) => way.leftWh > 0);
  for (const way of open) {
    if (way.from === market && way.cost < cost[way.to]!) {
      cost[way.to] = way.cost;
      last[way.to] = way;
    }
  }
  for (let pass = 0; pass <= market; pass += 1) {
    for (const way of open) {
      if (way.from === market || way.to === market) continue;
      if (cost[way.from]! + way.cost < cost[way.to]!) {
        cost[way.to] = cost[way.from]! + way.cost;
        last[way.to] = way;
      }
    }
  }
  let best: Way | undefined;
  for (const way of open) {
    if (way.to === market && cost[way.from]! + way.cost < (best ? cost[best.from]! + best.cost : 0)) best = way;
  }
  if (!best) return undefined;
  const round = [best];
  for (let at = best.from; at !== market; at = round.at(-1)!.from) round.push(last[at]!);
  return round;
}
