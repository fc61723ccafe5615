// The passes over a book, eight orders at a time. `src/domain/kernels/kernel.ts` says what each of them finds;
// `js-kernel.ts` beside it does the same in JavaScript. All sums are exact: 64-bit integers, handed out as floats
// below 2^53. A book ends in up to seven empty orders (limit 0xffff, 0 Wh), so no pass has a tail.

const lanes: i32 = 8;

// @ts-ignore: decorator
@inline function padded(count: i32): i32 {
  return (count + lanes - 1) & ~(lanes - 1);
}

/** All ones where the order sells: the side is the lowest bit of a limit. */
// @ts-ignore: decorator
@inline function selling(limits: v128): v128 {
  return i16x8.shr_s(i16x8.shl(limits, 15), 15);
}

// @ts-ignore: decorator
@inline function firstFour(mask: v128): v128 {
  return i32x4.extend_low_i16x8_s(mask);
}

// @ts-ignore: decorator
@inline function lastFour(mask: v128): v128 {
  return i32x4.extend_high_i16x8_s(mask);
}

/** The sum of all lanes of `sum`, which were added as 64-bit numbers, when `high` is that of their upper halves. */
// @ts-ignore: decorator
@inline function total(sum: v128, high: v128): f64 {
  const highs = i64x2.extract_lane(high, 0) + i64x2.extract_lane(high, 1);
  return <f64>(i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1) - (highs << 32) + highs);
}

// @ts-ignore: decorator
@inline function addTo(cell: usize, energyWh: i32): void {
  store<f64>(cell, load<f64>(cell) + <f64>energyWh);
}

export function inRange(limit: usize, wh: usize, count: i32, limits: i32): i32 {
  const end = i16x8.splat(<i16>limits);
  const none = i32x4.splat(0);
  const groups = count & ~(lanes - 1);
  let wrong = none;
  for (let i: i32 = 0; i < groups; i += lanes) {
    const energies = wh + (<usize>i << 2);
    wrong = v128.or(wrong, i16x8.ge_u(v128.load(limit + (<usize>i << 1)), end));
    wrong = v128.or(wrong, i32x4.le_s(v128.load(energies), none));
    wrong = v128.or(wrong, i32x4.le_s(v128.load(energies, 16), none));
  }
  if (v128.any_true(wrong)) return 0;
  for (let i = groups; i < count; i++) {
    if (<i32>load<u16>(limit + (<usize>i << 1)) >= limits || load<i32>(wh + (<usize>i << 2)) <= 0) return 0;
  }
  return 1;
}

/** Copies `groups` groups of eight orders, `stride` orders apart; answers with about the sum of their squared energies. */
export function sample(limit: usize, wh: usize, groups: i32, stride: i32, toLimit: usize, toWh: usize): f64 {
  let squares = f32x4.splat(0);
  for (let group: i32 = 0; group < groups; group++) {
    const at = <usize>(group * stride);
    const first = v128.load(wh + (at << 2));
    const last = v128.load(wh + (at << 2), 16);
    v128.store(toLimit, v128.load(limit + (at << 1)));
    v128.store(toWh, first);
    v128.store(toWh, last, 16);
    const one = f32x4.convert_i32x4_s(first);
    const other = f32x4.convert_i32x4_s(last);
    squares = f32x4.add(squares, f32x4.add(f32x4.mul(one, one), f32x4.mul(other, other)));
    toLimit += 16;
    toWh += 32;
  }
  return (
    <f64>f32x4.extract_lane(squares, 0) +
    <f64>f32x4.extract_lane(squares, 1) +
    <f64>f32x4.extract_lane(squares, 2) +
    <f64>f32x4.extract_lane(squares, 3)
  );
}

/**
 * The buckets of 64 ticks in which what is offered up to them less what is wanted above passes from -slack to slack. That is
 * all energy limited up to them, of either side, less all that is wanted, so one sum per bucket is enough.
 */
export function narrow(limit: usize, wh: usize, count: i32, slackWh: f64, buckets: usize): i32 {
  const slack = <i64>slackWh;
  let excess = -fillBuckets(limit, wh, count, buckets);
  let low: i32 = -1;
  let high: i32 = 0;
  for (; high < 127; high++) {
    const cell = buckets + (<usize>high << 3);
    excess += load<i64>(cell) + load<i64>(cell, 1024);
    if (low < 0 && excess >= -slack) low = high;
    if (excess >= slack) break;
  }
  return ((low < 0 ? high : low) << 16) | high;
}

