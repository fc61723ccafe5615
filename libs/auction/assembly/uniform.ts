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

/** Energy per side and bucket of 64 ticks. Two copies, added up at the end, so that equal neighbours do not wait for each other. */
export function bucket(limit: usize, wh: usize, count: i32, buckets: usize): void {
  memory.fill(buckets, 0, 4096);
  const other = buckets + 2048;
  let i: i32 = 0;
  for (; i < count - 1; i += 2) {
    const one = <usize>load<u16>(limit);
    const two = <usize>load<u16>(limit, 2);
    addTo(buckets + ((((one >> 7) << 1) | (one & 1)) << 3), load<i32>(wh));
    addTo(other + ((((two >> 7) << 1) | (two & 1)) << 3), load<i32>(wh, 4));
    limit += 4;
    wh += 8;
  }
  if (i < count) {
    const one = <usize>load<u16>(limit);
    addTo(buckets + ((((one >> 7) << 1) | (one & 1)) << 3), load<i32>(wh));
  }
  for (let cell: usize = 0; cell < 2048; cell += 16) {
    v128.store(buckets + cell, f64x2.add(v128.load(buckets + cell), v128.load(other + cell)));
  }
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
  const shift = 53 - min<i64>(clz(all - 1), 53);
  const coarse = shift;
  memory.fill(counts, 0, 8192);
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
  let shift = coarse;
  let from = remainders;
  let candidates = entryCount;
  while (true) {
    let cell: i32 = 2047;
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
    shift = 53 - min<i64>(clz(most - least), 53);
    memory.fill(counts, 0, 8192);
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
