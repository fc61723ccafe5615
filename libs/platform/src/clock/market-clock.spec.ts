import { type Instant, parseInstant } from '@kwartier/units';
import { Test, type TestingModule } from '@nestjs/testing';
import { startTestPostgres, type TestPostgres } from '../../../../test/support/postgres.js';
import { Database } from '../database/database.js';
import { DatabaseModule } from '../database/database.module.js';
import { PlatformModule } from '../platform.module.js';
import { MarketClock } from './market-clock.js';

const at = (time: string): Instant => parseInstant(`2026-06-21T${time}Z`)!;

describe('the one market clock', () => {
  let postgres: TestPostgres;
  let house: TestingModule;
  let clock: MarketClock;
  beforeAll(async () => {
    postgres = await startTestPostgres();
    house = await Test.createTestingModule({
      imports: [DatabaseModule.forRoot({ url: postgres.url, migrations: [] }), PlatformModule],
    }).compile();
    clock = house.get(MarketClock);
  });
  afterAll(async () => {
    await house.close();
    await postgres.stop();
  });

  it('shows real time until it is told otherwise, and then only in a demo', async () => {
    const before = Date.now();
    const now = await clock.now();
    expect(now).toBeGreaterThanOrEqual(before - 1_000);
    await expect(clock.stepTo(at('12:00:00'))).rejects.toThrow('Only a demo clock');
    await expect(clock.setDemoSpeed(60)).rejects.toThrow('Only a demo clock');
  });

  it('starts a demo where it is told the first time, and where it was seen last afterwards', async () => {
    expect(await clock.startDemo(at('10:00:00'))).toEqual({ now: at('10:00:00'), first: true });
    await clock.stepTo(at('10:05:00'));
    expect(await clock.startDemo(at('08:00:00'))).toEqual({ now: at('10:05:00'), first: false });
  });

  it('never goes back', async () => {
    await expect(clock.stepTo(at('10:04:59'))).rejects.toThrow('only forward');
    expect(await clock.now()).toBe(at('10:05:00'));
  });

  it('goes on from the present instant when its speed changes', async () => {
    await clock.setDemoSpeed(600);
    await new Promise((later) => setTimeout(later, 50));
    const fast = await clock.now();
    expect(fast).toBeGreaterThan(at('10:05:00'));
    await clock.heartbeat();
    await clock.setDemoSpeed(1);
    const slow = await clock.now();
    expect(slow).toBeGreaterThanOrEqual(fast);
    expect((await clock.startDemo(at('01:00:00'))).now).toBeGreaterThanOrEqual(fast);
  });

  it('turns no clock that served real time into a demo', async () => {
    const url = await postgres.freshDatabase();
    const other = await Test.createTestingModule({
      imports: [DatabaseModule.forRoot({ url, migrations: [] }), PlatformModule],
    }).compile();
    const real = other.get(MarketClock);
    await real.heartbeat();
    await expect(real.startDemo(at('10:00:00'))).rejects.toThrow('served real time');
    expect((await other.get(Database, { strict: false }).query('SELECT 1')).length).toBe(1);
    await other.close();
  });
});
