import { mostEnergyWh, Network } from '@kwartier/grid';
import { Forecasts, quantiles } from '@kwartier/forecasting';
import { Register } from '@kwartier/identity';
import { type Hold, homeAccount, Ledger } from '@kwartier/ledger';
import { Values } from '@kwartier/metering';
import { Database, Metrics, type Tx } from '@kwartier/platform';
import { type OwnPrices, Tariffs } from '@kwartier/tariffs';
import { accepted, groupBy, type Instant, refused, type Result, type Wh, wh } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { admit, asksTheSame, isClientId, mostOrderWh, type Order, worstCase } from '../domain/order.js';
import { IntervalStore } from './interval-store.port.js';
import {
  type MarketSetting,
  Orders,
  type PlaceOrderRefusal,
  type StandingOrder,
  type ZoneInterval,
} from './market.port.js';
import { type Admitted, clientKey, type GateView, intervalKey, OrderBook, sideKey } from './order-book.port.js';

type Answer = Result<StandingOrder, PlaceOrderRefusal>;

/** What binds the orders of one zone-interval, looked up before any lock is held. */
interface Bounds {
  readonly interval: ZoneInterval;
  readonly setting: MarketSetting;
  readonly own: ReadonlyMap<string, OwnPrices>;
  /** The most that a point may order on a side, by `sideKey`. */
  readonly ceilingWh: (order: Order) => Wh;
}

/** Puts orders into books before their gates; asking again with the same words is harmless (P6). */
@Injectable()
export class PlaceOrders extends Orders {
  constructor(
    private readonly database: Database,
    private readonly book: OrderBook,
    private readonly intervals: IntervalStore,
    private readonly register: Register,
    private readonly network: Network,
    private readonly tariffs: Tariffs,
    private readonly forecasts: Forecasts,
    private readonly values: Values,
    private readonly ledger: Ledger,
    private readonly metrics: Metrics,
  ) {
    super();
  }

  async place(orders: readonly Order[], from: 'PERSON' | 'AGENT'): Promise<readonly Answer[]> {
    if (orders.length === 0) return [];
    const bounds = await this.boundsOf(orders);
    for (const { setting } of bounds.values())
      await this.ledger.open([...new Set(orders.map(accountOf))], setting.allowanceNano);
    const answers = await this.database.transaction(async (tx) => this.placeIn(tx, orders, from, bounds));
    for (const answer of answers)
      this.metrics.count('kwartier_orders_total', 'Orders by what became of them', {
        outcome: answer.ok ? 'STANDS' : answer.refusal.code,
      });
    return answers;
  }

  private async placeIn(
    tx: Tx,
    orders: readonly Order[],
    from: 'PERSON' | 'AGENT',
    bounds: ReadonlyMap<string, Bounds>,
  ): Promise<readonly Answer[]> {
    const answers = new Map<Order, Answer>();
    const named = orders.filter((order) => {
      const isNamed = isClientId(order.clientId) && (order.replaces == null || isClientId(order.replaces));
      if (!isNamed) answers.set(order, refused({ code: 'BAD_CLIENT_ID' }));
      return isNamed;
    });
    // A gate that is known to be closed is held by nobody: orders for the past must not make its settlement wait.
    const timely = named.filter((order) => bounds.get(intervalKey(order))?.interval.state === 'OPEN');
    const gates = await this.book.holdGates(tx, timely);
    // One writer a home: two orders at once must not both find the same room on its connection.
    await this.ledger.lock(tx, named.map(accountOf));
    // Before anything that may have changed since: a retry always learns that its order stands.
    const known = await this.book.known(tx, named);
    const fresh = named.filter((order) => {
      const before = known.get(clientKey(order));
      if (before) answers.set(order, sameOrRefused(before, order));
      return !before;
    });
    const standing = new Map(await this.book.standingWh(tx, fresh));
    const admitted: Admitted[] = [];
    for (const order of fresh) {
      const verdict = judge(order, from, bounds.get(intervalKey(order)), gates.get(intervalKey(order)), standing);
      if (!verdict.ok) answers.set(order, verdict);
      else {
        admitted.push({ order, tick: verdict.value.tick });
        standing.set(sideKey(order), wh((standing.get(sideKey(order)) ?? 0n) + order.energyWh));
      }
    }
    await this.keep(tx, admitted, bounds, answers);
    return orders.map((order) => answers.get(order)!);
  }

