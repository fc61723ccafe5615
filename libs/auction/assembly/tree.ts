// The passes of an auction on a feeder tree that cost time. `src/domain/nodal` does the same in JavaScript and says why
// it is right: `feeder-walk.ts` (layOut), `short-ladders.ts` and `tall-ladder.ts` (climb), `nodal-prices.ts` (descend),
// `margins.ts` and `nodal-fills.ts` (fill), `verify-nodal.ts` (audit, auditLines). What differs is only how it is told:
// energies are 64-bit integers, and a rung or an order is one number, its price above its energy, that sorts by price.

/** Above any energy of a book, and far from where sums would turn over. */
const noLimitWh: i64 = 0x1000000000000000;
const unlimitedWh: i32 = i32.MAX_VALUE;
const energyMask: i64 = 0xffffffff;

// Where the columns stand. Of an order:
export let limit: usize = 0;
export let wh: usize = 0;
export let node: usize = 0;
export let fillsWh: usize = 0;
/** The orders by step: limit and energy. */
let orders: usize = 0;
/** Places in the book of the marginal orders. They use the room of the ladders, which are gone by then. */
export let marginal: usize = 0;
// Of a node:
export let parent: usize = 0;
export let importWh: usize = 0;
export let exportWh: usize = 0;
export let feeTicks: usize = 0;
let stepOf: usize = 0;
export let priceTick: usize = 0;
export let flowWh: usize = 0;
/** What an audit gathers: sent Wh, lowest and negative highest price, price. */
let seen: usize = 0;
// Of a step:
let above: usize = 0;
/** Import, export, fee. */
let lines: usize = 0;
let firstOrder: usize = 0;
/** restLow, restHigh, fullExport, fullImport. */
let rests: usize = 0;
let stepPrice: usize = 0;
let firmWh: usize = 0;
export let leastWh: usize = 0;
export let asksWh: usize = 0;
export let bidsWh: usize = 0;
export let forcedWh: usize = 0;
export let openAsksWh: usize = 0;
export let openBidsWh: usize = 0;
/** The step, or in an audit the node, whose margin is shared with its own. */
export let headOf: usize = 0;
/** The same of each node, told by its step. */
export let headOfNode: usize = 0;
/** Where a line cuts a margin off and leaves some of it open, in order of nodes. */
export let cutOff: usize = 0;
/** The head of the margin above each of these. */
export let headAbove: usize = 0;
// Ladders that wait for their parent's step, and what is being merged.
let waiting: usize = 0;
let rungs: usize = 0;
let work: usize = 0;
let keys: usize = 0;
let ranks: usize = 0;
/** Bought Wh, then what trades are worth as a number and 2^32 of another. */
export let found: usize = 0;

/**
 * Up to this a ladder is kept rung by rung, and beyond as long as a good part of it is new: writing a long one anew for
 * a few more rungs, hop by hop down a feeder, is what tall ladders are for.
 */
const mostRungs: i32 = 8192;
const mostRungsPerNew: i32 = 8;
/** Sorted by counting for each how many come before it. */
const mostOwn: i32 = 256;
const workBytes: usize = (<usize>mostRungs + 4) << 3;

// @ts-ignore: decorator
@inline const levelCount: i32 = 8192;
const levelsBytes: usize = 1088 + (<usize>levelCount << 3);
const tallBytes: usize = levelsBytes * 2;
/**
 * So many tall ladders wait at once at most: while one waits for a brother, the brother's orders are no more than its
 * own, so that each next one has at most half as many below it.
 */
const mostTall: i32 = 28;
const talls: usize = 64;

let end: usize = 0;
function take(count: i32, bytes: usize): usize {
  const at = end;
  end = (end + <usize>count * bytes + 63) & ~63;
  return at;
}

/** Lays the columns out for so many orders and nodes; answers with the bytes that takes. */
export function room(count: i32, nodes: i32): usize {
  end = talls + (<usize>mostTall * (tallBytes + 64));
  found = take(8, 8);
  work = take(3, workBytes);
  keys = take(mostOwn + 16, 4);
  ranks = take(mostOwn + 16, 4);
  limit = take(count + 8, 2);
  wh = take(count + 8, 4);
  node = take(count + 8, 4);
  fillsWh = take(count + 8, 4);
  parent = take(nodes, 4);
  importWh = take(nodes, 4);
  exportWh = take(nodes, 4);
  feeTicks = take(nodes, 4);
  stepOf = take(nodes, 4);
  priceTick = take(nodes, 4);
  flowWh = take(nodes, 8);
  seen = take(nodes, 32);
  above = take(nodes, 4);
  lines = take(nodes, 16);
  firstOrder = take(nodes + 1, 4);
  rests = take(nodes, 16);
  stepPrice = take(nodes, 4);
  firmWh = take(nodes, 8);
  leastWh = take(nodes, 8);
  asksWh = take(nodes, 8);
  bidsWh = take(nodes, 8);
  forcedWh = take(nodes, 8);
  openAsksWh = take(nodes, 8);
  openBidsWh = take(nodes, 8);
  headOf = take(nodes, 4);
  headOfNode = take(nodes, 4);
  cutOff = take(nodes, 4);
  headAbove = take(nodes, 4);
  waiting = take(nodes, 32);
  orders = take(count, 8);
  rungs = take(count + 2 * nodes + 8, 8);
  marginal = rungs;
  return end;
}

// @ts-ignore: decorator
@inline function at4(column: usize, i: i32): usize {
  return column + (<usize>i << 2);
}

// @ts-ignore: decorator
@inline function at8(column: usize, i: i32): usize {
  return column + (<usize>i << 3);
}

// @ts-ignore: decorator
@inline function middle(low: i32, high: i32): i32 {
  return (low + high) >> 1;
}