/** Energy per bucket; answers with all that is wanted. Two copies of each, so that equal neighbours do not wait for each other. */
function fillBuckets(limit: usize, wh: usize, count: i32, buckets: usize): i64 {
  memory.fill(buckets, 0, 2048);
  let wanted = i64x2.splat(0);
  const end = limit + (<usize>padded(count) << 1);
  while (limit < end) {
    const x = v128.load(limit);
    const sell = selling(x);
    const first = v128.andnot(v128.load(wh), firstFour(sell));
    const last = v128.andnot(v128.load(wh, 16), lastFour(sell));
    wanted = plus(wanted, first, last);
    // The address of each order's bucket; empty places add nothing to the last one.
    const cells = v128.and(i16x8.shr_u(x, 4), i16x8.splat(127 << 3));
    addWhole(buckets + <usize>i16x8.extract_lane_u(cells, 0), load<i32>(wh));
    addWhole(buckets + <usize>i16x8.extract_lane_u(cells, 1) + 1024, load<i32>(wh, 4));
    addWhole(buckets + <usize>i16x8.extract_lane_u(cells, 2), load<i32>(wh, 8));
    addWhole(buckets + <usize>i16x8.extract_lane_u(cells, 3) + 1024, load<i32>(wh, 12));
    addWhole(buckets + <usize>i16x8.extract_lane_u(cells, 4), load<i32>(wh, 16));
    addWhole(buckets + <usize>i16x8.extract_lane_u(cells, 5) + 1024, load<i32>(wh, 20));
    addWhole(buckets + <usize>i16x8.extract_lane_u(cells, 6), load<i32>(wh, 24));
    addWhole(buckets + <usize>i16x8.extract_lane_u(cells, 7) + 1024, load<i32>(wh, 28));
    limit += 16;
    wh += 32;
  }
  return i64x2.extract_lane(wanted, 0) + i64x2.extract_lane(wanted, 1);
}

// @ts-ignore: decorator
@inline function addWhole(cell: usize, energyWh: i32): void {
  store<i64>(cell, load<i64>(cell) + <i64>energyWh);
}

/** Writes the numbers of the lanes whose bit is set, counted on from `from`; answers with the address behind them. */
// @ts-ignore: decorator
@inline function note(entries: usize, bits: i32, from: v128, lanesOf: usize): usize {
  const numbers = v128.load(lanesOf + (<usize>bits << 4));
  v128.store(entries, i32x4.add(i32x4.extend_low_i16x8_u(numbers), from));
  v128.store(entries, i32x4.add(i32x4.extend_high_i16x8_u(numbers), from), 16);
  return entries + (<usize>popcnt(bits) << 2);
}

/** How many orders are read before those in between are counted: they are still in the nearest cache then. */
const blockOrders: i32 = 4096;

