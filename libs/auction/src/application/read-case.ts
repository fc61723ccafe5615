import { type Checked, taken } from '../domain/refusal.js';
import type { Side } from '../domain/book/book.js';
import { mostWh } from '../domain/book/book.js';
import { mechanisms } from '../domain/mechanisms/mechanisms.js';
import { FieldReader } from './field-reader.js';
import { type MechanismName, mechanismNamed, mechanismNames } from './mechanism-names.js';

/** One auction with everything it needs, in the golden format (`test/golden/auction/INDEX.md`). */
export interface AuctionCase {
  readonly mechanism: MechanismName;
  readonly orders: readonly CaseOrder[];
  /** Whether the orders came as bids and asks of one unit each. */
  readonly inUnits: boolean;
  /** The field that an order was read from. */
  readonly fieldOf: (place: number) => string;
  readonly network: CaseNetwork | undefined;
  /** Of a pro-rata case: what is asked for, in order of time, and what there is. */
  readonly quantities: readonly number[];
  readonly available: number;
  readonly seed: number;
  /** What the case says must come out; it is compared, never trusted. */
  readonly expect: Readonly<Record<string, unknown>> | undefined;
}

export interface CaseOrder {
  readonly id: string;
  readonly owner: string;
  readonly side: Side;
  readonly qty: number;
  readonly price: number;
  readonly node: string | undefined;
  /** Of a block, the part below which it is not taken, in millionths; undefined for a plain order. */
  readonly minAcceptancePpm: number | undefined;
}

export interface CaseNetwork {
  readonly nodes: readonly string[];
  readonly edges: readonly CaseEdge[];
}

export interface CaseEdge {
  readonly child: string;
  readonly parent: string;
  /** Most that may flow from parent to child, and from child to parent. */
  readonly importCapacity: number;
  readonly exportCapacity: number;
  readonly fee: number;
}

const mostOrders = 1_000_000;
const mostNodes = 100_000;
const mostQty = Number(mostWh);
/** Differences and middles of such prices stay exact. */
const mostPrice = 2 ** 52;
const million = 1_000_000;

/** Reads a case that came from outside; a refusal names the field and what was expected there. */
export function readCase(value: unknown): Checked<AuctionCase> {
  const reader = new FieldReader();
  const fields = reader.object(value, 'case');
  const mechanism = readMechanism(reader, fields['mechanism']);
  const inUnits = fields['bids'] !== undefined || fields['asks'] !== undefined;
  const read: AuctionCase = {
    mechanism,
    inUnits,
    fieldOf: inUnits ? unitField(fields) : (place) => `orders[${place}]`,
    orders: mechanism === 'pro-rata' ? [] : inUnits ? readUnits(reader, fields) : readOrders(reader, fields, mechanism),
    network: mechanism === 'nodal' ? readNetwork(reader, fields['network']) : undefined,
    quantities: mechanism === 'pro-rata' ? readQuantities(reader, fields['quantities']) : [],
    available:
      mechanism === 'pro-rata' ? reader.whole(fields['available'], 'available', 0, Number.MAX_SAFE_INTEGER) : 0,
    seed: drawsLots(mechanism) ? reader.whole(fields['seed'], 'seed', 0, Number.MAX_SAFE_INTEGER) : 0,
    expect: fields['expect'] === undefined ? undefined : reader.object(fields['expect'], 'expect'),
  };
  if (read.network) checkNodes(reader, read.orders, read.network);
  return reader.refusal ? { ok: false, refusal: reader.refusal } : taken(read);
}

function checkNodes(reader: FieldReader, orders: readonly CaseOrder[], { nodes }: CaseNetwork): void {
  const known = new Set(nodes);
  orders.forEach(({ node }, i) => {
    if (known.has(node!)) return;
    reader.refuse('UNKNOWN_NODE', `orders[${i}].node`, `expected one of network.nodes, found "${node}"`);
  });
}

function readMechanism(reader: FieldReader, value: unknown): MechanismName {
  const words = reader.text(value, 'mechanism');
  const name = mechanismNamed(words);
  if (name === undefined) {
    reader.refuse(
      'MALFORMED',
      'mechanism',
      `expected one of ${mechanismNames.join(', ')}, found "${words.slice(0, 40)}"`,
    );
  }
  return name ?? 'uniform';
}

function readOrders(
  reader: FieldReader,
  fields: Readonly<Record<string, unknown>>,
  mechanism: MechanismName,
): CaseOrder[] {
  const seen = new Set<string>();
  return reader.list(fields['orders'], 'orders', mostOrders).map((entry, i): CaseOrder => {
    const at = `orders[${i}]`;
    const order = reader.object(entry, at);
    const id = reader.text(order['id'], `${at}.id`);
    if (seen.has(id)) reader.refuse('DUPLICATE', `${at}.id`, `expected an id of its own, "${id}" has been used before`);
    seen.add(id);
    return {
      id,
      owner: order['owner'] === undefined ? id : reader.text(order['owner'], `${at}.owner`),
      side: reader.oneOf(order['side'], `${at}.side`, ['buy', 'sell']) === 'buy' ? 'BUY' : 'SELL',
      qty: reader.whole(order['qty'], `${at}.qty`, 1, mostQty),
      price: reader.whole(order['price'], `${at}.price`, -mostPrice, mostPrice),
      node: mechanism === 'nodal' ? reader.text(order['node'], `${at}.node`) : undefined,
      minAcceptancePpm: readMinAcceptance(reader, order, at, mechanism),
    };
  });
}