/** Whether every order of the book is one, so that 0 stands for none that is wrong; finds the range of prices on the way. */
export function check(count: i32, nodes: i32): i32 {
  let flaws = i32x4.splat(0);
  let limits: u32 = 0;
  let total = i64x2.splat(0);
  const one = i32x4.splat(1);
  const tooMany = i32x4.splat(nodes);
  let dearestBid: i32 = -1;
  let cheapestAsk: i32 = none;
  let i: i32 = 0;
  let bids = i16x8.splat(-1);
  let asks = i16x8.splat(0x7fff);
  let all = i16x8.splat(0);
  for (; i + 8 <= count; i += 8) {
    const x = v128.load(limit + (<usize>i << 1));
    const sells = i16x8.shr_s(i16x8.shl(x, 15), 15);
    const tick = i16x8.shr_u(x, 1);
    bids = i16x8.max_s(bids, v128.or(tick, sells));
    asks = i16x8.min_s(asks, v128.or(tick, v128.andnot(i16x8.splat(0x7fff), sells)));
    all = v128.or(all, x);
    const first = v128.load(at4(wh, i));
    const last = v128.load(at4(wh, i), 16);
    total = i64x2.add(total, i64x2.add(i64x2.extend_low_i32x4_u(first), i64x2.extend_high_i32x4_u(first)));
    total = i64x2.add(total, i64x2.add(i64x2.extend_low_i32x4_u(last), i64x2.extend_high_i32x4_u(last)));
    flaws = v128.or(flaws, v128.or(i32x4.sub(first, one), i32x4.sub(last, one)));
    flaws = v128.or(flaws, i32x4.ge_u(v128.load(at4(node, i)), tooMany));
    flaws = v128.or(flaws, i32x4.ge_u(v128.load(at4(node, i), 16), tooMany));
  }
  let totalWh = i64x2.extract_lane(total, 0) + i64x2.extract_lane(total, 1);
  let flaw: bool = false;
  for (; i < count; i++) {
    const x = <i32>load<u16>(limit + (<usize>i << 1));
    limits |= x;
    const energyWh = load<i32>(at4(wh, i));
    if (x & 1) cheapestAsk = min(cheapestAsk, x >> 1);
    else dearestBid = max(dearestBid, x >> 1);
    totalWh += energyWh;
    if (energyWh <= 0 || load<u32>(at4(node, i)) >= <u32>nodes) flaw = true;
  }
  for (let by: i32 = 0; by < 8; by++) {
    const lanes = take8 + (<usize>by << 1);
    v128.store(take8, bids);
    dearestBid = max(dearestBid, <i32>load<i16>(lanes));
    v128.store(take8, asks);
    const ask = <i32>load<i16>(lanes);
    if (ask < 0x7fff) cheapestAsk = min(cheapestAsk, ask);
    v128.store(take8, all);
    limits |= load<u16>(lanes);
  }
  lowest = min(dearestBid, cheapestAsk);
  highest = max(dearestBid, cheapestAsk);
  if (cheapestAsk >= none) lowest = highest = max(0, dearestBid);
  else if (dearestBid < 0) lowest = highest = cheapestAsk;
  flaw = flaw || limits >= 16384 || i32x4.bitmask(flaws) != 0 || totalWh > 9007199254740991;
  return <i32>flaw;
}

/** Dearer than any ask. */
const none: i32 = 1 << 20;
/** A place to take a vector apart in. */
const take8: usize = 16;

/** From the cheapest ask to the dearest bid, or what takes their place: found by `check`. */
export let lowest: i32 = 0;
export let highest: i32 = 0;

/** The walk: steps, lines and orders in its order. */
export function layOut(count: i32, nodes: i32): void {
  // Their columns are used for other things later.
  const size = stepOf;
  const owns = stepPrice;
  const sum = priceTick;
  const firstChild = rests;
  const nextBrother = at4(rests, nodes);
  memory.fill(owns, 0, <usize>nodes << 2);
  for (let i: i32 = 0; i < count; i++) {
    const own = at4(owns, load<i32>(at4(node, i)));
    store<i32>(own, load<i32>(own) + 1);
  }
  memory.copy(sum, owns, <usize>nodes << 2);
  memory.fill(firstChild, 0xff, <usize>nodes << 3);
  for (let v: i32 = 0; v < nodes; v++) store<i32>(at4(size, v), 1);
  for (let v = nodes - 1; v > 0; v--) {
    const p = load<i32>(at4(parent, v));
    const some = load<i32>(at4(sum, v));
    store<i32>(at4(size, p), load<i32>(at4(size, p)) + load<i32>(at4(size, v)));
    store<i32>(at4(sum, p), load<i32>(at4(sum, p)) + some);
    const eldest = load<i32>(at4(firstChild, p));
    if (eldest < 0 || some >= load<i32>(at4(sum, eldest))) {
      store<i32>(at4(nextBrother, v), eldest);
      store<i32>(at4(firstChild, p), v);
    } else {
      store<i32>(at4(nextBrother, v), load<i32>(at4(nextBrother, eldest)));
      store<i32>(at4(nextBrother, eldest), v);
    }
  }
  const begin = sum;
  store<i32>(begin, 0);
  for (let v: i32 = 0; v < nodes; v++) {
    let at = load<i32>(at4(begin, v));
    for (let child = load<i32>(at4(firstChild, v)); child >= 0; child = load<i32>(at4(nextBrother, child))) {
      store<i32>(at4(begin, child), at);
      at += load<i32>(at4(size, child));
    }
    store<i32>(at4(stepOf, v), at);
  }

  for (let v: i32 = 0; v < nodes; v++) {
    const step = load<i32>(at4(stepOf, v));
    store<i32>(at4(above, step), v == 0 ? -1 : load<i32>(at4(stepOf, load<i32>(at4(parent, v)))));
    const line = lines + (<usize>step << 4);
    store<i32>(line, v == 0 ? unlimitedWh : load<i32>(at4(importWh, v)));
    store<i32>(line, v == 0 ? unlimitedWh : load<i32>(at4(exportWh, v)), 4);
    store<i32>(line, v == 0 ? 0 : load<i32>(at4(feeTicks, v)), 8);
    store<i32>(at4(firstOrder, step), load<i32>(at4(owns, v)));
  }
  let before: i32 = 0;
  for (let step: i32 = 0; step < nodes; step++) {
    const own = load<i32>(at4(firstOrder, step));
    store<i32>(at4(firstOrder, step), before);
    before += own;
  }
  store<i32>(at4(firstOrder, nodes), before);
  const next = owns;
  for (let v: i32 = 0; v < nodes; v++) {
    store<i32>(at4(next, v), load<i32>(at4(firstOrder, load<i32>(at4(stepOf, v)))));
  }
  for (let i: i32 = 0; i < count; i++) {
    const place = at4(next, load<i32>(at4(node, i)));
    const to = load<i32>(place);
    store<i32>(place, to + 1);
    const order = at8(orders, to);
    store<i32>(order, load<i32>(at4(wh, i)));
    store<i32>(order, <i32>load<u16>(limit + (<usize>i << 1)), 4);
  }
}

// @ts-ignore: decorator
@inline function limitOfLine(energyWh: i32): i64 {
  return energyWh == unlimitedWh ? noLimitWh : <i64>energyWh;
}

// A waiting ladder: where it starts, where its offers start, where it ends, whose child it is, how much it wants and offers.
const ladderBytes: usize = 32;
// @ts-ignore: decorator
@inline function startOf(ladder: usize): usize {
  return load<u32>(ladder);
}
// @ts-ignore: decorator
@inline function offersOf(ladder: usize): usize {
  return load<u32>(ladder, 4);
}
// @ts-ignore: decorator
@inline function endOf(ladder: usize): usize {
  return load<u32>(ladder, 8);
}
// @ts-ignore: decorator
@inline function parentOf(ladder: usize): i32 {
  return load<i32>(ladder, 12);
}
// @ts-ignore: decorator
@inline function wantedOf(ladder: usize): i64 {
  return load<i64>(ladder, 16);
}
// @ts-ignore: decorator
@inline function tickOf(rung: usize): i32 {
  return load<i32>(rung, 4);
}
// @ts-ignore: decorator
@inline function energyOf(rung: usize): i64 {
  return <i64>load<u32>(rung);
}

/** Behind the last waiting ladder. */
let top: usize = 0;
// The ladder at hand.
let from: usize = 0;
let to: usize = 0;
let wanted: i64 = 0;
let offered: i64 = 0;
/** Rungs written and levels touched. */
let moves: f64 = 0;