export function survey(
  limit: usize,
  wh: usize,
  fills: usize,
  count: i32,
  low: i32,
  high: i32,
  entries: usize,
  opened: usize,
  lanesOf: usize,
  levels: usize,
  found: usize,
): i32 {
  const first = i16x8.splat(<i16>(low << 1));
  const last = i16x8.splat(<i16>((high << 1) | 1));
  const eight = i32x4.splat(lanes);
  // Energies of two orders stay below 2^32 together; sums are kept as they fall into 64-bit lanes, the upper halves apart.
  let all = i64x2.splat(0);
  let allHigh = i64x2.splat(0);
  let asks = i64x2.splat(0);
  let asksHigh = i64x2.splat(0);
  let numbers = i32x4.splat(0);
  let inside = entries;
  let tallied = entries;
  let limits = limit;
  let energies = wh;
  const end = limit + (<usize>padded(count) << 1);
  memory.fill(levels + (<usize>low << 4), 0, <usize>(high - low + 1) << 4);
  while (limits < end) {
    const blockEnd = min(end, limits + (<usize>blockOrders << 1));
    while (limits < blockEnd) {
      const x = v128.load(limits);
      const one = v128.load(energies);
      const two = v128.load(energies, 16);
      const below = i16x8.lt_s(x, first);
      const above = i16x8.gt_s(x, last);
      const sell = selling(x);
      const ask = v128.and(below, sell);
      const far = v128.or(ask, v128.andnot(above, sell));
      const far1 = v128.and(one, firstFour(far));
      const far2 = v128.and(two, lastFour(far));
      v128.store(fills, far1);
      v128.store(fills, far2, 16);
      const pairs = i32x4.add(far1, far2);
      const askPairs = i32x4.add(v128.and(one, firstFour(ask)), v128.and(two, lastFour(ask)));
      all = i64x2.add(all, pairs);
      allHigh = i64x2.add(allHigh, i64x2.shr_u(pairs, 32));
      asks = i64x2.add(asks, askPairs);
      asksHigh = i64x2.add(asksHigh, i64x2.shr_u(askPairs, 32));
      inside = note(inside, i16x8.bitmask(v128.or(below, above)) ^ 0xff, numbers, lanesOf);
      numbers = i32x4.add(numbers, eight);
      limits += 16;
      energies += 32;
      fills += 32;
    }
    if (low == high) tallyTick(limit, wh, tallied, inside, opened, levels + (<usize>low << 4));
    else tallyTicks(limit, wh, tallied, inside, opened, levels);
    opened += (inside - tallied) << 1;
    tallied = inside;
  }
  const askWh = total(asks, asksHigh);
  store<f64>(found, askWh);
  store<f64>(found, total(all, allHigh) - askWh, 8);
  return <i32>((inside - entries) >> 2);
}

function tallyTicks(limit: usize, wh: usize, entry: usize, end: usize, opened: usize, levels: usize): void {
  for (; entry < end; entry += 4) {
    const order = <usize>load<i32>(entry);
    const x = load<u16>(limit + (order << 1));
    const energyWh = load<i32>(wh + (order << 2));
    store<i32>(opened, energyWh);
    store<i32>(opened, x, 4);
    addTo(levels + (<usize>x << 3), energyWh);
    opened += 8;
  }
}

/** One tick may hold much of the book, as a tariff does; then two sums are quicker than two cells. */
function tallyTick(limit: usize, wh: usize, entry: usize, end: usize, opened: usize, level: usize): void {
  let all: i64 = 0;
  let asks: i64 = 0;
  for (; entry < end; entry += 4) {
    const order = <usize>load<i32>(entry);
    const x = load<u16>(limit + (order << 1));
    const energyWh = load<i32>(wh + (order << 2));
    store<i32>(opened, energyWh);
    store<i32>(opened, x, 4);
    all += <i64>energyWh;
    asks += <i64>energyWh & -(<i64>x & 1);
    opened += 8;
  }
  store<f64>(level, load<f64>(level) + <f64>(all - asks));
  store<f64>(level, load<f64>(level, 8) + <f64>asks, 8);
}

/** Decides the orders that a survey left open; keeps the rationed ones, in order. */
export function settle(
  fills: usize,
  entries: usize,
  opened: usize,
  entryCount: i32,
  border: i32,
  also: i32,
  rationed: i32,
): i32 {
  let kept = entries;
  for (let j: i32 = 0; j < entryCount; j++) {
    const order = load<i32>(entries + (<usize>j << 2));
    const energyWh = load<i32>(opened);
    const x = load<i32>(opened, 4);
    const full = (((border - x) >> 31) ^ -(x & 1)) | -<i32>(x == also);
    store<i32>(fills + (<usize>order << 2), energyWh & full);
    store<i32>(kept, order);
    kept += <usize>(x == rationed) << 2;
    opened += 8;
  }
  return <i32>((kept - entries) >> 2);
}

/** Limits are below 2^14, so they compare as signed numbers; the empty ones are -1 and lose every comparison. */
export function neighbours(limit: usize, count: i32, tick: i32, found: usize): void {
  const buyAt = i16x8.splat(<i16>(tick << 1));
  const sellAt = i16x8.splat(<i16>((tick << 1) | 1));
  const none = i16x8.splat(0x7fff);
  let ask = i16x8.splat(-1);
  let bid = none;
  let any = none;
  const end = limit + (<usize>padded(count) << 1);
  while (limit < end) {
    const x = v128.load(limit);
    const sell = selling(x);
    const above = i16x8.gt_s(x, sellAt);
    ask = i16x8.max_s(ask, v128.bitselect(x, i16x8.splat(-1), v128.and(i16x8.lt_s(x, buyAt), sell)));
    bid = i16x8.min_s(bid, v128.bitselect(x, none, v128.andnot(above, sell)));
    any = i16x8.min_s(any, v128.bitselect(x, none, above));
    limit += 16;
  }
  store<f64>(found, <f64>highest(ask));
  store<f64>(found, <f64>lowest(bid), 8);
  store<f64>(found, <f64>lowest(any), 16);
}

