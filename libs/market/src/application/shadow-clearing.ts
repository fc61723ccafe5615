import {
  clearNodal,
  type NodalBook,
  readBook,
  verifyNodal,
  writeNetwork,
  writeNodalResult,
  writePlaces,
} from '@kwartier/auction';
import { type Connection, type Feeder, Network } from '@kwartier/grid';
import { keepGoing, Metrics } from '@kwartier/platform';
import { formatInstant, type Instant, invariant } from '@kwartier/units';
import { Injectable, Logger } from '@nestjs/common';
import { type FeederTree, feederTree } from '../domain/feeder-tree.js';
import { type Rules, tieStart } from '../domain/rules.js';
import { IntervalStore } from './interval-store.port.js';
import type { ZoneInterval } from './market.port.js';
import { type Shadow, ShadowStore } from './shadow-store.port.js';

/** Few, because they are computed in the market's own thread: a backlog must not hold up a gate. */
const mostAtOnce = 10;

/**
 * Clears what was cleared once more, with prices at every node and within what the lines carry. Nobody is shown it: unsold
 * energy flows over the same lines, so it only counts once limits bind everybody (docs/decisions/0016).
 */
@Injectable()
export class ShadowClearing {
  private readonly logger = new Logger('ShadowClearing');

  constructor(
    private readonly intervals: IntervalStore,
    private readonly shadows: ShadowStore,
    private readonly network: Network,
    private readonly metrics: Metrics,
  ) {}

  async computeDue(): Promise<number> {
    return keepGoing(await this.shadows.due(mostAtOnce), async (interval) => this.run(interval));
  }

  /** The market goes on without a shadow: what cannot be computed is noted and left. */
  async run(interval: ZoneInterval): Promise<void> {
    const { zoneId, startsAt } = interval;
    const facts = await this.gather(interval);
    let shadow: Shadow;
    try {
      shadow = shadowOf(facts);
    } catch (error) {
      const flaw = error instanceof Error ? error.message : String(error);
      this.metrics.count('kwartier_shadow_failures_total', 'Nodal clearings that could not be computed');
      this.logger.error(`${zoneId} ${formatInstant(startsAt)}: ${flaw}`);
      await this.shadows.giveUp(zoneId, startsAt, flaw);
      return;
    }
    await this.shadows.keep(zoneId, startsAt, shadow);
  }

  private async gather({ zoneId, startsAt, rulesHash }: ZoneInterval): Promise<Facts> {
    const rules = await this.intervals.rules(rulesHash);
    const frozen = await this.intervals.book(undefined, zoneId, startsAt);
    invariant(frozen, 'a cleared interval has a book');
    const owners = await this.intervals.owners(frozen.orderIds);
    const points = frozen.orderIds.map((id) => owners.get(id)!.pointId);
    const [feeders, connections] = await Promise.all([
      this.network.feeders(zoneId),
      this.network.connections([...new Set(points)]),
    ]);
    return { rules, startsAt, bookBytes: frozen.bytes, points, feeders, connections };
  }
}

interface Facts {
  readonly rules: Rules;
  readonly startsAt: Instant;
  readonly bookBytes: Uint8Array;
  /** Whose order stands where in the book. */
  readonly points: readonly string[];
  readonly feeders: readonly Feeder[];
  readonly connections: readonly Connection[];
}

function shadowOf({ rules, startsAt, bookBytes, points, feeders, connections }: Facts): Shadow {
  const columns = readBook(bookBytes, rules.grid.count);
  invariant(columns.ok, 'a frozen book can be read');
  const tree = feederTree(feeders, connections, rules.intervalMinutes);
  const book: NodalBook = { ...columns.value, node: Int32Array.from(points, (point) => tree.nodeOf(point)) };
  const auctionRules = { tieStart: tieStart(rules, startsAt) };
  const clearing = clearNodal(book, tree.network, auctionRules);
  invariant(clearing.ok, 'a frozen book can be cleared on the lines of its zone');
  const flaw = verifyNodal(book, tree.network, auctionRules, clearing.value);
  invariant(flaw === undefined, `the nodal clearing is right (${flaw})`);
  return {
    networkBytes: writeNetwork(tree.network),
    placesBytes: writePlaces(book.node),
    resultBytes: writeNodalResult(clearing.value),
    volumeWh: clearing.value.volumeWh,
    bindingLines: bindingLines(tree, clearing.value.priceTick),
  };
}

/** Lines that keep the prices at their ends apart: more would flow if they carried more. */
const bindingLines = ({ network: { parent, feeTicks } }: FeederTree, priceTick: Int32Array): number =>
  priceTick.filter((tick, v) => v > 0 && Math.abs(tick - priceTick[parent[v]!]!) > feeTicks[v]!).length;