/** The way up; answers with the work it was. */
export function climb(steps: i32, longestShort: i32, mostLong: i32): f64 {
  top = waiting;
  moves = 0;
  tallCount = 0;
  for (let step: i32 = 0; step < steps; step++) {
    const own = load<i32>(at4(firstOrder, step + 1)) - load<i32>(at4(firstOrder, step));
    let length = own;
    let longest: i32 = 0;
    let first = top;
    while (first > waiting && parentOf(first - ladderBytes) == step) {
      first -= ladderBytes;
      const rungsOfChild = <i32>((endOf(first) - startOf(first)) >> 3);
      length += rungsOfChild;
      longest = max(longest, rungsOfChild);
    }
    const isShort =
      length <= longestShort || (own <= mostOwn && length <= min(mostLong, mostRungsPerNew * (length - longest)));
    const isTall = tallCount > 0 && load<i32>(tallAt(tallCount - 1)) == step;
    const line = lines + (<usize>step << 4);
    if (isShort && !isTall) {
      const place = gather(step, first);
      crossLine(
        step,
        place,
        limitOfLine(load<i32>(line)),
        limitOfLine(load<i32>(line, 4)),
        load<i32>(line, 8),
        load<i32>(at4(above, step)),
      );
      continue;
    }
    if (isShort) {
      const place = gather(step, first);
      crossLine(step, place, noLimitWh, noLimitWh, 0, step);
    }
    climbTall(step, first, isTall, !isShort);
  }
  while (tallCount > 0) {
    tallCount--;
    clear(wantsOf(tallAt(tallCount)));
    clear(offersOfTall(tallAt(tallCount)));
  }
  return moves;
}

/** Answers with the place for the new ladder. */
function gather(step: i32, first: usize): usize {
  takeOwnOrders(step);
  let ladder = top;
  while (ladder > first) {
    ladder -= ladderBytes;
    merge(ladder);
  }
  const place = ladder < top ? startOf(first) : top > waiting ? endOf(top - ladderBytes) + 8 : rungs + 8;
  top = first;
  return place;
}

/** Those in the range, sorted by counting for each how many come before it: a node holds a few orders. */
function takeOwnOrders(step: i32): void {
  const begin = at8(orders, load<i32>(at4(firstOrder, step)));
  const count = load<i32>(at4(firstOrder, step + 1)) - load<i32>(at4(firstOrder, step));
  from = work + 8;
  let kept = keys;
  let wants = i64x2.splat(0);
  let offers = i64x2.splat(0);
  let numbers = i32x4(0, 1, 2, 3);
  for (let order = begin; order < begin + (<usize>count << 3); order += 32) {
    const firstTwo = v128.load(order);
    const lastTwo = v128.load(order, 16);
    const energiesWh = i32x4.shuffle(firstTwo, lastTwo, 0, 2, 4, 6);
    const limits = i32x4.shuffle(firstTwo, lastTwo, 1, 3, 5, 7);
    const ticks = i32x4.shr_u(limits, 1);
    const sells = selling(limits);
    const isOne = i32x4.lt_s(numbers, i32x4.splat(count));
    const isOffer = v128.and(isOne, v128.and(i32x4.lt_s(ticks, i32x4.splat(highest)), sells));
    const isWant = v128.and(isOne, v128.andnot(i32x4.gt_s(ticks, i32x4.splat(lowest)), sells));
    wants = plus(wants, v128.and(energiesWh, isWant));
    offers = plus(offers, v128.and(energiesWh, isOffer));
    const keysOfFour = v128.or(i32x4.shl(limits, 16), numbers);
    let bits = i32x4.bitmask(v128.or(isOffer, isWant));
    v128.store(kept, keysOfFour);
    // Nearly always all of them.
    if ((bits & (bits + 1)) == 0) kept += <usize>popcnt(bits) << 2;
    else {
      for (; bits != 0; bits &= bits - 1) {
        store<i32>(kept, load<i32>(order + (<usize>ctz(bits) << 3), 4) << 16 | <i32>(((order - begin) >> 3) + ctz(bits)));
        kept += 4;
      }
    }
    numbers = i32x4.add(numbers, i32x4.splat(4));
  }
  wanted = sumOf(wants);
  offered = sumOf(offers);
  const end = kept;
  to = from + ((end - keys) << 1);
  moves += <f64>((end - keys) >> 2);
  let rank = ranks;
  for (let twelve = keys; twelve < end; twelve += 48) {
    const one = v128.load(twelve);
    const two = v128.load(twelve, 16);
    const three = v128.load(twelve, 32);
    let beforeOne = i32x4.splat(0);
    let beforeTwo = beforeOne;
    let beforeThree = beforeOne;
    for (let key = keys; key < end; key += 4) {
      const other = v128.load32_splat(key);
      beforeOne = i32x4.sub(beforeOne, i32x4.gt_s(one, other));
      beforeTwo = i32x4.sub(beforeTwo, i32x4.gt_s(two, other));
      beforeThree = i32x4.sub(beforeThree, i32x4.gt_s(three, other));
    }
    v128.store(rank, beforeOne);
    v128.store(rank, beforeTwo, 16);
    v128.store(rank, beforeThree, 32);
    rank += 48;
  }
  for (let key = keys; key < end; key += 4) {
    const rung = at8(from, load<i32>(key + (ranks - keys)));
    const sorted = load<i32>(key);
    store<i32>(rung, load<i32>(at8(begin, sorted & 0xffff)));
    store<i32>(rung, sorted >> 17, 4);
  }
}

/** From both ends at once, for neither waits for the other; without a branch on which ladder comes next. */
function merge(ladder: usize): void {
  let i = from;
  let j = startOf(ladder);
  let iLast = to - 8;
  const childEnd = endOf(ladder);
  let jLast = childEnd - 8;
  if (j == childEnd) return;
  wanted += wantedOf(ladder);
  offered += load<i64>(ladder, 24);
  const begin = i >= work + workBytes ? work + 8 : work + workBytes + 8;
  const length = to - i + (childEnd - j);
  // There is a free place around either ladder: what followed it was merged already.
  store<i64>(to, i64.MAX_VALUE);
  store<i64>(childEnd, i64.MAX_VALUE);
  store<i64>(i - 8, -1);
  store<i64>(j - 8, -1);
  let low = begin;
  let high = begin + length - 8;
  for (; low < high; low += 8) {
    const here = load<i64>(i);
    const there = load<i64>(j);
    const isChild = tickOf(j) < tickOf(i);
    store<i64>(low, select<i64>(there, here, isChild));
    i += <usize>!isChild << 3;
    j += <usize>isChild << 3;
    const hereLast = load<i64>(iLast);
    const thereLast = load<i64>(jLast);
    const isChildLast = tickOf(jLast) >= tickOf(iLast);
    store<i64>(high, select<i64>(thereLast, hereLast, isChildLast));
    iLast -= <usize>!isChildLast << 3;
    jLast -= <usize>isChildLast << 3;
    high -= 8;
  }
  if (low == high) {
    const here = load<i64>(i);
    const there = load<i64>(j);
    store<i64>(low, <i32>(there >> 32) < <i32>(here >> 32) ? there : here);
  }
  from = begin;
  to = begin + length;
  moves += <f64>(length >> 3);
}