function highest(limits: v128): i32 {
  limits = i16x8.max_s(limits, i16x8.shuffle(limits, limits, 4, 5, 6, 7, 0, 1, 2, 3));
  limits = i16x8.max_s(limits, i16x8.shuffle(limits, limits, 2, 3, 0, 1, 6, 7, 4, 5));
  return max(<i32>i16x8.extract_lane_s(limits, 0), <i32>i16x8.extract_lane_s(limits, 1));
}

function lowest(limits: v128): i32 {
  limits = i16x8.min_s(limits, i16x8.shuffle(limits, limits, 4, 5, 6, 7, 0, 1, 2, 3));
  limits = i16x8.min_s(limits, i16x8.shuffle(limits, limits, 2, 3, 0, 1, 6, 7, 4, 5));
  return min(<i32>i16x8.extract_lane_s(limits, 0), <i32>i16x8.extract_lane_s(limits, 1));
}

/** Buys beyond `border` and sells up to it get all, and so do those at `also`. */
export function fill(limit: usize, wh: usize, fills: usize, count: i32, border: i32, also: i32): void {
  const beyond = i16x8.splat(<i16>border);
  const too = i16x8.splat(<i16>also);
  const end = limit + (<usize>padded(count) << 1);
  while (limit < end) {
    const x = v128.load(limit);
    const full = v128.or(v128.xor(i16x8.gt_s(x, beyond), selling(x)), i16x8.eq(x, too));
    v128.store(fills, v128.and(v128.load(wh), firstFour(full)));
    v128.store(fills, v128.and(v128.load(wh, 16), lastFour(full)), 16);
    limit += 16;
    wh += 32;
    fills += 32;
  }
}

export function collect(limit: usize, count: i32, at: i32, entries: usize, lanesOf: usize): i32 {
  const wanted = i16x8.splat(<i16>at);
  let end = entries;
  const groups = padded(count);
  for (let i: i32 = 0; i < groups; i += lanes) {
    const here = i16x8.eq(v128.load(limit + (<usize>i << 1)), wanted);
    if (v128.any_true(here)) end = note(end, i16x8.bitmask(here), i32x4.splat(i), lanesOf);
  }
  return <i32>((end - entries) >> 2);
}

/** Remainders are counted in 2^11 cells; for a few, fewer are looked through sooner. */
// @ts-ignore: decorator
@inline function cellBits(entryCount: i32): i32 {
  return entryCount <= 64 ? 5 : 11;
}

/** By how much numbers up to `most` are shifted to fall into cells. */
// @ts-ignore: decorator
@inline function cellShift(most: i64, bits: i32): i64 {
  return max<i64>(64 - clz(most) - bits, 0);
}

const toInteger: f64 = 4503599627370496;

/** The nearest whole share; at most one too high, as the share is below 2^31. */
// @ts-ignore: decorator
@inline function nearest(energyWh: i32, part: f64): i64 {
  return <i64>(reinterpret<u64>(<f64>energyWh * part + toInteger) & 0xffffffff);
}

