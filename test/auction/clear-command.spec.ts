import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// The command as a stranger runs it, with cases of their own, good and bad.

type Json = Record<string, unknown>;
interface Ran {
  readonly code: number | null;
  readonly lines: Json[];
  readonly told: string;
}

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'kwartier-cases-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const golden = (name: string): string => join('test/golden/auction', `${name}.json`);
const goldenCase = (name: string): Json => JSON.parse(readFileSync(golden(name), 'utf8')) as Json;

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content));
  return path;
}

/** Standard output must be one JSON object per file, whatever is in the file. */
async function clear(files: readonly string[], input = ''): Promise<Ran> {
  const child = spawn(process.execPath, ['scripts/clear.mjs', ...files], { stdio: 'pipe' });
  let [out, told] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
  child.stdin.end(input);
  const code = await new Promise<number | null>((ended) => child.once('close', ended));
  const lines = out.split('\n').filter((line) => line !== '');
  return { code, lines: lines.map((line) => JSON.parse(line) as Json), told };
}

describe('the command that clears a case', () => {
  it('agrees with every golden case', async () => {
    const files = readdirSync('test/golden/auction').filter((name) => name.endsWith('.json'));
    expect(files.length).toBeGreaterThanOrEqual(16);
    const { code, lines, told } = await clear(files.map((name) => join('test/golden/auction', name)));
    expect(lines.filter(({ equal }) => equal !== true)).toEqual([]);
    expect(lines).toHaveLength(files.length);
    expect(told.match(/: equal$/gm)).toHaveLength(files.length);
    expect(code).toBe(0);
  });

  it('prints the result in the words of `expect`', async () => {
    const { expect: expected, ...question } = goldenCase('gsy-pac-undermatch-1');
    const { code, lines, told } = await clear([file('question.json', question)]);
    expect(lines).toEqual([expect.objectContaining(expected as Json)]);
    expect(lines[0]).not.toHaveProperty('equal');
    expect(told).toMatch('nothing expected');
    expect(code).toBe(0);
  });

  it('clears prices alike that lie within a price grid and far beyond it', async () => {
    const { expect: expected, orders } = goldenCase('powertac-3-ties') as { expect: Json; orders: Json[] };
    const far = { id: 'far', side: 'sell', qty: 5, price: 1_000_000_000 };
    const { lines } = await clear([file('far.json', { mechanism: 'uniform', orders: [...orders, far] })]);
    expect(lines[0]).toMatchObject({ ...expected, fills: { ...(expected['fills'] as Json), far: 0 } });
  });

  it('names precisely what differs', async () => {
    const wrong = (name: string, change: (expected: Json) => void): string => {
      const one = goldenCase(name);
      change(one['expect'] as Json);
      return file(`${name}-wrong.json`, one);
    };
    const set = (path: string, value: unknown) => (expected: Json) => {
      const words = path.split('.');
      const last = words.pop()!;
      let at: Json = expected;
      for (const word of words) at = at[word] as Json;
      at[last] = value;
    };
    const cases: [string, (expected: Json) => void, string][] = [
      ['unit-average', set('price', 870), 'price: expected 870, found 875'],
      ['gsy-pac-1', set('fills.b4', 0), 'fills.b4: expected 0, found 1'],
      ['powertac-1-2', (expected) => delete (expected['fills'] as Json)['b1'], 'fills.b1: expected nothing, found 4'],
      ['assume-pac-1', set('priceInterval', [100, 2999]), 'priceInterval[1]: expected 2999, found 3000'],
      ['powertac-3-ties', set('volumn', 20), 'volumn: expected 20, found nothing'],
      ['mcafee-9-8', set('vcg.auctioneerSurplus', 8), 'vcg.auctioneerSurplus: expected 8, found -8'],
      ['huang-dataset0', set('buyPrice', '3'), 'buyPrice: expected "3", found 3'],
      ['prorata-cme-gez9', set('largestRemainder', [1]), 'largestRemainder: expected a list of 1, found a list of 5'],
      ['block-whitepaper-a', set('fills.dem2', 1), 'fills.dem2: expected 1, found 0'],
      ['assume-coupling', set('welfare', 3_515_001), 'welfare: expected 3515001, found 3515000'],
      ['fee-dead-zone', set('fills.l1', 3), 'fills: expected fills do not buy what they sell'],
      ['gsy-constant-fee-path', set('prices.house1', 19), 'prices: expected prices prove a welfare of'],
    ];
    const { code, lines } = await clear(cases.map(([name, change]) => wrong(name, change)));
    expect(code).toBe(1);
    cases.forEach(([name, , difference], i) => {
      expect(lines[i]).toMatchObject({ id: name, equal: false });
      expect((lines[i]!['differences'] as string[]).join('\n')).toContain(difference);
    });
  });

  it('takes another optimum of a tree for as good as its own', async () => {
    const other = goldenCase('fee-dead-zone');
    // The two units that could cross both lines gain nothing by it: without them the welfare is the same.
    other['expect'] = {
      welfare: 82,
      prices: { root: 11, a: 10, b: 12 },
      fills: { l1: 4, p1: 4, l2: 2, p2: 2 },
      flows: [{ from: 'root', to: 'a', flow: 0 }],
    };
    const { code, lines } = await clear([file('other-optimum.json', other)]);
    expect([lines[0]!['differences'], code]).toEqual([undefined, 0]);
  });

  it('knows every mechanism by its own name, and says which it knows', async () => {
    const units = { bids: [100, 90, 80, 70, 60], asks: [80, 85, 95, 100, 110] };
    const withLots = ['sbba', 'muda'];
    const names = [
      'pay-as-bid',
      'mid-market',
      'mcafee',
      'trade-reduction',
      'sbba',
      'muda',
      'vcg',
      'shared-gain',
      'uniform',
      'multi-unit reduction',
    ];
    const files = names.map((mechanism) =>
      file(`${mechanism}.json`, { mechanism, ...units, seed: withLots.includes(mechanism) ? 1 : undefined }),
    );
    const { code, lines } = await clear(files);
    expect(lines.filter(({ refusal }) => refusal !== undefined)).toEqual([]);
    expect(code).toBe(0);
    expect(lines[names.indexOf('mcafee')]).toMatchObject({ deals: 2, price: 87.5, auctioneerSurplus: 0 });
    expect(lines[names.indexOf('vcg')]).toMatchObject({ deals: 2, auctioneerSurplus: -10 });
    const { lines: unknown } = await clear([file('unknown.json', { mechanism: 'tombola', ...units })]);
    expect(unknown[0]).toMatchObject({
      refusal: { at: 'mechanism', why: expect.stringContaining('mid-market, mcafee') },
    });
  });

  it('reads standard input, and prices of any size and sign', async () => {
    const orders = [
      { id: '__proto__', side: 'buy', qty: 5, price: 4_000_000_000_001 },
      { id: 'constructor', side: 'sell', qty: 7, price: -4_000_000_000_000 },
      { id: 'toString', side: 'sell', qty: 7, price: -4_000_000_000_000 },
    ];
    const { code, lines } = await clear(['-'], JSON.stringify({ mechanism: 'uniform', orders }));
    expect(code).toBe(0);
    expect(lines[0]).toMatchObject({ volume: 5, price: -4_000_000_000_000, surplus: 40_000_000_000_005 });
    expect(Object.entries(lines[0]!['fills'] as Json)).toEqual([
      ['__proto__', 5],
      ['constructor', 3],
      ['toString', 2],
    ]);
  });

  it('clears a book that nobody agrees in, and an empty one', async () => {
    const apart = { mechanism: 'uniform', orders: [{ id: 'a', side: 'buy', qty: 1, price: 1 }] };
    const { lines } = await clear([
      file('apart.json', apart),
      file('empty-uniform.json', { mechanism: 'uniform', orders: [] }),
      file('empty-units.json', { mechanism: 'unit-demand truthful', bids: [], asks: [] }),
      file('empty-tree.json', { mechanism: 'nodal', orders: [], network: { nodes: ['root'], edges: [] } }),
      file('empty-split.json', { mechanism: 'pro-rata', quantities: [], available: 0 }),
    ]);
    expect(lines[0]).toMatchObject({ volume: 0, price: null, priceInterval: null, fills: { a: 0 }, surplus: 0 });
    expect(lines[1]).toMatchObject({ volume: 0, price: null, fills: {} });
    expect(lines[2]).toMatchObject({ k: 0, maxGainFromTrade: 0, vcg: { deals: 0 } });
    expect(lines[3]).toMatchObject({ welfare: 0, fills: {}, flows: [] });
    expect(lines[4]).toMatchObject({ largestRemainder: [], floorSum: 0 });
  });

  it('takes the price rule and the start of the ties that an interval was cleared under', async () => {
    const orders = [
      { id: 'anna', side: 'buy', qty: 5, price: 10 },
      { id: 'ben', side: 'buy', qty: 5, price: 10 },
      { id: 'carla', side: 'sell', qty: 5, price: 2 },
    ];
    const under = (rules: Json): Json => ({ mechanism: 'uniform', orders, ...rules });
    const { code, lines } = await clear([
      file('plain-rules.json', under({})),
      file('shared-margin.json', under({ priceRule: 'SHARED_MARGIN' })),
      file('tie-start.json', under({ priceRule: 'EQUILIBRIUM', tieStart: 1 })),
      file('split-from.json', { mechanism: 'pro-rata', quantities: [1, 1], available: 1, tieStart: 1 }),
      file('block-from.json', {
        mechanism: 'block',
        orders: [...orders, { id: 'dora', side: 'sell', qty: 4, price: 9, type: 'block', minAcceptance: 1 }],
        priceRule: 'SHARED_MARGIN',
        tieStart: 1,
      }),
    ]);
    expect(code).toBe(0);
    expect(lines[0]).toMatchObject({ price: 10, fills: { anna: 3, ben: 2, carla: 5 } });
    expect(lines[1]).toMatchObject({ price: 6, priceInterval: [10, 10], fills: { anna: 3, ben: 2 } });
    expect(lines[2]).toMatchObject({ price: 10, fills: { anna: 2, ben: 3 } });
    expect(lines[3]).toMatchObject({ largestRemainder: [0, 1] });
    expect(lines[4]).toMatchObject({ volume: 9, price: 9, fills: { anna: 4, ben: 5, dora: 4 } });
  });

  it('puts the orders of one owner together, as the book of an interval does', async () => {
    const buy = { side: 'buy', qty: 1, price: 5 };
    const orders = [
      { id: 'anna 1', owner: 'anna', ...buy },
      { id: 'ben', owner: 'ben', ...buy },
      { id: 'anna 2', owner: 'anna', ...buy },
      { id: 'carla', side: 'sell', qty: 2, price: 5 },
    ];
    const { lines } = await clear([file('owners.json', { mechanism: 'uniform', orders })]);
    expect(lines[0]).toMatchObject({ fills: { 'anna 1': 1, 'anna 2': 1, ben: 0, carla: 2 } });
  });

  it('tells prices for one unit of a quantity, and counts deals', async () => {
    const order = (id: string, price: number): Json => ({
      id,
      side: id.startsWith('b') ? 'buy' : 'sell',
      qty: 10,
      price,
    });
    const books = [
      [order('b1', 80), order('b2', 65), order('s1', 50), order('s2', 70)],
      [order('b1', 80), order('b2', 80), order('s1', 50)],
    ];
    const { lines } = await clear(
      books.map((orders, i) => file(`tens-${i}.json`, { mechanism: 'unit-demand truthful', orders })),
    );
    expect(lines[0]).toMatchObject({
      k: 1,
      maxGainFromTrade: 300,
      vcg: { deals: 1, buyersPay: 65, sellersReceive: 70, auctioneerSurplus: -50 },
      mcafee: { deals: 1, price: 67.5 },
    });
    expect(lines[1]).toMatchObject({ k: 1, vcg: { deals: 1, buyersPay: 80 } });
  });

  it('takes any seed of 64 bits, the large ones as a text', async () => {
    const seeds = [0, 7, '7', '18446744073709551615'];
    const units = { mechanism: 'muda', bids: [100, 90, 80, 70, 60], asks: [10, 20, 30, 40, 50] };
    const { code, lines } = await clear(seeds.map((seed, i) => file(`seed-${i}.json`, { ...units, seed })));
    expect(code).toBe(0);
    expect(lines[2]!['fills']).toEqual(lines[1]!['fills']);
  });
});