/** Copies rungs, with all prices moved; may write one more. */
// @ts-ignore: decorator
@inline function copy(target: usize, source: usize, sourceEnd: usize, ticks: i32): void {
  const by = i64x2.splat(<i64>ticks << 32);
  while (source < sourceEnd) {
    v128.store(target, i64x2.add(v128.load(source), by));
    source += 16;
    target += 16;
  }
}

// @ts-ignore: decorator
@inline function storeRung(rung: usize, tick: i32, energyWh: i64): void {
  store<i64>(rung, (<i64>tick << 32) | energyWh);
}

/** Writes the rungs from the one at rest, of which `splitWh` are wanted, as offers; answers with the place behind them. */
// @ts-ignore: decorator
@inline function offerUpTo(target: usize, rest: usize, next: usize, splitWh: i64, fee: i32): usize {
  if (next == rest) return target;
  const firstWh = <i32>(energyOf(rest) - splitWh);
  copy(target, rest, next, fee);
  store<i32>(target, firstWh);
  return target + (next - rest);
}

function crossLine(step: i32, at: usize, importable: i64, exportable: i64, fee: i32, waitsFor: i32): void {
  const bottom = from;
  const ceiling = to;
  let rest = bottom;
  let splitWh = wanted;
  while (rest < ceiling) {
    const energyWh = energyOf(rest);
    if (energyWh > splitWh) break;
    splitWh -= energyWh;
    rest += 8;
  }
  const restLow = splitWh > 0 ? tickOf(rest) : rest > bottom ? tickOf(rest - 8) : lowest;
  const restHigh = rest < ceiling ? tickOf(rest) : highest;

  // Wants, dearest first: how far down the line carries them.
  let target = at;
  let fullImport = lowest;
  let next = splitWh > 0 ? rest : rest - 8;
  let wantedWh: i64 = 0;
  if (wanted < importable) {
    // All the way: only those that the fee makes worthless are left out.
    wantedWh = wanted;
    let worthless = bottom;
    while (worthless < rest && tickOf(worthless) - fee <= lowest) {
      wantedWh -= energyOf(worthless);
      worthless += 8;
    }
    if (worthless < rest) next = worthless - 8;
    else if (splitWh > 0 && restHigh - fee <= lowest) wantedWh = 0;
    else next = rest - 8;
  } else {
    let leftWh = importable;
    let last = restHigh;
    let rungWh = splitWh > 0 ? splitWh : energyOf(next);
    while (next >= bottom && rungWh <= leftWh && tickOf(next) - fee > lowest) {
      leftWh -= rungWh;
      wantedWh += rungWh;
      last = tickOf(next);
      next -= 8;
      rungWh = energyOf(next);
    }
    if (next >= bottom && rungWh > leftWh) {
      fullImport = leftWh > 0 ? tickOf(next) : middle(tickOf(next), last);
      if (leftWh > 0 && tickOf(next) - fee > lowest) {
        wantedWh += leftWh;
        storeRung(target, tickOf(next) - fee, leftWh);
        target += 8;
      }
    } else if (next < bottom && leftWh == 0) fullImport = middle(lowest, last);
  }
  if (next + 8 < rest) {
    copy(target, next + 8, rest, -fee);
    target += rest - next - 8;
  }
  if (splitWh > 0 && next < rest) {
    storeRung(target, restHigh - fee, splitWh);
    target += 8;
  }
  const offers = target;

  // Offers, cheapest first.
  let fullExport = highest;
  let offeredWh: i64 = 0;
  next = rest;
  if (offered < exportable) {
    offeredWh = offered;
    next = ceiling;
    while (next > rest && tickOf(next - 8) + fee >= highest) {
      next -= 8;
      offeredWh -= energyOf(next);
    }
    // The first of them is wanted in part.
    if (next == rest) offeredWh = 0;
    target = offerUpTo(target, rest, next, splitWh, fee);
  } else {
    let leftWh = exportable;
    let last = restLow;
    let rungWh = energyOf(rest) - splitWh;
    while (next < ceiling && rungWh <= leftWh && tickOf(next) + fee < highest) {
      leftWh -= rungWh;
      offeredWh += rungWh;
      last = tickOf(next);
      next += 8;
      rungWh = energyOf(next);
    }
    target = offerUpTo(target, rest, next, splitWh, fee);
    if (next < ceiling && rungWh > leftWh) {
      fullExport = leftWh > 0 ? tickOf(next) : middle(last, tickOf(next));
      if (leftWh > 0 && tickOf(next) + fee < highest) {
        offeredWh += leftWh;
        storeRung(target, tickOf(next) + fee, leftWh);
        target += 8;
      }
    } else if (next == ceiling && leftWh == 0) fullExport = middle(last, highest);
  }

  store<u32>(top, <u32>at);
  store<u32>(top, <u32>offers, 4);
  store<u32>(top, <u32>target, 8);
  store<i32>(top, waitsFor, 12);
  store<i64>(top, wantedWh, 16);
  store<i64>(top, offeredWh, 24);
  top += ladderBytes;
  moves += <f64>((target - at) >> 3);
  storeRests(step, restLow, restHigh, fullExport, fullImport);
}

function storeRests(step: i32, restLow: i32, restHigh: i32, fullExport: i32, fullImport: i32): void {
  const at = rests + (<usize>step << 4);
  store<i32>(at, restLow);
  store<i32>(at, restHigh, 4);
  store<i32>(at, fullExport, 8);
  store<i32>(at, fullImport, 12);
}

// Energy by price, as in `price-levels.ts`: low, high, count, shift, total, then the used places as bits, then energies.
const levelWords: i32 = 256;
const bitsAt: usize = 32;
const energiesAt: usize = 1088;
// @ts-ignore: decorator
@inline function low_(levels: usize): i32 {
  return load<i32>(levels);
}
// @ts-ignore: decorator
@inline function high_(levels: usize): i32 {
  return load<i32>(levels, 4);
}
// @ts-ignore: decorator
@inline function count_(levels: usize): i32 {
  return load<i32>(levels, 8);
}
// @ts-ignore: decorator
@inline function total_(levels: usize): i64 {
  return load<i64>(levels, 16);
}
// @ts-ignore: decorator
@inline function placeOf(levels: usize, tick: i32): i32 {
  return (tick - load<i32>(levels, 12)) & (levelCount - 1);
}
// @ts-ignore: decorator
@inline function levelWh(levels: usize, tick: i32): i64 {
  return load<i64>(levels + energiesAt + (<usize>placeOf(levels, tick) << 3));
}

function add(levels: usize, tick: i32, energyWh: i64): void {
  const place = placeOf(levels, tick);
  const cell = levels + energiesAt + (<usize>place << 3);
  const before = load<i64>(cell);
  store<i64>(levels, total_(levels) + energyWh, 16);
  store<i64>(cell, before + energyWh);
  if (before != 0) return;
  const word = levels + bitsAt + (<usize>(place >> 5) << 2);
  store<u32>(word, load<u32>(word) | (1 << (place & 31)));
  const count = count_(levels);
  store<i32>(levels, count == 0 ? tick : min(tick, low_(levels)));
  store<i32>(levels, count == 0 ? tick : max(tick, high_(levels)), 4);
  store<i32>(levels, count + 1, 8);
}

