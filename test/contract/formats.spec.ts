import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  bookLeaves,
  type BookOrder,
  certifyUniform,
  clearUniform,
  decodeBook,
  decodeDelivered,
  decodeResult,
  encodeBook,
  encodeDelivered,
  encodeResult,
  membersOf,
  type PriceRule,
  readBook,
  readCertificate,
  readNetwork,
  readNodalResult,
  readPlaces,
  referenceClear,
  resultLeaves,
  type UniformCertificate,
  writeCertificate,
  writeNetwork,
  writeNodalResult,
  writeNodalResultLeaves,
  writePlaces,
} from '@kwartier/auction';
import { decodeRules, encodeRules, type Rules, rulesHash, tieStart } from '@kwartier/market';
import {
  countedRoot,
  formatInstant,
  fromHex,
  hex,
  type Malformed,
  merklePath,
  merkleTreeHash,
  microPerKwh,
  parseInstant,
  provesLeaf,
  type Result,
  sha256,
  wh,
} from '@kwartier/units';
import { parseReadings } from '@kwartier/metering';
import { loginBytes } from '@kwartier/metering/module';
import { clearNodal } from '../../libs/auction/src/domain/nodal/clear-nodal.js';
import type { Network } from '../../libs/auction/src/domain/nodal/network.js';
import { parseReadingsBytes, readingsBytes } from '../../libs/metering/src/domain/readings-bytes.js';
import { settleBytes } from '../../libs/settlement/src/domain/batch-bytes.js';

// What docs/formats.md says, held against the vectors that every implementation must pass, in whatever language.

interface Vector<Value> {
  readonly name: string;
  readonly hex: string;
  readonly value: Value;
}
interface Refused {
  readonly name: string;
  readonly why: string;
  readonly hex: string;
}
interface Vectors<Valid, Bad = Refused> {
  readonly valid: readonly Valid[];
  readonly refused: readonly Bad[];
}

const load = <T>(name: string): T => JSON.parse(readFileSync(`test/golden/formats/${name}.json`, 'utf8')) as T;
const bytes = (text: string): Uint8Array => {
  const parsed = fromHex(text);
  if (!parsed) throw new Error(`Not hex: ${text}`);
  return parsed;
};
const named = <T extends { readonly name: string }>(vectors: readonly T[]): [string, T][] =>
  vectors.map((vector) => [vector.name, vector]);
const whyRefused = (answer: Result<unknown, Malformed>): string => (answer.ok ? 'accepted' : answer.refusal.why);
const at = (text: string) => {
  const parsed = parseInstant(text);
  if (parsed === undefined) throw new Error(`Not an instant: ${text}`);
  return parsed;
};

describe('Book v1', () => {
  type Order = Omit<BookOrder, 'energyWh'> & { readonly energyWh: number };
  type Valid = Vector<readonly Order[]> & { readonly leaves: number; readonly root: string };
  const { tickCount, valid, refused } = load<Vectors<Valid> & { tickCount: number }>('book');

  it.each(named(valid))('%s', (_, vector) => {
    const book = vector.value.map((order): BookOrder => ({ ...order, energyWh: BigInt(order.energyWh) }));
    const leaves = bookLeaves(book);
    expect(hex(encodeBook(book))).toBe(vector.hex);
    expect(decodeBook(bytes(vector.hex), tickCount)).toEqual({ ok: true, value: book });
    expect(leaves).toHaveLength(vector.leaves);
    expect(hex(countedRoot(book.length, leaves))).toBe(vector.root);
  });

  it.each(named(refused))('refuses %s', (_, vector) => {
    expect(whyRefused(decodeBook(bytes(vector.hex), tickCount))).toBe(vector.why);
  });
});

