import { columnsOf, writeBook } from '@kwartier/auction';
import type { Network } from '@kwartier/grid';
import type { Metrics } from '@kwartier/platform';
import { instant, microPerKwh } from '@kwartier/units';
import { Logger } from '@nestjs/common';
import type { Rules } from '../domain/rules.js';
import type { IntervalStore } from './interval-store.port.js';
import type { ZoneInterval } from './market.port.js';
import { ShadowClearing } from './shadow-clearing.js';
import { type Shadow, ShadowStore } from './shadow-store.port.js';

const rules: Rules = {
  grid: { start: microPerKwh(0n), tick: microPerKwh(100n), count: 4096 },
  priceRule: 'SHARED_MARGIN',
  buyerFeeMicroPerKwh: microPerKwh(0n),
  sellerFeeMicroPerKwh: microPerKwh(0n),
  tieRule: 'FROM_FIRST',
  intervalMinutes: 15,
  undeliveredSharePpm: 0,
};
const sound = writeBook(
  columnsOf([
    { member: 0, side: 'SELL', tick: 900, energyWh: 700n },
    { member: 1, side: 'BUY', tick: 3000, energyWh: 500n },
  ]),
);
const books = [sound, Uint8Array.of(0x80), sound];
const intervals = books.map(
  (_, i) => ({ zoneId: 'z', startsAt: instant(i * 900_000), rulesHash: new Uint8Array() }) as ZoneInterval,
);

beforeAll(() => Logger.overrideLogger(false));

/** Shadows in memory. */
class Shadows extends ShadowStore {
  readonly kept = new Map<number, Shadow>();
  readonly flaws = new Map<number, string>();

  override async due(most: number): Promise<readonly ZoneInterval[]> {
    return intervals.filter(({ startsAt }) => !this.kept.has(startsAt) && !this.flaws.has(startsAt)).slice(0, most);
  }
  override async keep(_: string, startsAt: number, shadow: Shadow): Promise<void> {
    this.kept.set(startsAt, shadow);
  }
  override async giveUp(_: string, startsAt: number, flaw: string): Promise<void> {
    this.flaws.set(startsAt, flaw);
  }
}

function clearingOver(shadows: Shadows, connections: () => Promise<[]>): ShadowClearing {
  const store = {
    rules: async () => rules,
    book: async (_: undefined, __: string, startsAt: number) => ({
      bytes: books[startsAt / 900_000],
      orderIds: ['s', 'b'],
    }),
    owners: async () => new Map(['s', 'b'].map((id) => [id, { pointId: id, participantId: id }])),
  } as unknown as IntervalStore;
  const network = { feeders: async () => [], connections } as unknown as Network;
  return new ShadowClearing(store, shadows, network, { count: () => undefined } as unknown as Metrics);
}

it('notes a shadow that cannot be computed, once, and goes on with the others', async () => {
  const shadows = new Shadows();
  const clearing = clearingOver(shadows, async () => []);
  expect(await clearing.computeDue()).toBe(3);
  expect([...shadows.kept].map(([startsAt, { volumeWh }]) => [startsAt, volumeWh])).toEqual([
    [0, 500],
    [1_800_000, 500],
  ]);
  expect([...shadows.flaws.keys()]).toEqual([900_000]);
  expect(shadows.flaws.get(900_000)).toMatch('a frozen book can be read');
  expect(await clearing.computeDue()).toBe(0);
});

it('does not take a database that is away for a book without a shadow', async () => {
  const shadows = new Shadows();
  const away = clearingOver(shadows, async () => Promise.reject(new Error('no connection')));
  await expect(away.computeDue()).rejects.toThrow('3 of 3 failed');
  expect([shadows.kept.size, shadows.flaws.size]).toEqual([0, 0]);
  expect(await clearingOver(shadows, async () => []).computeDue()).toBe(3);
});