function takeFrom(levels: usize, tick: i32, energyWh: i64): void {
  const place = placeOf(levels, tick);
  const cell = levels + energiesAt + (<usize>place << 3);
  const left = load<i64>(cell) - energyWh;
  store<i64>(levels, total_(levels) - energyWh, 16);
  store<i64>(cell, left);
  if (left != 0) return;
  const word = levels + bitsAt + (<usize>(place >> 5) << 2);
  store<u32>(word, load<u32>(word) & ~(1 << (place & 31)));
  store<i32>(levels, count_(levels) - 1, 8);
  if (count_(levels) == 0) return;
  if (tick == low_(levels)) store<i32>(levels, tick + stepsUp(levels, place));
  if (tick == high_(levels)) store<i32>(levels, tick - stepsDown(levels, place), 4);
}

/** From an empty place to the next used one, which there must be. */
function stepsUp(levels: usize, place: i32): i32 {
  let word = place >> 5;
  let bits = load<u32>(levels + bitsAt + (<usize>word << 2)) & (<u32>-1 << (place & 31));
  while (bits == 0) {
    word = (word + 1) & (levelWords - 1);
    bits = load<u32>(levels + bitsAt + (<usize>word << 2));
  }
  return ((word << 5) + <i32>ctz(bits) - place) & (levelCount - 1);
}

function stepsDown(levels: usize, place: i32): i32 {
  let word = place >> 5;
  let bits = load<u32>(levels + bitsAt + (<usize>word << 2)) & (<u32>-1 >> (31 - (place & 31)));
  while (bits == 0) {
    word = (word - 1) & (levelWords - 1);
    bits = load<u32>(levels + bitsAt + (<usize>word << 2));
  }
  return (place - (word << 5) - 31 + <i32>clz(bits)) & (levelCount - 1);
}

function moveBy(levels: usize, ticks: i32): void {
  store<i32>(levels, low_(levels) + ticks);
  store<i32>(levels, high_(levels) + ticks, 4);
  store<i32>(levels, load<i32>(levels, 12) + ticks, 12);
}

function clear(levels: usize): void {
  while (count_(levels) > 0) takeFrom(levels, low_(levels), levelWh(levels, low_(levels)));
  store<i32>(levels, 0, 12);
}

// Tall ladders, the latest last: whose child it is, then wants and offers by level.
let tallCount: i32 = 0;
// @ts-ignore: decorator
@inline function tallAt(k: i32): usize {
  return talls + <usize>k * (tallBytes + 64);
}
// @ts-ignore: decorator
@inline function wantsOf(tall: usize): usize {
  return tall + 64;
}
// @ts-ignore: decorator
@inline function offersOfTall(tall: usize): usize {
  return tall + 64 + levelsBytes;
}

function climbTall(step: i32, first: usize, isTall: bool, takesOwn: bool): void {
  if (!isTall) {
    if (tallCount == mostTall) unreachable();
    tallCount++;
  }
  const tall = tallAt(tallCount - 1);
  const wants = wantsOf(tall);
  const offers = offersOfTall(tall);
  while (top > first) {
    top -= ladderBytes;
    const end = endOf(top);
    const middleRung = offersOf(top);
    moves += <f64>((end - startOf(top)) >> 3);
    for (let rung = startOf(top); rung < middleRung; rung += 8) add(wants, tickOf(rung), energyOf(rung));
    for (let rung = middleRung; rung < end; rung += 8) add(offers, tickOf(rung), energyOf(rung));
  }
  if (takesOwn) {
    const end = at8(orders, load<i32>(at4(firstOrder, step + 1)));
    for (let order = at8(orders, load<i32>(at4(firstOrder, step))); order < end; order += 8) {
      const x = load<i32>(order, 4);
      if (x & 1) {
        if (x >> 1 < highest) add(offers, x >> 1, energyOf(order));
      } else if (x >> 1 > lowest) add(wants, x >> 1, energyOf(order));
      moves += 1;
    }
  }
  crossTall(step, wants, offers);

  // A brother that waits already takes it in, so that few tall ladders are kept.
  const waitsFor = load<i32>(at4(above, step));
  store<i32>(tall, waitsFor);
  if (tallCount > 1 && load<i32>(tallAt(tallCount - 2)) == waitsFor) {
    tallCount--;
    const brother = tallAt(tallCount - 1);
    moves += <f64>(count_(wants) + count_(offers));
    pour(wants, wantsOf(brother));
    pour(offers, offersOfTall(brother));
  }
}

function pour(source: usize, into: usize): void {
  while (count_(source) > 0) {
    const tick = low_(source);
    const energyWh = levelWh(source, tick);
    add(into, tick, energyWh);
    takeFrom(source, tick, energyWh);
  }
  store<i32>(source, 0, 12);
}

function crossTall(step: i32, wants: usize, offers: usize): void {
  // Wants that are worth more than offers cost are met inside.
  while (count_(wants) > 0 && count_(offers) > 0 && high_(wants) > low_(offers)) {
    const dear = high_(wants);
    const cheap = low_(offers);
    const energyWh = min(levelWh(wants, dear), levelWh(offers, cheap));
    takeFrom(wants, dear, energyWh);
    takeFrom(offers, cheap, energyWh);
    add(wants, cheap, energyWh);
    add(offers, dear, energyWh);
    moves += 1;
  }
  const restLow = count_(wants) > 0 ? high_(wants) : lowest;
  const restHigh = count_(offers) > 0 ? low_(offers) : highest;
  const line = lines + (<usize>step << 4);
  const fee = load<i32>(line, 8);

  let surplusWh = total_(wants) - limitOfLine(load<i32>(line));
  cut(wants, surplusWh, false);
  let stop = cutTick < 0 ? lowest : cutTick;
  const fullImport =
    cutWithin || surplusWh < 0 ? stop : middle(stop, count_(wants) > 0 ? low_(wants) : restHigh);
  surplusWh = total_(offers) - limitOfLine(load<i32>(line, 4));
  cut(offers, surplusWh, true);
  stop = cutTick < 0 ? highest : cutTick;
  const fullExport =
    cutWithin || surplusWh < 0 ? stop : middle(count_(offers) > 0 ? high_(offers) : restLow, stop);

  moveBy(wants, -fee);
  moveBy(offers, fee);
  while (count_(wants) > 0 && low_(wants) <= lowest) takeFrom(wants, low_(wants), levelWh(wants, low_(wants)));
  while (count_(offers) > 0 && high_(offers) >= highest) {
    takeFrom(offers, high_(offers), levelWh(offers, high_(offers)));
  }
  storeRests(step, restLow, restHigh, fullExport, fullImport);
}

/** Where the last cut stopped, below 0 for nowhere, and whether within a level. */
let cutTick: i32 = -1;
let cutWithin: bool = false;

function cut(levels: usize, surplusWh: i64, fromHigh: bool): void {
  cutTick = -1;
  cutWithin = false;
  while (surplusWh > 0) {
    cutTick = fromHigh ? high_(levels) : low_(levels);
    const energyWh = levelWh(levels, cutTick);
    if (energyWh > surplusWh) {
      takeFrom(levels, cutTick, surplusWh);
      cutWithin = true;
      return;
    }
    takeFrom(levels, cutTick, energyWh);
    surplusWh -= energyWh;
  }
}