describe('Result v1', () => {
  interface Published {
    readonly priceTick: number | null;
    readonly volumeWh: string;
    readonly fillsWh: readonly number[];
  }
  type Valid = Vector<Published> & { readonly orders: number; readonly leaves: number; readonly root: string };
  const { valid, refused } = load<Vectors<Valid, Refused & { orders: number }>>('result');

  it.each(named(valid))('%s', (_, vector) => {
    const outcome = {
      priceTick: vector.value.priceTick ?? undefined,
      volumeWh: BigInt(vector.value.volumeWh),
      fillsWh: vector.value.fillsWh.map(BigInt),
    };
    const leaves = resultLeaves(outcome);
    expect(hex(encodeResult(outcome))).toBe(vector.hex);
    expect(decodeResult(bytes(vector.hex), vector.orders)).toEqual({ ok: true, value: outcome });
    expect(leaves).toHaveLength(vector.leaves);
    expect(hex(countedRoot(outcome.fillsWh.length, leaves))).toBe(vector.root);
  });

  it.each(named(refused))('refuses %s', (_, vector) => {
    expect(whyRefused(decodeResult(bytes(vector.hex), vector.orders))).toBe(vector.why);
  });
});

describe('Certificate v1', () => {
  type Sum = 'volumeWh' | 'wantedAboveWh' | 'wantedWh' | 'offeredBelowWh' | 'offeredWh';
  type Tick = 'priceTick' | 'lastAskTick' | 'lowTick' | 'highTick' | 'lastBidTick';
  type Spelled = { readonly [sum in Sum]?: string } & { readonly [tick in Tick]?: number | null } & {
    readonly rules: { readonly priceRule: PriceRule; readonly tieStart: string };
    readonly split?: 'BUY' | 'SELL' | null;
    readonly remainder?: string;
    readonly place?: number;
  };
  const { valid, refused } = load<Vectors<Vector<Spelled>>>('certificate');

  it.each(named(valid))('%s', (_, { hex: spelled, value }) => {
    const sum = (name: Sum): number => Number(value[name] ?? 0);
    const tick = (name: Tick): number | undefined => value[name] ?? undefined;
    const threshold = { remainder: Number(value.remainder), place: value.place! };
    const certificate: UniformCertificate = {
      priceTick: tick('priceTick'),
      volumeWh: sum('volumeWh'),
      wantedAboveWh: sum('wantedAboveWh'),
      wantedWh: sum('wantedWh'),
      offeredBelowWh: sum('offeredBelowWh'),
      offeredWh: sum('offeredWh'),
      lowTick: tick('lowTick'),
      highTick: tick('highTick'),
      lastAskTick: tick('lastAskTick'),
      lastBidTick: tick('lastBidTick'),
      buyThreshold: value.split === 'BUY' ? threshold : undefined,
      sellThreshold: value.split === 'SELL' ? threshold : undefined,
    };
    const certified = { rules: { ...value.rules, tieStart: Number(value.rules.tieStart) }, certificate };
    expect(hex(writeCertificate(certified))).toBe(spelled);
    expect(readCertificate(bytes(spelled))).toEqual({ ok: true, value: certified });
  });

  it.each(named(refused))('refuses %s', (_, vector) => {
    expect(whyRefused(readCertificate(bytes(vector.hex)))).toBe(vector.why);
  });
});

describe('Network v1', () => {
  type Line = { readonly [field in 'parent' | 'importWh' | 'exportWh' | 'feeTicks']: number };
  const { valid, refused } = load<Vectors<Vector<readonly Line[]>>>('network');

  it.each(named(valid))('%s', (_, { hex: spelled, value }) => {
    const column = (field: keyof Line, ofRoot: number): Int32Array =>
      Int32Array.of(ofRoot, ...value.map((line) => line[field]));
    const network: Network = {
      count: value.length + 1,
      parent: column('parent', -1),
      importWh: column('importWh', 0),
      exportWh: column('exportWh', 0),
      feeTicks: column('feeTicks', 0),
    };
    expect(hex(writeNetwork(network))).toBe(spelled);
    expect(readNetwork(bytes(spelled))).toEqual({ ok: true, value: network });
  });

  it.each(named(refused))('refuses %s', (_, vector) => {
    expect(whyRefused(readNetwork(bytes(vector.hex)))).toBe(vector.why);
  });
});