/** A share of the order, 0 to 1, as millionths; finer shares are refused rather than rounded. */
function readMinAcceptance(
  reader: FieldReader,
  order: Readonly<Record<string, unknown>>,
  at: string,
  mechanism: MechanismName,
): number | undefined {
  if (order['type'] === undefined) return undefined;
  const isBlock = reader.oneOf(order['type'], `${at}.type`, ['block', 'plain']) === 'block';
  if (!isBlock) return undefined;
  if (mechanism !== 'block') reader.refuse('CONTRADICTION', `${at}.type`, 'expected no block under this mechanism');
  const share = order['minAcceptance'];
  const ppm = typeof share === 'number' ? Math.round(share * million) : Number.NaN;
  if (ppm / million === share && ppm >= 0 && ppm <= million) return ppm;
  reader.refuse('MALFORMED', `${at}.minAcceptance`, 'expected a share from 0 to 1 with at most six decimals');
  return 0;
}

/** Bids and asks of one unit each, whose owners are called b1, b2, … and s1, s2, …. */
function readUnits(reader: FieldReader, fields: Readonly<Record<string, unknown>>): CaseOrder[] {
  const unitsOf = (field: 'bids' | 'asks', side: Side, letter: string): CaseOrder[] =>
    reader.list(fields[field], field, mostOrders).map((price, i) => ({
      id: `${letter}${i + 1}`,
      owner: `${letter}${i + 1}`,
      side,
      qty: 1,
      price: reader.whole(price, `${field}[${i}]`, -mostPrice, mostPrice),
      node: undefined,
      minAcceptancePpm: undefined,
    }));
  return [...unitsOf('bids', 'BUY', 'b'), ...unitsOf('asks', 'SELL', 's')];
}

const unitField =
  ({ bids }: Readonly<Record<string, unknown>>) =>
  (place: number): string => {
    const buyers = Array.isArray(bids) ? bids.length : 0;
    return place < buyers ? `bids[${place}]` : `asks[${place - buyers}]`;
  };

/** Where all four mechanisms for one unit stand side by side, nobody is told who drew which lot, so any seed will do. */
const drawsLots = (mechanism: MechanismName): boolean =>
  mechanisms.some(({ name, drawsLots: draws }) => draws && name === mechanism);

function readQuantities(reader: FieldReader, value: unknown): number[] {
  return reader
    .list(value, 'quantities', mostOrders)
    .map((quantity, i) => reader.whole(quantity, `quantities[${i}]`, 0, Number.MAX_SAFE_INTEGER));
}

function readNetwork(reader: FieldReader, value: unknown): CaseNetwork {
  const network = reader.object(value, 'network');
  const seen = new Set<string>();
  const nodes = reader.list(network['nodes'], 'network.nodes', mostNodes).map((node, i) => {
    const at = `network.nodes[${i}]`;
    const name = reader.text(node, at);
    if (seen.has(name)) reader.refuse('DUPLICATE', at, `expected a name of its own, "${name}" has been used before`);
    seen.add(name);
    return name;
  });
  const nodeNamed = (name: unknown, at: string): string => {
    const known = reader.text(name, at);
    if (!seen.has(known)) reader.refuse('UNKNOWN_NODE', at, `expected one of network.nodes, found "${known}"`);
    return known;
  };
  const hung = new Set<string>();
  const edges = reader.list(network['edges'], 'network.edges', mostNodes).map((entry, i): CaseEdge => {
    const at = `network.edges[${i}]`;
    const edge = reader.object(entry, at);
    const capacity = (own: 'importCapacity' | 'exportCapacity'): number => {
      const field = edge[own] === undefined ? 'capacity' : own;
      return reader.whole(edge[field], `${at}.${field}`, 0, mostQty);
    };
    const child = nodeNamed(edge['a'], `${at}.a`);
    if (hung.has(child))
      reader.refuse('NOT_A_TREE', `${at}.a`, `expected a node that hangs on nothing yet, "${child}" does`);
    hung.add(child);
    return {
      child,
      parent: nodeNamed(edge['b'], `${at}.b`),
      importCapacity: capacity('importCapacity'),
      exportCapacity: capacity('exportCapacity'),
      fee: reader.whole(edge['fee'], `${at}.fee`, 0, mostQty),
    };
  });
  return { nodes, edges };
}
