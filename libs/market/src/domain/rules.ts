import type { PriceRule } from '@kwartier/auction';
import {
  type ByteReader,
  ByteWriter,
  type Instant,
  type IntervalMinutes,
  invariant,
  isAligned,
  type Malformed,
  type MicroPerKwh,
  microPerKwh,
  minutes,
  priceAt,
  type PriceGrid,
  reading,
  type Result,
  sha256,
  utf8Bytes,
} from '@kwartier/units';

export type TieRule = 'FROM_FIRST' | 'BY_INTERVAL';

/** What binds a zone-interval. It is known by its hash, which is committed before anything is metered. */
export interface Rules {
  readonly grid: PriceGrid;
  readonly priceRule: PriceRule;
  readonly buyerFeeMicroPerKwh: MicroPerKwh;
  readonly sellerFeeMicroPerKwh: MicroPerKwh;
  readonly tieRule: TieRule;
  readonly intervalMinutes: IntervalMinutes;
  /** The most of a payer's own advantage that is charged for undelivered fills, in parts per million; 0 is off. */
  readonly undeliveredSharePpm: number;
}

const name = utf8Bytes('kwartier/rules/1\n');
const priceRules: readonly PriceRule[] = ['EQUILIBRIUM', 'SHARED_MARGIN'];
const tieRules: readonly TieRule[] = ['FROM_FIRST', 'BY_INTERVAL'];
const lengths: readonly IntervalMinutes[] = [5, 15, 30, 60];
const mostTicks = 8192;
const mostPpm = 1_000_000;
const mostMicro = 2n ** 63n - 1n;

/** Rules v1 (docs/formats.md). One set of rules, one spelling, one hash. */
export function encodeRules(rules: Rules): Uint8Array {
  const flaw = flawIn(rules);
  invariant(flaw === undefined, `rules can be written down (${flaw})`);
  return new ByteWriter()
    .raw(name)
    .zigzag(rules.grid.start)
    .varint(rules.grid.tick)
    .varint(rules.grid.count)
    .byte(priceRules.indexOf(rules.priceRule))
    .varint(rules.buyerFeeMicroPerKwh)
    .varint(rules.sellerFeeMicroPerKwh)
    .byte(tieRules.indexOf(rules.tieRule))
    .varint(lengthSeconds(rules))
    .varint(rules.undeliveredSharePpm)
    .take();
}

export function decodeRules(bytes: Uint8Array): Result<Rules, Malformed> {
  return reading(bytes, (reader) => {
    reader.literal(name);
    const rules: Rules = {
      grid: {
        start: microPerKwh(reader.zigzag()),
        tick: microPerKwh(reader.varint(mostMicro)),
        count: reader.small(mostTicks),
      },
      priceRule: oneOf(reader, priceRules),
      buyerFeeMicroPerKwh: microPerKwh(reader.varint(mostMicro)),
      sellerFeeMicroPerKwh: microPerKwh(reader.varint(mostMicro)),
      tieRule: oneOf(reader, tieRules),
      intervalMinutes: intervalLength(reader),
      undeliveredSharePpm: reader.small(mostPpm),
    };
    const flaw = flawIn(rules);
    return flaw === undefined ? rules : reader.refuse(flaw);
  });
}

export const rulesHash = (rules: Rules): Uint8Array => sha256(encodeRules(rules));

/** Where the entries of a split are counted from: it moves with the interval, so that no neighbour gets every odd Wh. */
export function tieStart(rules: Rules, startsAt: Instant): number {
  if (rules.tieRule === 'FROM_FIRST') return 0;
  invariant(startsAt >= 0 && isAligned(startsAt, rules.intervalMinutes), 'an interval starts on its grid of time');
  return startsAt / minutes(rules.intervalMinutes);
}

const lengthSeconds = (rules: Rules): number => minutes(rules.intervalMinutes) / 1000;

/** What a reader of single numbers cannot see: that they make a grid, and that every price of it fits 64 bits. */
function flawIn({ grid, buyerFeeMicroPerKwh, sellerFeeMicroPerKwh, undeliveredSharePpm }: Rules): string | undefined {
  if (grid.tick < 1n || grid.count < 1 || grid.count > mostTicks) return 'a price grid has no prices, or too many';
  const last = priceAt(grid, grid.count - 1);
  if (grid.start < -mostMicro - 1n || last > mostMicro) return 'a price grid is wider than 64 bits';
  const fees = [buyerFeeMicroPerKwh, sellerFeeMicroPerKwh];
  if (fees.some((fee) => fee < 0n || fee > mostMicro)) return 'a fee is out of range';
  if (undeliveredSharePpm < 0 || undeliveredSharePpm > mostPpm) return 'a share is above the whole';
  return undefined;
}

function oneOf<T>(reader: ByteReader, choices: readonly T[]): T {
  return choices[reader.byte()] ?? reader.refuse('a rule has an unknown number');
}

function intervalLength(reader: ByteReader): IntervalMinutes {
  const seconds = reader.small(3600);
  return lengths.find((length) => length * 60 === seconds) ?? reader.refuse('an interval has an unknown length');
}