  private async keep(
    tx: Tx,
    admitted: readonly Admitted[],
    bounds: ReadonlyMap<string, Bounds>,
    answers: Map<Order, Answer>,
  ): Promise<void> {
    if (admitted.length === 0) return;
    const inserted = await this.book.insert(tx, admitted);
    const raced = admitted.filter(({ order }) => !inserted.has(clientKey(order)));
    const known = await this.book.known(
      tx,
      raced.map(({ order }) => order),
    );
    for (const { order } of raced) answers.set(order, sameOrRefused(known.get(clientKey(order))!, order));

    const placed = admitted.filter(({ order }) => inserted.has(clientKey(order))).map(({ order }) => order);
    const ended = await this.book.end(
      tx,
      placed.flatMap((order) => (order.replaces === undefined ? [] : [{ ...order, clientId: order.replaces }])),
      'REPLACED',
    );
    await this.ledger.release(
      tx,
      ended.map(({ orderId }) => orderId),
    );
    const holdOf = (orderId: string, order: Order): Hold => ({
      id: orderId,
      accountId: accountOf(order),
      amountNano: worstCase(order, bounds.get(intervalKey(order))!.setting.rules),
    });
    const holds = placed.map((order) => holdOf(inserted.get(clientKey(order))!, order));
    const uncovered = await this.ledger.hold(tx, holds);
    placed.forEach((order, i) => {
      const { id, amountNano } = holds[i]!;
      answers.set(
        order,
        uncovered.has(id) ? refused({ code: 'NOT_COVERED', neededNano: amountNano }) : accepted({ orderId: id, order }),
      );
    });
    if (uncovered.size === 0) return;

    // What could not be covered was never placed, and what it would have replaced stands as before.
    await this.book.withdraw(tx, [...uncovered]);
    const kept = new Set(
      placed
        .filter((order) => order.replaces !== undefined && uncovered.has(inserted.get(clientKey(order))!))
        .map(({ participantId, replaces }) => clientKey({ participantId, clientId: replaces! })),
    );
    const back = ended.filter(({ order }) => kept.has(clientKey(order)));
    await this.book.restore(
      tx,
      back.map(({ orderId }) => orderId),
    );
    await this.ledger.hold(
      tx,
      back.map(({ orderId, order }) => holdOf(orderId, order)),
    );
  }

  private async boundsOf(orders: readonly Order[]): Promise<ReadonlyMap<string, Bounds>> {
    const settings = await this.intervals.settings();
    const bounds = new Map<string, Bounds>();
    for (const [key, group] of groupBy(orders, intervalKey)) {
      const { zoneId, startsAt } = group[0]!;
      const interval = await this.intervals.find(zoneId, startsAt);
      const setting = settings.find((one) => one.zoneId === zoneId);
      if (!interval || !setting) continue;
      const rules = await this.intervals.rules(interval.rulesHash);
      const pointIds = [...new Set(group.map(({ pointId }) => pointId))];
      const zone = await this.register.zone(zoneId);
      const [own, ceilingWh] = await Promise.all([
        this.tariffs.ownPrices(pointIds, startsAt, zone!.timeZone),
        this.ceilings(interval, pointIds, startsAt),
      ]);
      bounds.set(key, { interval, setting: { ...setting, rules }, own, ceilingWh });
    }
    return bounds;
  }

  /**
   * What the connection carries; and in `FORWARD` no more than the forecast's upper quantile, so that nobody inflates a
   * pro-rata share, in `METERED` no more than was metered.
   */
  private async ceilings(
    interval: ZoneInterval,
    pointIds: readonly string[],
    startsAt: Instant,
  ): Promise<Bounds['ceilingWh']> {
    const minutes = ((interval.endsAt - interval.startsAt) / 60_000) as 5 | 15 | 30 | 60;
    const connections = new Map((await this.network.connections(pointIds)).map((one) => [one.pointId, one]));
    const carries = (pointId: string): Wh => {
      const connection = connections.get(pointId);
      return connection ? mostEnergyWh(connection.limitW, minutes) : mostOrderWh;
    };
    const smaller = (a: Wh, b: Wh): Wh => (a < b ? a : b);
    if (interval.mode === 'METERED') {
      const values = await this.values.at(pointIds, startsAt);
      return ({ pointId, side }) => {
        const value = values.get(pointId);
        return smaller(carries(pointId), value ? (side === 'BUY' ? value.importWh : value.exportWh) : wh(0n));
      };
    }
    const forecasts = await this.forecasts.latest(pointIds, startsAt);
    return ({ pointId, side }) => {
      const forecast = forecasts.get(pointId);
      if (!forecast || forecast.level > trustedLevel) return carries(pointId);
      const upper = (side === 'BUY' ? forecast.importWh : forecast.exportWh)[quantiles.length - 1]!;
      return smaller(carries(pointId), wh(BigInt(upper)));
    };
  }
}

/** Forecasts from a week or more of the point's own days bound its orders; guesses do not. */
const trustedLevel = 4;

function judge(
  order: Order,
  from: 'PERSON' | 'AGENT',
  bounds: Bounds | undefined,
  gate: GateView | undefined,
  standing: ReadonlyMap<string, Wh>,
): Result<{ readonly tick: number }, PlaceOrderRefusal> {
  if (!bounds) return refused({ code: 'NO_SUCH_INTERVAL' });
  if (!gate || gate.interval.state !== 'OPEN' || gate.now >= gate.interval.gateClosesAt)
    return refused({ code: 'GATE_CLOSED', gateClosesAt: bounds.interval.gateClosesAt });
  if (bounds.interval.mode === 'METERED' && from === 'PERSON') return refused({ code: 'ORDERS_COME_FROM_WISHES' });
  const own = bounds.own.get(order.pointId);
  if (!own) return refused({ code: 'NOT_SUPPLIED' });
  const room = bounds.ceilingWh(order) - (standing.get(sideKey(order)) ?? 0n);
  return admit(order, bounds.setting.rules, own, wh(room > 0n ? room : 0n));
}

const accountOf = ({ participantId, pointId }: Order): string => homeAccount(participantId, pointId);

const sameOrRefused = (known: StandingOrder, order: Order): Answer =>
  asksTheSame(known.order, order)
    ? accepted({ orderId: known.orderId, order: known.order })
    : refused({ code: 'CLIENT_ID_REUSED', orderId: known.orderId });
