import { type Instant, parseInstant, wh } from '@kwartier/units';
import { judgeReading, mostAheadMs, type Surroundings } from './judge-reading.js';

const at = (time: string): Instant => parseInstant(`2026-06-21T${time}Z`)!;
const totals = (time: string, importWh: bigint, exportWh = 0n) => ({
  endsAt: at(time),
  importWh: wh(importWh),
  exportWh: wh(exportWh),
});
const usual: Surroundings = {
  length: 15,
  now: at('12:16:00'),
  limitW: 24_000,
  installed: true,
  keyValid: true,
  standing: undefined,
  before: totals('12:00:00', 1_000n, 500n),
  after: undefined,
};

describe('judgeReading', () => {
  it.each<[string, ReturnType<typeof totals>, Partial<Surroundings>, string]>([
    ['a usual one', totals('12:15:00', 1_200n, 500n), {}, 'ACCEPTED'],
    ['nothing happened', totals('12:15:00', 1_000n, 500n), {}, 'ACCEPTED'],
    ['the first of all', totals('12:15:00', 0n), { before: undefined }, 'ACCEPTED'],
    ['off the quarter', totals('12:14:00', 1_200n, 500n), {}, 'OFF_THE_QUARTER'],
    ['a second off', totals('12:15:01', 1_200n, 500n), {}, 'OFF_THE_QUARTER'],
    [
      'the clock just ahead',
      totals('12:15:00', 1_200n, 500n),
      { now: (at('12:15:00') - mostAheadMs) as Instant },
      'ACCEPTED',
    ],
    [
      'too far ahead',
      totals('12:15:00', 1_200n, 500n),
      { now: (at('12:15:00') - mostAheadMs - 1) as Instant },
      'IN_THE_FUTURE',
    ],
    ['a stranger', totals('12:15:00', 1_200n, 500n), { installed: false }, 'NOT_INSTALLED'],
    ['a revoked key', totals('12:15:00', 1_200n, 500n), { keyValid: false }, 'KEY_NOT_VALID'],
    ['import goes back', totals('12:15:00', 999n, 500n), {}, 'GOES_BACK'],
    ['export goes back', totals('12:15:00', 1_200n, 499n), {}, 'GOES_BACK'],
    [
      'above a later one',
      totals('12:15:00', 1_200n, 500n),
      { after: totals('12:30:00', 1_199n, 500n) },
      'ABOVE_A_LATER_ONE',
    ],
    ['all that the fuse lets through', totals('12:15:00', 1_000n + 6_601n, 500n), {}, 'ACCEPTED'],
    ['a Wh more', totals('12:15:00', 1_000n + 6_602n, 500n), {}, 'ABOVE_THE_FUSE'],
    ['as much backwards', totals('12:15:00', 1_000n, 500n + 6_602n), {}, 'ABOVE_THE_FUSE'],
    ['twice that after a gap of two', totals('12:30:00', 1_000n + 13_000n, 500n), { now: at('12:31:00') }, 'ACCEPTED'],
    ['no limit known', totals('12:15:00', 900_000n, 500n), { limitW: undefined }, 'ACCEPTED'],
    [
      'more than a delivery can hold',
      totals('12:15:00', 1_000n + 2n ** 31n, 500n),
      { limitW: undefined },
      'ABOVE_THE_FUSE',
    ],
    ['the same again', totals('12:15:00', 1_200n, 500n), { standing: totals('12:15:00', 1_200n, 500n) }, 'DUPLICATE'],
    ['another value', totals('12:15:00', 1_201n, 500n), { standing: totals('12:15:00', 1_200n, 500n) }, 'CONFLICT'],
    ['another export', totals('12:15:00', 1_200n, 501n), { standing: totals('12:15:00', 1_200n, 500n) }, 'CONFLICT'],
  ])('%s', (_, reading, change, expected) => {
    const verdict = judgeReading(reading, { ...usual, ...change });
    expect('code' in verdict ? verdict.code : verdict.outcome).toBe(expected);
  });
});