export function share(
  entries: usize,
  wh: usize,
  fills: usize,
  remainders: usize,
  entryCount: i32,
  amountWh: f64,
  totalWh: f64,
  counts: usize,
  scratch: usize,
  found: usize,
): void {
  const part = amountWh / totalWh;
  const amount = <i64>amountWh;
  const all = <i64>totalWh;
  const bits = cellBits(entryCount);
  const coarse = cellShift(all - 1, bits);
  memory.fill(counts, 0, 4 << bits);
  let given: i64 = 0;
  for (let j: i32 = 0; j < entryCount; j++) {
    const order = <usize>load<i32>(entries + (<usize>j << 2)) << 2;
    const energyWh = load<i32>(wh + order);
    let whole = nearest(energyWh, part);
    let remainder = <i64>energyWh * amount - whole * all;
    const over = remainder >> 63;
    whole += over;
    remainder += all & over;
    given += whole;
    store<i32>(fills + order, <i32>whole);
    store<f64>(remainders + (<usize>j << 3), <f64>remainder);
    const cell = counts + (<usize>(remainder >> coarse) << 2);
    store<i32>(cell, load<i32>(cell) + 1);
  }
  const odd = <i32>(amount - given);
  store<f64>(found, -1);
  store<f64>(found, 0, 8);
  if (odd == 0) return;
  const threshold = largest(odd, remainders, entryCount, coarse, counts, scratch, found);
  for (let j: i32 = 0; j < entryCount; j++) {
    const order = fills + (<usize>load<i32>(entries + (<usize>j << 2)) << 2);
    store<i32>(order, load<i32>(order) + <i32>(load<f64>(remainders + (<usize>j << 3)) > threshold));
  }
}

/** The `rank`-th largest remainder, and in `found` how many equal to it are among the `rank` largest. */
function largest(
  rank: i32,
  remainders: usize,
  entryCount: i32,
  coarse: i64,
  counts: usize,
  scratch: usize,
  found: usize,
): f64 {
  let base: i64 = 0;
  let bits = cellBits(entryCount);
  let shift = coarse;
  let from = remainders;
  let candidates = entryCount;
  while (true) {
    let cell: i32 = (1 << bits) - 1;
    while (rank > load<i32>(counts + (<usize>cell << 2))) {
      rank -= load<i32>(counts + (<usize>cell << 2));
      cell--;
    }
    if (shift == 0) {
      base += cell;
      break;
    }
    let kept: i32 = 0;
    let least = i64.MAX_VALUE;
    let most = i64.MIN_VALUE;
    const low = <f64>(base + (<i64>cell << shift));
    const high = low + <f64>(<i64>1 << shift);
    for (let j: i32 = 0; j < candidates; j++) {
      const left = load<f64>(from + (<usize>j << 3));
      if (left < low || left >= high) continue;
      const remainder = <i64>left;
      least = min(least, remainder);
      most = max(most, remainder);
      store<f64>(scratch + (<usize>kept << 3), <f64>remainder);
      kept++;
    }
    base = least;
    if (least == most) break;
    candidates = kept;
    from = scratch;
    bits = cellBits(kept);
    shift = cellShift(most - least, bits);
    memory.fill(counts, 0, 4 << bits);
    for (let j: i32 = 0; j < candidates; j++) {
      const at = counts + (<usize>((<i64>load<f64>(scratch + (<usize>j << 3)) - base) >> shift) << 2);
      store<i32>(at, load<i32>(at) + 1);
    }
  }
  store<f64>(found, <f64>base);
  store<f64>(found, <f64>rank, 8);
  return <f64>base;
}

export function favour(
  entries: usize,
  fills: usize,
  remainders: usize,
  entryCount: i32,
  start: i32,
  remainder: f64,
  times: i32,
): i32 {
  let j = start;
  for (let place: i32 = 0; place < entryCount; place++) {
    if (load<f64>(remainders + (<usize>j << 3)) == remainder) {
      const order = fills + (<usize>load<i32>(entries + (<usize>j << 2)) << 2);
      store<i32>(order, load<i32>(order) + 1);
      times--;
      if (times == 0) return place;
    }
    j++;
    if (j == entryCount) j = 0;
  }
  return -1;
}

/** Adds eight energies of which two stay below 2^32. */
// @ts-ignore: decorator
@inline function plus(sum: v128, first: v128, last: v128): v128 {
  const pairs = i32x4.add(first, last);
  return i64x2.add(sum, i64x2.add(i64x2.extend_low_i32x4_u(pairs), i64x2.extend_high_i32x4_u(pairs)));
}

// @ts-ignore: decorator
@inline function sumOf(sum: v128): f64 {
  return <f64>(i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1));
}

