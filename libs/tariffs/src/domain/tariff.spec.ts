import { type Instant, microPerKwh, parseInstant } from '@kwartier/units';
import { type Rate, rateAt, tariffFlaw } from './tariff.js';

const at = (text: string): Instant => parseInstant(text)!;
const rate = (fromMinute: number, toMinute: number, weekdays: Rate['weekdays'], retail: bigint): Rate => ({
  fromMinute,
  toMinute,
  weekdays,
  retailMicroPerKwh: microPerKwh(retail),
  feedInMicroPerKwh: microPerKwh(80_000n),
});
const nightAndDay = [
  rate(0, 1440, 'WEEKEND', 240_000n),
  rate(0, 360, 'WORKDAYS', 240_000n),
  rate(360, 1320, 'WORKDAYS', 340_000n),
  rate(1320, 1440, 'WORKDAYS', 240_000n),
];

describe('rateAt', () => {
  it.each([
    ['a workday at noon', '2026-06-22T10:00:00Z', 340_000n],
    ['06:00 by the local clock in summer', '2026-06-22T04:00:00Z', 340_000n],
    ['a quarter before', '2026-06-22T03:45:00Z', 240_000n],
    ['06:00 by the local clock in winter', '2026-01-12T05:00:00Z', 340_000n],
    ['the same UTC hour as in summer, in winter', '2026-01-12T04:00:00Z', 240_000n],
    ['Sunday at noon', '2026-06-21T10:00:00Z', 240_000n],
    ['Monday 00:00 local is still Sunday in UTC', '2026-06-21T22:00:00Z', 240_000n],
  ])('%s', (_, time, retail) => {
    expect(rateAt(nightAndDay, at(time), 'Europe/Berlin').retailMicroPerKwh).toBe(retail);
  });
});

describe('tariffFlaw', () => {
  it('finds nothing wrong with a whole tariff', () => {
    expect(tariffFlaw(nightAndDay)).toBeUndefined();
  });

  it.each([
    ['a gap', [rate(0, 1435, 'ALL', 240_000n)], { code: 'GAP_IN_TARIFF', weekday: 0, minute: 1435 }],
    ['a missing weekend', [rate(0, 1440, 'WORKDAYS', 240_000n)], { code: 'GAP_IN_TARIFF', weekday: 0 }],
    ['an overlap', [...nightAndDay, rate(600, 660, 'ALL', 240_000n)], { code: 'OVERLAP_IN_TARIFF' }],
    ['an absurd price', [rate(0, 1440, 'ALL', 10_000_001n)], { code: 'PRICE_OUT_OF_RANGE' }],
    ['feed-in above retail', [rate(0, 1440, 'ALL', 79_999n)], { code: 'FEED_IN_ABOVE_RETAIL' }],
  ])('%s', (_, rates, flaw) => {
    expect(tariffFlaw(rates)).toMatchObject(flaw);
  });
});