/** The way down: the price of every step, and so of every node. */
export function descend(steps: i32): void {
  const root = steps - 1;
  const rootRest = rests + (<usize>root << 4);
  store<i32>(at4(stepPrice, root), middle(load<i32>(rootRest), load<i32>(rootRest, 4)));
  for (let step = root - 1; step >= 0; step--) {
    const line = lines + (<usize>step << 4);
    const rest = rests + (<usize>step << 4);
    const restLow = load<i32>(rest);
    const restHigh = load<i32>(rest, 4);
    const price = load<i32>(at4(stepPrice, load<i32>(at4(above, step))));
    const ifExporting = price - load<i32>(line, 8);
    const ifImporting = price + load<i32>(line, 8);
    const exports = load<i32>(line, 4) > 0;
    const imports = load<i32>(line) > 0;
    let tick = middle(restLow, restHigh);
    if (exports && ifExporting > restHigh) tick = min(ifExporting, load<i32>(rest, 8));
    else if (imports && ifImporting < restLow) tick = max(ifImporting, load<i32>(rest, 12));
    else {
      if (exports && tick < ifExporting) tick = ifExporting;
      if (imports && tick > ifImporting) tick = ifImporting;
    }
    store<i32>(at4(stepPrice, step), tick);
  }
  for (let v: i32 = 0; v < steps; v++) {
    store<i32>(at4(priceTick, v), load<i32>(at4(stepPrice, load<i32>(at4(stepOf, v)))));
  }
}

/** How many lines cut a margin off. */
export let cutOffs: i32 = 0;

/** After `fill`, with so many marginal orders: what the prices leave open, by step, and true; or false when they leave a line no flow. */
export function openMargins(steps: i32, marginals: i32): bool {
  memory.fill(asksWh, 0, <usize>steps << 3);
  memory.fill(bidsWh, 0, <usize>steps << 3);
  for (let v: i32 = 0; v < steps; v++) {
    const step = load<i32>(at4(stepOf, v));
    const firm = <f64>load<i64>(seen + (<usize>v << 4));
    store<f64>(at8(firmWh, step), firm);
    store<f64>(at8(leastWh, step), firm);
  }
  for (let k: i32 = 0; k < marginals; k++) {
    const i = load<i32>(at4(marginal, k));
    const step = load<i32>(at4(stepOf, load<i32>(at4(node, i))));
    const energyWh = <f64>load<i32>(at4(wh, i));
    if (load<u16>(limit + (<usize>i << 1)) & 1) addTo(at8(asksWh, step), energyWh);
    else {
      addTo(at8(bidsWh, step), energyWh);
      addTo(at8(leastWh, step), -energyWh);
    }
  }
  for (let step: i32 = 0; step < steps; step++) {
    const up = load<i32>(at4(above, step));
    if (up < 0) break;
    const line = lines + (<usize>step << 4);
    const difference = load<i32>(at4(stepPrice, up)) - load<i32>(at4(stepPrice, step));
    const fee = load<i32>(line, 8);
    let low = difference <= -fee ? -<f64>limitOfLine(load<i32>(line)) : 0;
    let high = difference >= fee ? <f64>limitOfLine(load<i32>(line, 4)) : 0;
    if (difference > fee) low = high;
    if (difference < -fee) high = low;

    const least = load<f64>(at8(leastWh, step));
    const asks = load<f64>(at8(asksWh, step));
    const most = least + asks + load<f64>(at8(bidsWh, step));
    if (!(least <= high && most >= low)) return false;
    const forced = max(0, low - least);
    const reach = min(high, most) - least;
    const openAsks = max(0, min(asks, reach) - forced);
    const openBids = reach - forced - openAsks;
    store<f64>(at8(forcedWh, step), forced);
    store<f64>(at8(openAsksWh, step), openAsks);
    store<f64>(at8(openBidsWh, step), openBids);
    addTo(at8(leastWh, up), least + forced);
    addTo(at8(asksWh, up), openAsks);
    addTo(at8(bidsWh, up), openBids);
  }
  const root = steps - 1;
  store<i32>(at4(headOf, root), root);
  for (let step = root - 1; step >= 0; step--) {
    const isJoined =
      load<f64>(at8(openAsksWh, step)) == load<f64>(at8(asksWh, step)) &&
      load<f64>(at8(openBidsWh, step)) == load<f64>(at8(bidsWh, step));
    store<i32>(at4(headOf, step), isJoined ? load<i32>(at4(headOf, load<i32>(at4(above, step)))) : step);
  }
  let to = cutOff;
  for (let v: i32 = 0; v < steps; v++) {
    const step = load<i32>(at4(stepOf, v));
    const head = load<i32>(at4(headOf, step));
    store<i32>(at4(headOfNode, v), head);
    const isOpen = head == step && v > 0 && load<f64>(at8(openAsksWh, step)) + load<f64>(at8(openBidsWh, step)) > 0;
    if (!isOpen) continue;
    store<i32>(to, step);
    store<i32>(to + (headAbove - cutOff), load<i32>(at4(headOf, load<i32>(at4(above, step)))));
    to += 4;
  }
  cutOffs = <i32>((to - cutOff) >> 2);
  return true;
}

// @ts-ignore: decorator
@inline function addTo(cell: usize, energyWh: f64): void {
  store<f64>(cell, load<f64>(cell) + energyWh);
}

/** So many products of a tick and an order's Wh add up to less than 2^63. */
const productsThatFit: i32 = 1 << 18;

/** Passes read four orders at a time: those behind the book are empty, with a limit that no price equals. */
function endBook(count: i32): void {
  for (let i = count; i < count + 4; i++) {
    store<u16>(limit + (<usize>i << 1), 0xffff);
    store<i32>(at4(wh, i), 0);
    store<i32>(at4(node, i), 0);
    store<i32>(at4(fillsWh, i), 0);
  }
}

// @ts-ignore: decorator
@inline function limitsAt(i: i32): v128 {
  return i32x4.extend_low_i16x8_u(v128.load64_zero(limit + (<usize>i << 1)));
}

/** All ones where the order sells. */
// @ts-ignore: decorator
@inline function selling(limits: v128): v128 {
  return i32x4.shr_s(i32x4.shl(limits, 31), 31);
}

/** Notes the orders whose bit is set, counted from `i`; answers with the address behind them. */
function noteMarginal(to: usize, bits: i32, i: i32): usize {
  while (bits != 0) {
    store<i32>(to, i + ctz(bits));
    to += 4;
    bits &= bits - 1;
  }
  return to;
}

// @ts-ignore: decorator
@inline function sumOf(sum: v128): i64 {
  return i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1);
}

/** Adds four energies, or what is bought and what is sold as a negative number, as 64-bit numbers. */
// @ts-ignore: decorator
@inline function plus(sum: v128, energiesWh: v128): v128 {
  return i64x2.add(
    sum,
    i64x2.add(i64x2.extend_low_i32x4_s(energiesWh), i64x2.extend_high_i32x4_s(energiesWh)),
  );
}

// @ts-ignore: decorator
@inline function plusProducts(sum: v128, ticks: v128, energiesWh: v128): v128 {
  return i64x2.add(
    sum,
    i64x2.add(i64x2.extmul_low_i32x4_s(ticks, energiesWh), i64x2.extmul_high_i32x4_s(ticks, energiesWh)),
  );
}

