import { readBook, readNetwork, readNodalResult, readPlaces, verifyNodal, type Decoded } from '@kwartier/auction';
import { adminToken } from '../support/house.js';
import { TestStreet, zoneId } from '../support/street.js';

const startsAt = '2026-06-22T11:00:00Z';

interface Kept {
  readonly bookBytes: Uint8Array;
  readonly networkBytes: Uint8Array;
  readonly placesBytes: Uint8Array;
  readonly resultBytes: Uint8Array;
  readonly volumeWh: bigint;
  readonly bindingLines: number;
  readonly flaw: string | null;
}

const given = <T>(read: Decoded<T>): T => {
  if (!read.ok) throw new Error(read.refusal.why);
  return read.value;
};

/** A roof on one feeder, two flats on another whose line carries 1,600 W: 400 Wh in a quarter. */
describe('a cleared interval on a thin line', () => {
  let street: TestStreet;
  beforeAll(async () => {
    street = await TestStreet.open({
      mode: 'FORWARD',
      from: '2026-06-22T10:00:00Z',
      homes: [{ name: 'roof' }, { name: 'flat' }, { name: 'attic' }],
    });
    await street.house.get(
      adminToken,
      `mutation ($zoneId: ID!, $feeders: [FeederInput!]!, $connections: [ConnectionInput!]!) {
        buildNetwork(zoneId: $zoneId, feeders: $feeders, connections: $connections) { id }
      }`,
      {
        zoneId,
        feeders: [{ id: 'thin', name: 'Thin', limitImportW: 1_600, limitExportW: 1_600 }],
        connections: ['flat', 'attic'].map((pointId) => ({ pointId, feederId: 'thin', limitW: 24_000 })),
      },
    );
    await street.order('roof', startsAt, 'SELL 900 @ 100000 as s1');
    await street.order('flat', startsAt, 'BUY 500 @ 300000 as b1');
    await street.order('attic', startsAt, 'BUY 300 @ 200000 as b2');
    await street.itIs('2026-06-22T10:55:00Z');
  });
  afterAll(() => street.close());

  it('trades as if there were no lines, and says who could have moved the price', async () => {
    const { intervals } = await street.house.get(
      street.token('flat'),
      `query ($zoneId: ID!) { intervals(first: 1, zoneId: $zoneId, from: "2026-06-22T11:00:00Z", to: "2026-06-22T11:15:00Z") {
        edges { node { clearing { volumeWh priceMicroPerKwh pivotalOwners } } }
      } }`,
      { zoneId },
    );
    // Without the roof nothing trades; without the attic the last matched bid is the flat's, and the price rises.
    expect(intervals.edges.map(({ node }: { node: { clearing: unknown } }) => node.clearing)).toEqual([
      { volumeWh: '800', priceMicroPerKwh: '150000', pivotalOwners: 2 },
    ]);
    const [{ members }] = (await street.house.rows<{ members: number }>(
      `SELECT count(*)::int AS members FROM market.clearing c JOIN market.book b USING (zone_id, starts_at)
       JOIN market.member m ON m.zone_id = c.zone_id AND m.index = ANY(c.pivotal_members)
       WHERE c.starts_at = $1 AND m.point_id IN ('roof', 'attic')`,
      [startsAt],
    )) as [{ members: number }];
    expect(members).toBe(2);
  });

  it('has a shadow that keeps to the line, and that anybody can recheck', async () => {
    const [kept] = await street.house.rows<Kept>(
      `SELECT b.bytes AS "bookBytes", network_bytes AS "networkBytes", places_bytes AS "placesBytes",
         result_bytes AS "resultBytes", volume_wh AS "volumeWh", binding_lines AS "bindingLines", flaw
       FROM market.shadow s JOIN market.book b USING (zone_id, starts_at) WHERE starts_at = $1`,
      [startsAt],
    );
    expect(kept).toMatchObject({ volumeWh: 400n, bindingLines: 1, flaw: null });
    const { bookBytes, networkBytes, placesBytes, resultBytes } = kept!;
    const network = given(readNetwork(networkBytes));
    const columns = given(readBook(bookBytes, 8192));
    const book = { ...columns, node: given(readPlaces(placesBytes, columns.count, network.count)) };
    const result = given(readNodalResult(resultBytes, network.count, columns.count));
    const tieStart = Date.parse(startsAt) / (15 * 60_000);
    // Only the dearer flat gets what the line carries, so 400 Wh at 300 less 100 milli-credits.
    const clearing = { ...result, welfare: 400n * 2_000n };
    expect(verifyNodal(book, network, { tieStart }, clearing)).toBeUndefined();
    expect(verifyNodal(book, network, { tieStart }, { ...clearing, welfare: 1n })).not.toBeUndefined();
  });

  it('is looked at once', async () => {
    const before = await street.house.rows('SELECT xmin::text, * FROM market.shadow ORDER BY starts_at');
    await street.house.settleDown();
    expect(await street.house.rows('SELECT xmin::text, * FROM market.shadow ORDER BY starts_at')).toEqual(before);
  });
});