export function audit(limit: usize, wh: usize, fills: usize, count: i32, tick: i32, found: usize): i32 {
  const buyAt = i16x8.splat(<i16>(tick << 1));
  const sellAt = i16x8.splat(<i16>((tick << 1) | 1));
  let bids = i64x2.splat(0);
  let asks = i64x2.splat(0);
  let bidsAt = i64x2.splat(0);
  let asksAt = i64x2.splat(0);
  let bought = i64x2.splat(0);
  let sold = i64x2.splat(0);
  let wrong = i32x4.splat(0);
  const end = limit + (<usize>padded(count) << 1);
  while (limit < end) {
    const x = v128.load(limit);
    const sell = selling(x);
    const ask = v128.and(i16x8.lt_s(x, buyAt), sell);
    const bid = v128.andnot(i16x8.gt_s(x, sellAt), sell);
    const full = v128.or(ask, bid);
    const one = v128.load(wh);
    const two = v128.load(wh, 16);
    const given = v128.load(fills);
    const given2 = v128.load(fills, 16);
    asks = plus(asks, v128.and(one, firstFour(ask)), v128.and(two, lastFour(ask)));
    bids = plus(bids, v128.and(one, firstFour(bid)), v128.and(two, lastFour(bid)));
    const off = v128.xor(given, v128.and(one, firstFour(full)));
    const off2 = v128.xor(given2, v128.and(two, lastFour(full)));
    const bidAt = i16x8.eq(x, buyAt);
    const askAt = i16x8.eq(x, sellAt);
    const at = v128.or(bidAt, askAt);
    if (v128.any_true(at)) {
      bidsAt = plus(bidsAt, v128.and(one, firstFour(bidAt)), v128.and(two, lastFour(bidAt)));
      asksAt = plus(asksAt, v128.and(one, firstFour(askAt)), v128.and(two, lastFour(askAt)));
      bought = plus(bought, v128.and(given, firstFour(bidAt)), v128.and(given2, lastFour(bidAt)));
      sold = plus(sold, v128.and(given, firstFour(askAt)), v128.and(given2, lastFour(askAt)));
      const outside = v128.or(i32x4.gt_s(given, one), i32x4.shr_s(given, 31));
      const outside2 = v128.or(i32x4.gt_s(given2, two), i32x4.shr_s(given2, 31));
      wrong = v128.or(wrong, v128.bitselect(outside, off, firstFour(at)));
      wrong = v128.or(wrong, v128.bitselect(outside2, off2, lastFour(at)));
    } else {
      wrong = v128.or(wrong, v128.or(off, off2));
    }
    limit += 16;
    wh += 32;
    fills += 32;
  }
  store<f64>(found, sumOf(asks));
  store<f64>(found, sumOf(bids), 8);
  store<f64>(found, sumOf(bidsAt), 16);
  store<f64>(found, sumOf(asksAt), 24);
  store<f64>(found, sumOf(bought), 32);
  store<f64>(found, sumOf(sold), 40);
  return <i32>v128.any_true(wrong);
}

export function auditShares(
  entries: usize,
  wh: usize,
  fills: usize,
  entryCount: i32,
  start: i32,
  amountWh: f64,
  totalWh: f64,
  found: usize,
): i32 {
  const part = amountWh / totalWh;
  const amount = <i64>amountWh;
  const all = <i64>totalWh;
  let weakestUp = i64.MAX_VALUE;
  let weakestPlace: i32 = -1;
  let strongestDown: i64 = -1;
  let strongestPlace: i32 = entryCount;
  let place = start == 0 ? 0 : entryCount - start;
  for (let j: i32 = 0; j < entryCount; j++) {
    const order = <usize>load<i32>(entries + (<usize>j << 2)) << 2;
    const energyWh = load<i32>(wh + order);
    let whole = nearest(energyWh, part);
    let remainder = <i64>energyWh * amount - whole * all;
    const over = remainder >> 63;
    whole += over;
    remainder += all & over;
    const extra = <i64>load<i32>(fills + order) - whole;
    if (extra == 0) {
      if (remainder > strongestDown || (remainder == strongestDown && place < strongestPlace)) {
        strongestDown = remainder;
        strongestPlace = place;
      }
    } else if (extra == 1 && remainder > 0) {
      if (remainder < weakestUp || (remainder == weakestUp && place > weakestPlace)) {
        weakestUp = remainder;
        weakestPlace = place;
      }
    } else {
      return j + 1;
    }
    place++;
    if (place == entryCount) place = 0;
  }
  store<f64>(found, weakestPlace < 0 ? -1 : <f64>weakestUp);
  store<f64>(found, <f64>weakestPlace, 8);
  store<f64>(found, <f64>strongestDown, 16);
  store<f64>(found, <f64>strongestPlace, 24);
  return 0;
}