describe('Places v1', () => {
  type Sizes = { readonly orders: number; readonly nodes: number };
  const { valid, refused } = load<Vectors<Vector<readonly number[]> & Sizes, Refused & Sizes>>('places');

  it.each(named(valid))('%s', (_, { hex: spelled, value, orders, nodes }) => {
    expect(hex(writePlaces(Int32Array.from(value)))).toBe(spelled);
    expect(readPlaces(bytes(spelled), orders, nodes)).toEqual({ ok: true, value: Int32Array.from(value) });
  });

  it.each(named(refused))('refuses %s', (_, vector) => {
    expect(whyRefused(readPlaces(bytes(vector.hex), vector.orders, vector.nodes))).toBe(vector.why);
  });
});

describe('Nodal result v1', () => {
  interface Published {
    readonly volumeWh: string;
    readonly priceTick: readonly number[];
    readonly flowWh: readonly string[];
    readonly fillsWh: readonly number[];
  }
  type Sizes = { readonly orders: number; readonly nodes: number };
  type Valid = Vector<Published> & Sizes & { readonly leaves: number; readonly root: string };
  const { valid, refused } = load<Vectors<Valid, Refused & Sizes>>('nodal-result');

  it.each(named(valid))('%s', (_, { hex: spelled, value, orders, nodes, leaves: leafCount, root }) => {
    const result = {
      volumeWh: Number(value.volumeWh),
      priceTick: Int32Array.from(value.priceTick),
      flowWh: Float64Array.from(value.flowWh, Number),
      fillsWh: Int32Array.from(value.fillsWh),
    };
    const leaves = writeNodalResultLeaves(result);
    expect(hex(writeNodalResult(result))).toBe(spelled);
    expect(readNodalResult(bytes(spelled), nodes, orders)).toEqual({ ok: true, value: result });
    expect(leaves).toHaveLength(leafCount);
    expect(hex(countedRoot(nodes + orders, leaves))).toBe(root);
  });

  it.each(named(refused))('refuses %s', (_, vector) => {
    expect(whyRefused(readNodalResult(bytes(vector.hex), vector.nodes, vector.orders))).toBe(vector.why);
  });
});

describe('Delivered v1', () => {
  type Valid = Vector<readonly { readonly importWh: number; readonly exportWh: number }[]> & {
    readonly members: number;
  };
  const { valid, refused } = load<Vectors<Valid, Refused & { members: number }>>('delivered');

  it.each(named(valid))('%s', (_, vector) => {
    const entries = vector.value.map(({ importWh, exportWh }) => ({
      importWh: BigInt(importWh),
      exportWh: BigInt(exportWh),
    }));
    expect(hex(encodeDelivered(entries))).toBe(vector.hex);
    expect(decodeDelivered(bytes(vector.hex), vector.members)).toEqual({ ok: true, value: entries });
  });

  it.each(named(refused))('refuses %s', (_, vector) => {
    expect(whyRefused(decodeDelivered(bytes(vector.hex), vector.members))).toBe(vector.why);
  });
});

interface SpelledRules {
  readonly grid: { readonly start: string; readonly tick: string; readonly count: number };
  readonly priceRule: Rules['priceRule'];
  readonly buyerFeeMicroPerKwh: string;
  readonly sellerFeeMicroPerKwh: string;
  readonly tieRule: Rules['tieRule'];
  readonly intervalMinutes: Rules['intervalMinutes'];
  readonly undeliveredSharePpm: number;
}
const micro = (text: string) => microPerKwh(BigInt(text));
const rulesOf = ({ grid, buyerFeeMicroPerKwh, sellerFeeMicroPerKwh, ...rest }: SpelledRules): Rules => ({
  ...rest,
  grid: { start: micro(grid.start), tick: micro(grid.tick), count: grid.count },
  buyerFeeMicroPerKwh: micro(buyerFeeMicroPerKwh),
  sellerFeeMicroPerKwh: micro(sellerFeeMicroPerKwh),
});

describe('Rules v1', () => {
  const { valid, refused } = load<Vectors<Vector<SpelledRules> & { readonly hash: string }>>('rules');

  it.each(named(valid))('%s', (_, vector) => {
    const rules = rulesOf(vector.value);
    expect(hex(encodeRules(rules))).toBe(vector.hex);
    expect(decodeRules(bytes(vector.hex))).toEqual({ ok: true, value: rules });
    expect(hex(rulesHash(rules))).toBe(vector.hash);
  });

  it.each(named(refused))('refuses %s', (_, vector) => {
    expect(whyRefused(decodeRules(bytes(vector.hex)))).toBe(vector.why);
  });
});