// @ts-ignore: decorator
@inline function subtractFrom(cell: usize, energyWh: i32): void {
  store<i64>(cell, load<i64>(cell) - <i64>energyWh);
}

/** Fills what is better than its node's price; notes the marginal orders in book order and answers with their number. */
export function fill(count: i32, nodes: i32): i32 {
  endBook(count);
  for (let v: i32 = 0; v < nodes; v++) {
    const at = seen + (<usize>v << 4);
    store<i64>(at, 0);
    store<i32>(at, load<i32>(at4(priceTick, v)), 8);
  }
  let to = marginal;
  let bought = i64x2.splat(0);
  let near: i64 = 0;
  let far: i64 = 0;
  for (let first: i32 = 0; first < count; first += productsThatFit) {
    const end = min(count, first + productsThatFit);
    let worth = i64x2.splat(0);
    for (let i = first; i < end; i += 4) {
      const at0 = seen + (<usize>load<i32>(at4(node, i)) << 4);
      const at1 = seen + (<usize>load<i32>(at4(node, i), 4) << 4);
      const at2 = seen + (<usize>load<i32>(at4(node, i), 8) << 4);
      const at3 = seen + (<usize>load<i32>(at4(node, i), 12) << 4);
      let prices = v128.load32_zero(at0, 8);
      prices = v128.load32_lane(at1, prices, 1, 8);
      prices = v128.load32_lane(at2, prices, 2, 8);
      prices = v128.load32_lane(at3, prices, 3, 8);
      const limits = limitsAt(i);
      const ticks = i32x4.shr_u(limits, 1);
      const sells = selling(limits);
      const better = i32x4.sub(ticks, prices);
      const isMarginal = i32x4.eq(ticks, prices);
      const fails = v128.or(v128.xor(i32x4.shr_s(better, 31), sells), isMarginal);
      const fills = v128.andnot(v128.load(at4(wh, i)), fails);
      const boughtOrSold = i32x4.sub(v128.xor(fills, sells), sells);
      v128.store(at4(fillsWh, i), fills);
      subtractFrom(at0, i32x4.extract_lane(boughtOrSold, 0));
      subtractFrom(at1, i32x4.extract_lane(boughtOrSold, 1));
      subtractFrom(at2, i32x4.extract_lane(boughtOrSold, 2));
      subtractFrom(at3, i32x4.extract_lane(boughtOrSold, 3));
      bought = plus(bought, v128.andnot(fills, sells));
      worth = plusProducts(worth, ticks, boughtOrSold);
      if (v128.any_true(isMarginal)) to = noteMarginal(to, i32x4.bitmask(isMarginal), i);
    }
    const some = sumOf(worth);
    far += some >> 32;
    near += some & energyMask;
  }
  store<f64>(found, <f64>sumOf(bought));
  store<i64>(found, near, 8);
  store<i64>(found, far, 16);
  return <i32>((to - marginal) >> 2);
}

/**
 * Reads every order with its fill: at which prices each node's orders want just their fills, what they send, what they
 * are worth. Notes the marginal orders and answers with their number, or -1 when a fill is not one.
 */
export function audit(count: i32, nodes: i32): i32 {
  endBook(count);
  for (let v: i32 = 0; v < nodes; v++) {
    const at = seen + (<usize>v << 5);
    store<i64>(at, 0);
    store<i32>(at, lowest, 8);
    store<i32>(at, -highest, 12);
    store<i32>(at, load<i32>(at4(priceTick, v)), 16);
  }
  let to = marginal;
  let bought = i64x2.splat(0);
  let near: i64 = 0;
  let far: i64 = 0;
  let flaws = i32x4.splat(0);
  for (let first: i32 = 0; first < count; first += productsThatFit) {
    const end = min(count, first + productsThatFit);
    let worth = i64x2.splat(0);
    for (let i = first; i < end; i += 4) {
      const at0 = seen + (<usize>load<i32>(at4(node, i)) << 5);
      const at1 = seen + (<usize>load<i32>(at4(node, i), 4) << 5);
      const at2 = seen + (<usize>load<i32>(at4(node, i), 8) << 5);
      const at3 = seen + (<usize>load<i32>(at4(node, i), 12) << 5);
      let prices = v128.load32_zero(at0, 16);
      prices = v128.load32_lane(at1, prices, 1, 16);
      prices = v128.load32_lane(at2, prices, 2, 16);
      prices = v128.load32_lane(at3, prices, 3, 16);
      const limits = limitsAt(i);
      const ticks = i32x4.shr_u(limits, 1);
      const sells = selling(limits);
      const fills = v128.load(at4(fillsWh, i));
      const left = i32x4.sub(v128.load(at4(wh, i)), fills);
      flaws = v128.or(flaws, v128.or(fills, left));
      const boughtOrSold = i32x4.sub(v128.xor(fills, sells), sells);
      subtractFrom(at0, i32x4.extract_lane(boughtOrSold, 0));
      subtractFrom(at1, i32x4.extract_lane(boughtOrSold, 1));
      subtractFrom(at2, i32x4.extract_lane(boughtOrSold, 2));
      subtractFrom(at3, i32x4.extract_lane(boughtOrSold, 3));
      // An ask that sells and a bid that is left over would not stand at a lower price; the others at no higher one.
      const none = i32x4.splat(-levelCount);
      const keepsUp = v128.bitselect(fills, left, sells);
      const keepsDown = v128.bitselect(left, fills, sells);
      const low = v128.bitselect(ticks, none, i32x4.gt_s(keepsUp, i32x4.splat(0)));
      const negativeHigh = v128.bitselect(i32x4.neg(ticks), none, i32x4.gt_s(keepsDown, i32x4.splat(0)));
      const firstTwo = i32x4.shuffle(low, negativeHigh, 0, 4, 1, 5);
      const lastTwo = i32x4.shuffle(low, negativeHigh, 2, 6, 3, 7);
      narrow(at0, firstTwo);
      narrow(at1, i64x2.shuffle(firstTwo, firstTwo, 1, 1));
      narrow(at2, lastTwo);
      narrow(at3, i64x2.shuffle(lastTwo, lastTwo, 1, 1));
      bought = plus(bought, v128.andnot(fills, sells));
      worth = plusProducts(worth, ticks, boughtOrSold);
      const isMarginal = i32x4.eq(ticks, prices);
      if (v128.any_true(isMarginal)) to = noteMarginal(to, i32x4.bitmask(isMarginal), i);
    }
    const some = sumOf(worth);
    far += some >> 32;
    near += some & energyMask;
  }
  store<f64>(found, <f64>sumOf(bought));
  store<i64>(found, near, 8);
  store<i64>(found, far, 16);
  return i32x4.bitmask(flaws) != 0 ? -1 : <i32>((to - marginal) >> 2);
}

/** Raises the lowest price and lowers the highest, which stands there as a negative number, to be raised as well. */
// @ts-ignore: decorator
@inline function narrow(at: usize, lowAndNegativeHigh: v128): void {
  v128.store64_lane(at, i32x4.max_s(v128.load64_zero(at, 8), lowAndNegativeHigh), 0, 8);
}

/**
 * Whether, after an audit of the orders, each line carries what its subtree sends, within its limits and at a gain that
 * its prices allow, and each price is the middle of what it may be; takes the fees off what the trades are worth.
 */