/**
 * Pairs filled buys with filled sells in the order of the book. First each side becomes a list of its orders and of what
 * the side has traded before and with each; every border of either list then ends a pair. Sums are taken modulo 2^32: two
 * that are compared are less than one order apart. No step asks which way to go, as that is anybody's guess; and as each
 * step waits for the one before, a second walk comes from the other end meanwhile. `sums` is how far from an order in its
 * list the sum before it stands, the one with it being the next.
 */
export function pair(
  limit: usize,
  fills: usize,
  count: i32,
  buys: usize,
  sells: usize,
  sums: usize,
  lanesOf: usize,
  buy: usize,
  sell: usize,
  wh: usize,
): i32 {
  let buysEnd = buys;
  let sellsEnd = sells;
  const none = i32x4.splat(0);
  const groups = padded(count);
  for (let i: i32 = 0; i < groups; i += lanes) {
    const fill = fills + (<usize>i << 2);
    const idle = i16x8.narrow_i32x4_s(i32x4.le_s(v128.load(fill), none), i32x4.le_s(v128.load(fill, 16), none));
    const sell = selling(v128.load(limit + (<usize>i << 1)));
    const numbers = i32x4.splat(i);
    buysEnd = note(buysEnd, i16x8.bitmask(v128.or(idle, sell)) ^ 0xff, numbers, lanesOf);
    sellsEnd = note(sellsEnd, i16x8.bitmask(v128.andnot(sell, idle)), numbers, lanesOf);
  }
  if (sumUp(buys, buysEnd, fills, sums) != sumUp(sells, sellsEnd, fills, sums)) return -1;
  const most = buysEnd - buys + (sellsEnd - sells);
  let first: usize = 0;
  let firstBuy = buys;
  let firstSell = sells;
  let fromWh: i32 = 0;
  let last = most;
  let lastBuy = buysEnd - 4;
  let lastSell = sellsEnd - 4;
  let toWh = load<i32>(buysEnd + sums);
  while (firstBuy + firstSell < lastBuy + lastSell) {
    const boughtWh = load<i32>(firstBuy + sums, 4);
    const aheadWh = boughtWh - load<i32>(firstSell + sums, 4);
    const reachedWh = boughtWh - (aheadWh & ~(aheadWh >> 31));
    store<i32>(buy + first, load<i32>(firstBuy));
    store<i32>(sell + first, load<i32>(firstSell));
    store<i32>(wh + first, reachedWh - fromWh);
    fromWh = reachedWh;
    first += 4;
    firstBuy += <usize>(aheadWh <= 0) << 2;
    firstSell += <usize>(aheadWh >= 0) << 2;

    const beforeWh = load<i32>(lastBuy + sums);
    const aboveWh = beforeWh - load<i32>(lastSell + sums);
    const leftWh = beforeWh - (aboveWh & (aboveWh >> 31));
    last -= 4;
    store<i32>(buy + last, load<i32>(lastBuy));
    store<i32>(sell + last, load<i32>(lastSell));
    store<i32>(wh + last, toWh - leftWh);
    toWh = leftWh;
    lastBuy -= <usize>(aboveWh >= 0) << 2;
    lastSell -= <usize>(aboveWh <= 0) << 2;
  }
  if (firstBuy == lastBuy && firstSell == lastSell) {
    store<i32>(buy + first, load<i32>(firstBuy));
    store<i32>(sell + first, load<i32>(firstSell));
    store<i32>(wh + first, toWh - fromWh);
    first += 4;
  }
  memory.copy(buy + first, buy + last, most - last);
  memory.copy(sell + first, sell + last, most - last);
  memory.copy(wh + first, wh + last, most - last);
  return <i32>((first + most - last) >> 2);
}

/** Writes what the orders of a list have traded before each, and all of it at the end; answers with that. */
function sumUp(orders: usize, end: usize, fills: usize, sums: usize): i64 {
  let sumWh: i64 = 0;
  for (; orders < end; orders += 4) {
    store<i32>(orders + sums, <i32>sumWh);
    sumWh += <i64>load<i32>(fills + (<usize>load<i32>(orders) << 2));
  }
  store<i32>(end + sums, <i32>sumWh);
  return sumWh;
}