describe('Readings v1', () => {
  interface Message {
    readonly zoneId: string;
    readonly pointId: string;
    readonly deviceId: string;
    readonly keyNumber: number;
    readonly readings: readonly { readonly endsAt: string; readonly importWh: string; readonly exportWh: string }[];
  }
  type Valid = Vector<Message> & { readonly signature: string };
  const { publicKey, valid, refused } = load<Vectors<Valid> & { publicKey: string }>('readings');
  const key = createPublicKey({
    format: 'jwk',
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey, 'hex').toString('base64url') },
  });

  it.each(named(valid))('%s', (_, vector) => {
    const message = {
      ...vector.value,
      readings: vector.value.readings.map(({ endsAt, importWh, exportWh }) => ({
        endsAt: at(endsAt),
        importWh: wh(BigInt(importWh)),
        exportWh: wh(BigInt(exportWh)),
      })),
    };
    const signed = readingsBytes(message);
    expect(hex(signed)).toBe(vector.hex);
    expect(parseReadingsBytes(bytes(vector.hex))).toEqual({ ok: true, value: message });
    expect(verify(null, signed, key, bytes(vector.signature))).toBe(true);
    expect(message.readings.map((reading) => formatInstant(reading.endsAt))).toEqual(
      vector.value.readings.map((reading) => reading.endsAt),
    );
  });

  it('is bound by its signature to every byte', () => {
    const [{ hex: spelled, signature }] = valid as [Valid];
    bytes(spelled).forEach((_, i) => {
      const changed = bytes(spelled).map((byte, j) => (i === j ? byte ^ 1 : byte));
      expect(verify(null, changed, key, bytes(signature))).toBe(false);
    });
  });

  it.each(named(refused))('refuses %s', (_, vector) => {
    expect(whyRefused(parseReadingsBytes(bytes(vector.hex)))).toBe(vector.why);
  });
});

describe('Settle v1', () => {
  interface Spelled {
    readonly book: string;
    readonly delivered: string;
    readonly previous: string;
  }
  const { valid } = load<{ valid: readonly (Vector<Spelled> & { readonly hash: string })[] }>('settle');

  it.each(named(valid))('%s', (_, { value, hex: spelled, hash }) => {
    const packed = settleBytes(bytes(value.book), bytes(value.delivered), bytes(value.previous));
    expect(hex(packed)).toBe(spelled);
    expect(hex(sha256(packed))).toBe(hash);
  });
});

describe('MQTT login v1', () => {
  type Login = Vector<{ readonly deviceId: string; readonly unixSeconds: number }> & { readonly signature: string };
  const { publicKey, valid } = load<{ publicKey: string; valid: readonly (Login & { password: string })[] }>('login');
  const x = Buffer.from(publicKey, 'hex').toString('base64url');
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });

  it.each(named(valid))('%s', (_, { value, hex: spelled, signature, password }) => {
    const signed = loginBytes(value.deviceId, value.unixSeconds);
    expect(hex(signed)).toBe(spelled);
    expect(verify(null, signed, key, bytes(signature))).toBe(true);
    expect(password).toBe(`${value.unixSeconds}.${signature}`);
  });
});