describe('a malformed case', () => {
  const order = { id: 'a', side: 'buy', qty: 1, price: 1 };
  const uniform = (...orders: unknown[]): Json => ({ mechanism: 'uniform', orders });
  const split = (quantities: unknown, available: unknown): Json => ({ mechanism: 'pro-rata', quantities, available });
  const edge = { a: 'b', b: 'r', capacity: 5, fee: 0 };
  const tree = (edges: unknown, orders: unknown[] = [], nodes: unknown = ['r', 'b', 'c']): Json => ({
    mechanism: 'nodal',
    orders,
    network: { nodes, edges },
  });

  const malformed: [content: unknown, at: string, why: string][] = [
    ['', 'file', 'JSON'],
    ['{', 'file', 'JSON'],
    ['{"mechanism": "uniform", "orders": [NaN]}', 'file', 'JSON'],
    [Uint8Array.of(0xff, 0xfe, 0, 1, 0x80), 'file', 'UTF-8'],
    [new Uint8Array(64), 'file', 'JSON'],
    ['null', 'case', 'an object'],
    ['[]', 'case', 'an object'],
    ['"uniform"', 'case', 'an object'],
    [{}, 'mechanism', 'a text'],
    [{ mechanism: 7 }, 'mechanism', 'a text'],
    [{ mechanism: 'uniform' }, 'orders', 'a list'],
    [{ mechanism: 'uniform', orders: {} }, 'orders', 'a list'],
    [uniform(null), 'orders[0]', 'an object'],
    [uniform(order, { ...order, id: 'b', qty: undefined }), 'orders[1].qty', 'found nothing'],
    [uniform({ ...order, qty: 0 }), 'orders[0].qty', '1 to 2147483647'],
    [uniform({ ...order, qty: -5 }), 'orders[0].qty', 'whole number'],
    [uniform({ ...order, qty: 2 ** 31 }), 'orders[0].qty', 'found 2147483648'],
    [uniform({ ...order, qty: 0.5 }), 'orders[0].qty', 'whole number'],
    [uniform({ ...order, qty: '5' }), 'orders[0].qty', 'found "5"'],
    ['{"mechanism":"uniform","orders":[{"id":"a","side":"buy","price":1,"qty":1e999}]}', 'orders[0].qty', 'Infinity'],
    [uniform({ ...order, price: 1.5 }), 'orders[0].price', 'whole number'],
    [uniform({ ...order, price: 2 ** 53 }), 'orders[0].price', 'whole number'],
    [uniform({ ...order, price: null }), 'orders[0].price', 'found null'],
    [uniform({ ...order, side: 'BUY' }), 'orders[0].side', '"buy" or "sell"'],
    [uniform({ ...order, id: '' }), 'orders[0].id', 'not empty'],
    [uniform(order, { ...order, side: 'sell' }), 'orders[1].id', 'has been used'],
    [{ ...uniform(order), expect: 5 }, 'expect', 'an object'],
    [uniform({ ...order, type: 'block', minAcceptance: 1 }), 'orders[0].type', 'id, side, qty'],
    [{ mechanism: 'block', orders: [{ ...order, type: 'block' }] }, 'orders[0].minAcceptance', 'a share from 0 to 1'],
    [{ mechanism: 'mcafee', bids: [1, 2.5], asks: [1] }, 'bids[1]', 'whole number'],
    [{ mechanism: 'vcg', bids: [1] }, 'asks', 'a list'],
    [{ mechanism: 'muda', bids: [1], asks: [1] }, 'seed', 'whole number'],
    [{ mechanism: 'mcafee', orders: [order, { ...order, id: 'b', qty: 2 }] }, 'orders[1].qty', 'found 2'],
    [{ ...uniform(order), priceRule: 'shared-margin' }, 'priceRule', '"EQUILIBRIUM" or "SHARED_MARGIN"'],
    [{ ...uniform(order), tieStart: -1 }, 'tieStart', 'whole number'],
    [{ ...uniform(order), tieStart: 1.5 }, 'tieStart', 'whole number'],
    [{ mechanism: 'uniform', ordres: [order] }, 'ordres', 'orders, bids, asks, priceRule, tieStart'],
    [{ ...uniform(order), seed: 1 }, 'seed', 'which reads'],
    [{ ...uniform(order), bids: [1], asks: [1] }, 'orders', 'either'],
    [{ ...split([1], 1), priceRule: 'EQUILIBRIUM' }, 'priceRule', 'quantities, available, tieStart'],
    [{ mechanism: 'mcafee', bids: [1], asks: [1], tieStart: 1 }, 'tieStart', 'orders, bids, asks'],
    ['{"mechanism":"uniform","orders":[],"__proto__":5}', '__proto__', 'which reads'],
    [{ mechanism: 'uniform', orders: [], ['x'.repeat(500)]: 1 }, `${'x'.repeat(40)}…`, 'which reads'],
    [uniform({ ...order, quantity: 5 }), 'orders[0].quantity', 'which reads'],
    [uniform({ ...order, node: 'b' }), 'orders[0].node', 'which reads'],
    [{ mechanism: 'block', orders: [{ ...order, minAcceptance: 1 }] }, 'orders[0].minAcceptance', '"type": "block"'],
    [tree([{ ...edge, limit: 5 }]), 'network.edges[0].limit', 'which reads'],
    [tree([{ ...edge, importCapacity: 5, exportCapacity: 5 }]), 'network.edges[0].capacity', 'either'],
    [
      { mechanism: 'pay-as-bid', orders: [1, 5, 7, 100_000].map((price, i) => ({ ...order, id: `${i}`, price })) },
      'orders[3].price',
      'found 100000',
    ],
    [{ mechanism: 'mcafee', bids: [1, 2], asks: [3, 100_000] }, 'asks[1]', 'found 100000'],
    [
      {
        mechanism: 'vcg',
        orders: [
          { ...order, owner: 'anna' },
          { ...order, id: 'b', owner: 'anna', side: 'sell' },
        ],
      },
      'orders[1].side',
      'found "sell"',
    ],
    [
      {
        mechanism: 'mcafee',
        orders: [
          { ...order, owner: 'anna' },
          { ...order, id: 'b', owner: 'anna' },
        ],
      },
      'orders[1].owner',
      'found "anna" again',
    ],
    [{ mechanism: 'muda', bids: [1], asks: [1], seed: 2 ** 53 }, 'seed', 'text of digits'],
    [{ mechanism: 'muda', bids: [1], asks: [1], seed: '18446744073709551616' }, 'seed', '18446744073709551615'],
    [{ mechanism: 'muda', bids: [1], asks: [1], seed: '-1' }, 'seed', 'found "-1"'],
    [split([2, 3], 6), 'available', 'at most 5, the sum of the quantities, found 6'],
    [split([], 1), 'available', 'found 1'],
    [split([1, -1], 1), 'quantities[1]', 'whole number'],
    [split([1], undefined), 'available', 'whole number'],
    [split('1', 1), 'quantities', 'a list'],
    [{ mechanism: 'nodal', orders: [] }, 'network', 'an object'],
    [tree([edge], [{ ...order, node: 'x' }]), 'orders[0].node', 'one of network.nodes'],
    [tree([edge], [order]), 'orders[0].node', 'a text'],
    [tree([{ ...edge, a: 'x' }]), 'network.edges[0].a', 'one of network.nodes'],
    [tree([{ ...edge, capacity: -1 }]), 'network.edges[0].capacity', 'whole number'],
    [tree([{ ...edge, fee: 0.1 }]), 'network.edges[0].fee', 'whole number'],
    [tree([edge, edge]), 'network.edges[1].a', 'hangs on nothing yet'],
    [tree([edge]), 'network.edges', 'without a parent'],
    [tree([edge, { ...edge, a: 'c', b: 'c' }]), 'network.edges', 'not a cycle'],
    [tree([edge, { ...edge, a: 'r', b: 'b' }], [], ['r', 'b']), 'network.edges', 'without a parent'],
    [tree([], [], ['r', 'r']), 'network.nodes[1]', 'has been used'],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'case', 'an object'],
    [`{"mechanism":"uniform","orders":[${'['.repeat(50_000)}${']'.repeat(50_000)}]}`, 'orders[0]', 'an object'],
  ];

  it('gets the name of the field and what was expected there', async () => {
    const files = malformed.map(([content], i) => file(`malformed-${i}.json`, content));
    const { code, lines, told } = await clear(files);
    expect([code, code === 2 ? '' : told]).toEqual([2, '']);
    expect(lines).toHaveLength(malformed.length);
    lines.forEach((line, i) => {
      const [, at, why] = malformed[i]!;
      expect(line).toEqual({
        file: files[i],
        refusal: { code: expect.any(String), at, why: expect.stringContaining(why) },
      });
    });
    for (const path of files) expect(told).toContain(`${path}: `);
  });

  it('does not hide the others, and the worst one counts', async () => {
    mkdirSync(join(folder, 'a-folder'), { recursive: true });
    const files = [golden('unit-average'), join(folder, 'missing.json'), join(folder, 'a-folder'), golden('gsy-pac-1')];
    const { code, lines } = await clear(files);
    expect(lines.map(({ equal, refusal }) => equal ?? (refusal as Json)['why'])).toEqual([
      true,
      'cannot be read: there is no such file',
      'cannot be read: it is a folder',
      true,
    ]);
    expect(code).toBe(2);
  });

  it('may expect whatever it likes, however deep', async () => {
    const deep = `{"mechanism":"uniform","orders":[],"expect":{"fills":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}}`;
    const { code, lines } = await clear([file('deep.json', deep)]);
    expect([code, lines[0]!['differences']]).toEqual([1, ['fills.a: expected an object, found nothing']]);
  });

  it('is no reason to go on without a file', async () => {
    const { code, lines, told } = await clear([]);
    expect([code, lines]).toEqual([2, []]);
    expect(told).toMatch('FILE');
  });
});