export function auditLines(nodes: i32): bool {
  let near = load<i64>(found, 8);
  let far = load<i64>(found, 16);
  // First all prices, because what follows reckons with those above.
  for (let v: i32 = 0; v < nodes; v++) {
    const at = seen + (<usize>v << 5);
    const price = load<i32>(at, 16);
    if (price < load<i32>(at, 8) || -price < load<i32>(at, 12)) return false;
  }
  for (let v = nodes - 1; v > 0; v--) {
    const at = seen + (<usize>v << 5);
    const told = load<f64>(at8(flowWh, v));
    const flow = load<i64>(at);
    if (<f64>flow != told) return false;
    const importable = limitOfLine(load<i32>(at4(importWh, v)));
    const exportable = limitOfLine(load<i32>(at4(exportWh, v)));
    if (flow > exportable || flow < -importable) return false;

    // By how much the price above may be higher: a flow pays its fee, and gains more only on a full line.
    const fee = load<i32>(at4(feeTicks, v));
    const least = flow > 0 ? fee : flow > -importable ? -fee : -farOff;
    const most = flow < 0 ? -fee : flow < exportable ? fee : farOff;
    const up = seen + (<usize>load<i32>(at4(parent, v)) << 5);
    const price = load<i32>(at, 16);
    const priceAbove = load<i32>(up, 16);
    const difference = priceAbove - price;
    if (difference < least || difference > most) return false;
    const low = load<i32>(at, 8);
    const high = -load<i32>(at, 12);
    if (price != max(priceAbove - most, min(priceAbove - least, middle(low, high)))) return false;

    store<i64>(up, load<i64>(up) + flow);
    store<i32>(up, max(load<i32>(up, 8), low + least), 8);
    store<i32>(up, max(load<i32>(up, 12), -(high + most)), 12);
    const carried = flow < 0 ? -flow : flow;
    near -= <i64>fee * (carried & energyMask);
    far -= <i64>fee * (carried >> 32);
    far += near >> 32;
    near &= energyMask;
  }
  store<i64>(found, near, 8);
  store<i64>(found, far, 16);
  return (
    load<i64>(seen) == 0 &&
    load<f64>(flowWh) == 0 &&
    load<i32>(seen, 16) == middle(load<i32>(seen, 8), -load<i32>(seen, 12))
  );
}

/** Farther than any prices lie apart. */
const farOff: i32 = 1 << 24;

/**
 * After a clean audit: the margins as `shares-flaw.ts` has them, by node. The least a subtree could send stands
 * in `leastWh`, what its line leaves open in `asksWh` and `bidsWh`. Answers with the number of lines that cut one off.
 */
export function auditMargins(nodes: i32, marginals: i32): i32 {
  const usedWh = firmWh;
  memory.fill(asksWh, 0, <usize>nodes << 3);
  memory.fill(bidsWh, 0, <usize>nodes << 3);
  memory.fill(usedWh, 0, <usize>nodes << 3);
  for (let k: i32 = 0; k < marginals; k++) {
    const i = load<i32>(at4(marginal, k));
    const v = load<i32>(at4(node, i));
    const energyWh = load<i32>(at4(wh, i));
    const fillWh = load<i32>(at4(fillsWh, i));
    const sells = load<u16>(limit + (<usize>i << 1)) & 1;
    addTo(at8(sells ? asksWh : bidsWh, v), <f64>energyWh);
    addTo(at8(usedWh, v), <f64>(sells ? fillWh : energyWh - fillWh));
  }
  for (let v = nodes - 1; v > 0; v--) {
    const up = load<i32>(at4(parent, v));
    const difference = load<i32>(seen + (<usize>up << 5), 16) - load<i32>(seen + (<usize>v << 5), 16);
    const fee = load<i32>(at4(feeTicks, v));
    let low: f64 = 0;
    let high: f64 = 0;
    if (difference >= fee) high = <f64>limitOfLine(load<i32>(at4(exportWh, v)));
    if (difference <= -fee) low = -<f64>limitOfLine(load<i32>(at4(importWh, v)));
    if (difference > fee) low = high;
    if (difference < -fee) high = low;

    let asks = load<f64>(at8(asksWh, v));
    let bids = load<f64>(at8(bidsWh, v));
    const flow = load<f64>(at8(flowWh, v));
    const inside = flow - load<f64>(at8(usedWh, v));
    const most = inside + asks + bids;
    const least = max(inside, low);
    const isCutOff = inside < low || most > high;
    if (isCutOff) {
      const openTo = min(most, high);
      asks = max(0, min(inside + asks, openTo) - least);
      bids = openTo - least - asks;
      store<f64>(at8(asksWh, v), asks);
      store<f64>(at8(bidsWh, v), bids);
    }
    store<f64>(at8(leastWh, v), least);
    store<i32>(at4(headOf, v), isCutOff ? v : up);
    addTo(at8(asksWh, up), asks);
    addTo(at8(bidsWh, up), bids);
    addTo(at8(usedWh, up), flow - least);
  }
  store<i32>(headOf, 0);
  let to = cutOff;
  for (let v: i32 = 1; v < nodes; v++) {
    const head = load<i32>(at4(headOf, v));
    if (head == v) {
      store<i32>(to, v);
      to += <usize>(load<f64>(at8(asksWh, v)) + load<f64>(at8(bidsWh, v)) > 0) << 2;
    } else store<i32>(at4(headOf, v), load<i32>(at4(headOf, head)));
  }
  return <i32>((to - cutOff) >> 2);
}

/** After the margins are filled: what the lines carry, and all sums; whether what is bought is sold. */
export function total(marginals: i32, nodes: i32): bool {
  let bought = load<f64>(found);
  let near = load<i64>(found, 8);
  let far = load<i64>(found, 16);
  for (let k: i32 = 0; k < marginals; k++) {
    const i = load<i32>(at4(marginal, k));
    const x = <i32>load<u16>(limit + (<usize>i << 1));
    const sells = -(x & 1);
    const fillWh = load<i32>(at4(fillsWh, i));
    const sent = seen + (<usize>load<i32>(at4(node, i)) << 4);
    store<i64>(sent, load<i64>(sent) - <i64>((fillWh ^ sells) - sells));
    bought += <f64>(fillWh & ~sells);
    near += <i64>(((x >> 1) ^ sells) - sells) * <i64>fillWh;
    far += near >> 32;
    near &= energyMask;
  }
  for (let v = nodes - 1; v > 0; v--) {
    const flow = load<i64>(seen + (<usize>v << 4));
    const up = seen + (<usize>load<i32>(at4(parent, v)) << 4);
    store<i64>(up, load<i64>(up) + flow);
    store<f64>(at8(flowWh, v), <f64>flow);
    const fee = <i64>load<i32>(at4(feeTicks, v));
    const carried = flow < 0 ? -flow : flow;
    near -= fee * (carried & energyMask);
    far -= fee * (carried >> 32);
    far += near >> 32;
    near &= energyMask;
  }
  store<f64>(flowWh, 0);
  store<f64>(found, bought);
  store<i64>(found, near, 8);
  store<i64>(found, far, 16);
  return load<i64>(seen) == 0;
}
