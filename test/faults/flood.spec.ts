import { TestStreet } from '../support/street.js';

// More requests at once than there are connections: whoever floods the house may wait, its gates and settlements do not.
const atOnce = 40;
const startsAt = '2026-06-22T11:00:00Z';

describe('a household that keeps sending orders', () => {
  let street: TestStreet;
  let sent = 0;
  beforeAll(async () => {
    street = await TestStreet.open({
      mode: 'FORWARD',
      from: '2026-06-22T10:00:00Z',
      homes: [{ name: 'roof' }, { name: 'flat' }],
    });
  });
  afterAll(() => street.close());

  /** Sends orders without a pause while the work is done; what they were answered with. */
  async function during(work: () => Promise<void>): Promise<ReadonlySet<string>> {
    const codes = new Set<string>();
    let isGoing = true;
    const enough = sent + 3 * atOnce;
    const senders = Array.from({ length: atOnce }, async () => {
      while (isGoing)
        codes.add(
          (await street.order('flat', startsAt, `BUY 1 @ 100000 as n${(sent += 1)}`)).replace(/^.*-.*$/, 'placed'),
        );
    });
    while (sent < enough) await new Promise((later) => setTimeout(later, 5));
    // Failing after a minute, as a starved statement does, makes this throw.
    await work().finally(() => (isGoing = false));
    await Promise.all(senders);
    return codes;
  }

  it('cannot keep a gate from closing', async () => {
    await street.order('roof', startsAt, 'SELL 500 @ 90000 as s1');
    await street.itIs('2026-06-22T10:54:59Z');
    const codes = await during(async () => street.itIs('2026-06-22T10:55:00Z'));
    expect([...codes].sort()).toEqual(['GATE_CLOSED', 'placed']);
  });

  it('cannot keep the interval from being settled', async () => {
    await street.itIs('2026-06-22T11:15:00Z');
    const ends = ['10:15', '10:30', '10:45', '11:00', '11:15'].map((time) => `2026-06-22T${time}:00Z`);
    for (const home of ['roof', 'flat'])
      await street.meter(home).send(...ends.map((endsAt) => ({ endsAt, importWh: 0, exportWh: 0 })));
    const codes = await during(async () => street.house.settleDown());
    expect([...codes]).toEqual(['GATE_CLOSED']);
    const [interval] = await street.house.rows<{ run: number }>(
      'SELECT run FROM market.interval WHERE starts_at = $1',
      [startsAt],
    );
    expect(interval).toEqual({ run: 1 });
  });
});