describe('trees and roots', () => {
  interface Tree {
    readonly leaves: readonly string[];
    readonly count: number;
    readonly treeHash: string;
    readonly root: string;
  }
  interface Proof {
    readonly root: string;
    readonly count: number;
    readonly leafCount: number;
    readonly index: number;
    readonly leaf: string;
    readonly path: readonly string[];
  }
  const { trees, proofs, refused } = load<{
    trees: readonly Tree[];
    proofs: readonly Proof[];
    refused: readonly (Proof & { readonly name: string })[];
  }>('merkle');
  const holds = ({ root, count, leafCount, index, leaf, path }: Proof): boolean =>
    provesLeaf(bytes(root), count, leafCount, index, bytes(leaf), path.map(bytes));

  it.each(trees.map((tree) => [tree.leaves.length, tree] as const))('of %d leaves', (_, tree) => {
    const leaves = tree.leaves.map(bytes);
    expect(hex(merkleTreeHash(leaves))).toBe(tree.treeHash);
    expect(hex(countedRoot(tree.count, leaves))).toBe(tree.root);
  });

  it.each(proofs.map((proof) => [proof.index, proof.leafCount, proof] as const))(
    'prove leaf %d of %d',
    (_, __, proof) => {
      const leaves = trees[proof.leafCount]!.leaves.map(bytes);
      expect(merklePath(leaves, proof.index).map(hex)).toEqual(proof.path);
      expect(holds(proof)).toBe(true);
    },
  );

  it.each(named(refused))('prove nothing with %s', (_, proof) => {
    expect(holds(proof)).toBe(false);
  });
});

describe('the page that specifies them', () => {
  const page = readFileSync('docs/formats.md', 'utf8');
  const example = <T extends { readonly name: string }>(name: string): T =>
    load<Vectors<T>>(name).valid.find((vector) => vector.name === 'example')!;

  it.each([
    'book',
    'result',
    'certificate',
    'network',
    'places',
    'nodal-result',
    'delivered',
    'settle',
    'rules',
    'readings',
    'login',
  ])(
    'shows the %s of the vectors',
    (name) => {
      const shown = page.replaceAll(/\s/g, '');
      const vector = example<Vector<unknown> & { root?: string; hash?: string; signature?: string }>(name);
      const spellings = [vector.hex, vector.root, vector.hash, vector.signature].filter((text) => text !== undefined);
      expect(spellings.filter((text) => !shown.includes(text))).toEqual([]);
    },
  );

  it('shows one interval: the result is what its book and rules make', () => {
    const book = decodeBook(bytes(example<Vector<unknown>>('book').hex), 8192);
    const rules = decodeRules(bytes(example<Vector<unknown>>('rules').hex));
    if (!book.ok || !rules.ok) throw new Error('The examples cannot be read');
    const { priceRule } = rules.value;
    const start = tieStart(rules.value, at('2026-06-21T12:00:00Z'));
    expect(hex(encodeResult(referenceClear(book.value, { priceRule, tieStart: start })))).toBe(
      example<Vector<unknown>>('result').hex,
    );
    expect(membersOf(book.value)).toHaveLength(example<{ name: string; members: number }>('delivered').members);
  });

  it('shows the certificate of that result', () => {
    const book = readBook(bytes(example<Vector<unknown>>('book').hex), 8192);
    const shown = readCertificate(bytes(example<Vector<unknown>>('certificate').hex));
    if (!book.ok || !shown.ok) throw new Error('The examples cannot be read');
    const { rules, certificate } = shown.value;
    const clearing = clearUniform(book.value, rules);
    expect(certifyUniform(book.value, clearing, rules)).toEqual(certificate);
  });

  it('shows what the network makes of that book', () => {
    const book = readBook(bytes(example<Vector<unknown>>('book').hex), 8192);
    const network = readNetwork(bytes(example<Vector<unknown>>('network').hex));
    const node = readPlaces(bytes(example<Vector<unknown>>('places').hex), 3, 3);
    if (!book.ok || !network.ok || !node.ok) throw new Error('The examples cannot be read');
    const clearing = clearNodal({ ...book.value, node: node.value }, network.value, { tieStart: 0 });
    if (!clearing.ok) throw new Error(clearing.refusal.why);
    expect(hex(writeNodalResult(clearing.value))).toBe(example<Vector<unknown>>('nodal-result').hex);
  });

  it('shows a message that carries the example of the readings', () => {
    const [shown] = /^\{"device".*$/m.exec(page)!;
    const parsed = parseReadings('sonnenweg', 'p1', new TextEncoder().encode(shown));
    if (!parsed.ok) throw new Error(parsed.refusal.why);
    const { signature, ...message } = parsed.value;
    const vector = example<Vector<unknown> & { readonly signature: string }>('readings');
    expect(hex(readingsBytes(message))).toBe(vector.hex);
    expect(hex(signature)).toBe(vector.signature);
  });
});
