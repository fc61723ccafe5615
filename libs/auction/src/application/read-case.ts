import { sumWh } from '../domain/book/book.js';
import type { PriceRule } from '../domain/book/clearing.js';
import { type Checked, taken } from '../domain/refusal.js';
import type { AuctionCase, CaseNetwork, CaseOrder } from './auction-case.js';
import { caseWords, reads } from './case-words.js';
import { FieldReader, inWords } from './field-reader.js';
import { type MechanismName, mechanismNamed, mechanismNames } from './mechanism-names.js';
import { readNetwork } from './read-network.js';
import { readOrders, readUnits } from './read-orders.js';

type Fields = Readonly<Record<string, unknown>>;

const mostQuantities = 1_000_000;
const most = Number.MAX_SAFE_INTEGER;
const mostSeed = 2n ** 64n - 1n;

/** Reads a case that came from outside; a refusal names the field and what was expected there. Nothing is passed over that the mechanism does not read. */
export function readCase(value: unknown): Checked<AuctionCase> {
  const reader = new FieldReader();
  const fields = reader.object(value, 'case');
  const mechanism = readMechanism(reader, fields['mechanism']);
  reader.only(fields, caseWords(mechanism), '', `a case of ${mechanism}`);
  const inUnits = fields['bids'] !== undefined || fields['asks'] !== undefined;
  if (inUnits && fields['orders'] !== undefined)
    reader.refuse('CONTRADICTION', 'orders', 'expected either orders or bids and asks');
  const read: AuctionCase = {
    mechanism,
    inUnits,
    orders: mechanism === 'pro-rata' ? [] : inUnits ? readUnits(reader, fields) : readOrders(reader, fields, mechanism),
    rules: {
      priceRule: readPriceRule(reader, fields['priceRule']),
      tieStart: readTieStart(reader, fields['tieStart']),
    },
    network: mechanism === 'nodal' ? readNetwork(reader, fields['network']) : undefined,
    ...readSplit(reader, fields, mechanism),
    seed: reads(mechanism, 'seed') ? readSeed(reader, fields['seed']) : 0n,
    expect: fields['expect'] === undefined ? undefined : reader.object(fields['expect'], 'expect'),
  };
  if (read.network) checkNodes(reader, read.orders, read.network);
  return reader.refusal ? { ok: false, refusal: reader.refusal } : taken(read);
}

function readMechanism(reader: FieldReader, value: unknown): MechanismName {
  const words = reader.text(value, 'mechanism');
  const name = mechanismNamed(words);
  if (name === undefined)
    reader.refuse('MALFORMED', 'mechanism', `expected one of ${mechanismNames.join(', ')}, found ${inWords(words)}`);
  return name ?? 'uniform';
}

const readPriceRule = (reader: FieldReader, value: unknown): PriceRule =>
  value === undefined ? 'EQUILIBRIUM' : reader.oneOf(value, 'priceRule', ['EQUILIBRIUM', 'SHARED_MARGIN']);

const readTieStart = (reader: FieldReader, value: unknown): number =>
  value === undefined ? 0 : reader.whole(value, 'tieStart', 0, most);

/** All 64 bits of a seed do not fit a number of JSON, so that the large ones come as digits. */
function readSeed(reader: FieldReader, value: unknown): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  if (typeof value === 'string' && /^(0|[1-9]\d{0,19})$/.test(value) && BigInt(value) <= mostSeed) return BigInt(value);
  const expected = `a whole number from 0 to ${most}, or a text of digits up to "${mostSeed}"`;
  reader.refuse('MALFORMED', 'seed', `expected ${expected}, found ${inWords(value)}`);
  return 0n;
}

function readSplit(
  reader: FieldReader,
  fields: Fields,
  mechanism: MechanismName,
): Pick<AuctionCase, 'quantities' | 'available'> {
  if (mechanism !== 'pro-rata') return { quantities: [], available: 0 };
  const quantities = reader
    .list(fields['quantities'], 'quantities', mostQuantities)
    .map((quantity, i) => reader.whole(quantity, `quantities[${i}]`, 0, most));
  const available = reader.whole(fields['available'], 'available', 0, most);
  const total = sumWh(quantities.map(BigInt));
  if (BigInt(available) > total) {
    const why = `expected at most ${total}, the sum of the quantities, found ${available}`;
    reader.refuse('OUT_OF_RANGE', 'available', why);
  }
  return { quantities, available };
}

function checkNodes(reader: FieldReader, orders: readonly CaseOrder[], { nodes }: CaseNetwork): void {
  const known = new Set(nodes);
  for (const { node, fieldOf } of orders) {
    if (!known.has(node!))
      reader.refuse('UNKNOWN_NODE', fieldOf('node'), `expected one of network.nodes, found ${inWords(node)}`);
  }
}
