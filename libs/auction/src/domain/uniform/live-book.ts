import type { ClearingRules, PriceRule } from '../book/clearing.js';
import type { BookColumns, ClearingColumns } from '../book/columns.js';
import { mostMembers, mostOrders } from '../book/book.js';
import { BadInput, mustBe } from '../bad-input.js';
import { checkedPriceRule, checkedRules } from '../book/checked-rules.js';
import { invariant } from '../invariant.js';
import { equalsFavoured, type Kernel, type KernelKind, lastRemainder, limitCount, noLimit } from '../kernels/kernel.js';
import { endBook, threadKernel } from '../kernels/thread-kernel.js';
import { type Checked, type Refusal, refused, taken } from '../refusal.js';
import { inBookOrder, isInBookOrder } from './book-order.js';
import { clearingOf, fillAt, nothingTraded, splitAt } from './clear-uniform.js';
import { Depth, type Indication } from './depth.js';
import { mostSideWh, type Rationing } from './equilibrium.js';

/** Names an order in its live book until it is cancelled; a number, so that nothing is made for it. */
export type OrderHandle = number & { readonly of: 'LiveBook' };

/** A live book at its gate. */
export interface FrozenBook {
  readonly book: BookColumns;
  /** The slot of each order of the book. */
  readonly slots: Int32Array;
}

/** The clearing of a live book where its orders lie: `slotOf` says where that is. */
export interface SlotClearing extends Omit<ClearingColumns, 'fillsWh'> {
  readonly slotFillsWh: Int32Array;
}

// Constants of this module, which the compiler knows; what is imported it loads for each order.
const memberBits = mostMembers - 1;
const limitBits = limitCount - 1;
const mostWh = 2 ** 31 - 1;
const slotRange = 2 ** 26;
const mostGenerations = 2 ** 26;
/** So few orders cannot add up to 2^53 Wh, whatever they are. */
const fewOrders = 2 ** 22;
const leastRoom = 64;
const noSlot = -1;

/**
 * The book of a zone while it is open. Orders lie in slots of typed arrays, a cancelled one's slot is used again, and the
 * depth is kept with every change, so that the price is known at any moment whatever the number of orders.
 */
export class LiveBook {
  private member = new Int32Array(0);
  private limit = new Uint16Array(0);
  private wh = new Int32Array(0);
  /**
   * How often an order of a slot has gone: a handle to it is refused from then on. Counted on from those of the book before
   * it was emptied. A free slot names the next free one as its member.
   */
  private gone = new Int32Array(0);
  private goneBefore = 0;
  private mostGone = 0;
  private firstFree = noSlot;
  private slotsUsed = 0;
  private latestSlot = noSlot;
  private live = 0;
  private readonly depth = new Depth();
  private readonly limits: number;
  private readonly beside: Refusal;
  private readonly full: Refusal;

  /** `capacity` is the most orders at one time, `ticks` the length of the zone's price grid. */
  constructor(
    private readonly capacity: number,
    private readonly ticks: number = limitCount / 2,
  ) {
    if (!isWhole(capacity, 1, mostOrders))
      throw new BadInput(refusal('OUT_OF_RANGE', 'capacity', `a whole number from 1 to ${mostOrders}`));
    if (!isWhole(ticks, 1, limitCount / 2))
      throw new BadInput(refusal('OUT_OF_RANGE', 'ticks', `a whole number from 1 to ${limitCount / 2}`));
    this.limits = 2 * ticks;
    this.beside = refusal('OUT_OF_RANGE', 'tick', `a whole number below ${ticks}`);
    this.full = refusal('TOO_MANY', 'orders', `at most ${capacity} at one time`);
  }

  private get columns() {
    return { member: this.member, limit: this.limit, wh: this.wh };
  }

  /** The orders that are live. */
  get count(): number {
    return this.live;
  }

  add(member: number, side: 'BUY' | 'SELL', tick: number, energyWh: number): Checked<OrderHandle> {
    if (side !== 'BUY' && side !== 'SELL') return refused('MALFORMED', 'side', 'BUY or SELL');
    if (!isWhole(tick, 0, this.ticks - 1)) return { ok: false, refusal: this.beside };
    const refusal = this.addLimit(member, tick * 2 + (side === 'SELL' ? 1 : 0), energyWh);
    return refusal ? { ok: false, refusal } : taken(this.latest);
  }

  /**
   * The same for an order that comes as numbers, the tick and side as a column has them: twice the tick, and one more for
   * a sell. Answers with why it is not taken; where it is, nothing is made for it, and `latest` is its handle.
   */
  addLimit(member: number, limit: number, energyWh: number): Refusal | undefined {
    // Whatever has other bits than it may have, or a fraction, is changed by the mask.
    if ((member & memberBits) !== member) return noMember;
    if ((limit & limitBits) !== limit || limit >= this.limits) return this.beside;
    if ((energyWh & mostWh) !== energyWh || energyWh === 0) return noEnergy;
    if (this.live >= fewOrders && this.depth.sideWh(limit & 1) + energyWh >= mostSideWh) return tooMuch;
    if (this.live === this.capacity) return this.full;
    this.put(member, limit, energyWh);
    return undefined;
  }

  /** The handle of the order that was added last. */
  get latest(): OrderHandle {
    const slot = this.latestSlot;
    return ((this.goneBefore + this.gone[slot]!) * slotRange + slot) as OrderHandle;
  }

  /**
   * Adds orders that arrive as columns, in any order: all of them or, where one is not as it must be, none. Answers with
   * their handles.
   */
  addAll({ count, member, limit, wh }: BookColumns): Checked<Float64Array> {
    if (!isWhole(count, 0, this.capacity - this.live)) return { ok: false, refusal: this.full };
    if (member.length < count || limit.length < count || wh.length < count) {
      return refused('MALFORMED', 'columns', 'one entry for each order in every column');
    }
    const sidesWh = Float64Array.of(this.depth.sideWh(0), this.depth.sideWh(1));
    for (let i = 0; i < count; i++) {
      if (member[i]! < 0) return refused('OUT_OF_RANGE', i, 'a member from 0 to 2^31 - 1');
      if (limit[i]! >= 2 * this.ticks) return refused('OUT_OF_RANGE', i, `a tick below ${this.ticks}`);
      if (wh[i]! < 1) return refused('OUT_OF_RANGE', i, 'an energy from 1 to 2^31 - 1');
      sidesWh[limit[i]! & 1]! += wh[i]!;
    }
    if (sidesWh[0]! >= mostSideWh || sidesWh[1]! >= mostSideWh) return { ok: false, refusal: tooMuch };
    const handles = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      this.put(member[i]!, limit[i]!, wh[i]!);
      handles[i] = this.latest;
    }
    return taken(handles);
  }

  private put(member: number, limit: number, energyWh: number): void {
    let slot = this.firstFree;
    if (slot === noSlot) {
      slot = this.slotsUsed;
      if (slot === this.wh.length) this.grow();
      this.slotsUsed = slot + 1;
    } else this.firstFree = this.member[slot]!;
    this.latestSlot = slot;
    this.member[slot] = member;
    this.limit[slot] = limit;
    this.wh[slot] = energyWh;
    this.live += 1;
    this.depth.add(limit, energyWh);
  }

  cancel(handle: OrderHandle): Checked<undefined> {
    const slot = this.slotOf(handle);
    if (slot === undefined) return { ok: false, refusal: unknown };
    this.depth.add(this.limit[slot]!, -this.wh[slot]!);
    this.limit[slot] = noLimit;
    this.wh[slot] = 0;
    this.live -= 1;
    const gone = this.gone[slot]! + 1;
    this.gone[slot] = gone;
    if (gone > this.mostGone) this.mostGone = gone;
    // A slot whose generations are used up is left alone, so that a handle never means two orders.
    if (this.goneBefore + gone < mostGenerations) {
      this.member[slot] = this.firstFree;
      this.firstFree = slot;
    }
    return taken(undefined);
  }

  /** Another limit and energy for an order, on its side; its handle stays. */
  replace(handle: OrderHandle, tick: number, energyWh: number): Checked<undefined> {
    const slot = this.slotOf(handle);
    if (slot === undefined) return { ok: false, refusal: unknown };
    if (!isWhole(tick, 0, this.ticks - 1)) return { ok: false, refusal: this.beside };
    if (!isWhole(energyWh, 1, mostWh)) return { ok: false, refusal: noEnergy };
    const side = this.limit[slot]! & 1;
    if (this.live >= fewOrders && this.depth.sideWh(side) - this.wh[slot]! + energyWh >= mostSideWh) {
      return { ok: false, refusal: tooMuch };
    }
    this.depth.add(this.limit[slot]!, -this.wh[slot]!);
    this.limit[slot] = tick * 2 + side;
    this.wh[slot] = energyWh;
    this.depth.add(this.limit[slot]!, energyWh);
    return taken(undefined);
  }

  /** Empties the book for the next interval and keeps its memory. No handle from before names an order afterwards. */
  reset(): void {
    this.goneBefore += this.mostGone + 1;
    invariant(this.goneBefore < mostGenerations, 'a book is emptied less often than 2^26 times');
    if (this.mostGone > 0) this.gone.fill(0, 0, this.slotsUsed);
    this.mostGone = 0;
    this.limit.fill(noLimit, 0, this.slotsUsed);
    this.wh.fill(0, 0, this.slotsUsed);
    this.firstFree = noSlot;
    this.slotsUsed = 0;
    this.live = 0;
    this.depth.reset();
  }

  /** The place of an order in the columns of `clear`; undefined when it is gone. */
  slotOf(handle: OrderHandle): number | undefined {
    const generation = Math.floor(handle / slotRange);
    const slot = handle - generation * slotRange;
    // A slot that was never used has no energy, one beside the columns has no generation.
    return this.wh[slot]! > 0 && this.goneBefore + this.gone[slot]! === generation ? slot : undefined;
  }

  /** Volume and price if the gate closed now, in a time that does not grow with the book; undefined where nothing would trade. */
  indicative(priceRule: PriceRule): Indication | undefined {
    return this.depth.indicative({ priceRule: mustBe(checkedPriceRule(priceRule)) });
  }

  /** The orders in book order, and where they came from. Equal orders stand by slot: they cannot be told apart. */
  freeze(): FrozenBook {
    const count = this.live;
    const slots = this.slotsInBookOrder() ?? this.liveSlots();
    const book = { count, member: new Int32Array(count), limit: new Uint16Array(count), wh: new Int32Array(count) };
    gather(this.columns, slots, book);
    for (let i = 0; i < count; i++) book.member[i] = this.member[slots[i]!]!;
    return { book, slots };
  }

  /**
   * Puts the frozen book into a kernel's columns and clears it there, where `pairLoaded` may go on. The price is known
   * already, so the book is passed over but to fill it. The fills are in book order, and good until the kernel's next book.
   */
  clearInto(kernel: Kernel, rules: ClearingRules): ClearingColumns {
    mustBe(checkedRules(rules));
    if (kernel.capacity < this.live) throw new BadInput(refusal('TOO_MANY', 'kernel', `room for ${this.live} orders`));
    const slots = this.slotsInBookOrder();
    if (slots) gather(this.columns, slots, kernel);
    else this.load(kernel);
    endBook(kernel, this.live);
    const fillsWh = kernel.fillsWh.subarray(0, this.live);
    const equilibrium = this.depth.equilibrium();
    if (!equilibrium) return nothingTraded(fillsWh.fill(0));
    fillAt(kernel, this.live, equilibrium, rules);
    return clearingOf(equilibrium, rules, fillsWh);
  }

  /**
   * The clearing of the frozen book without freezing it: the price is known, the fills take one pass, and only orders that
   * tie for an odd Wh are put in book order.
   */
  clear(rules: ClearingRules, kind?: KernelKind): SlotClearing {
    mustBe(checkedRules(rules));
    const equilibrium = this.depth.equilibrium();
    const count = this.slotsUsed;
    if (!equilibrium) return bySlot(nothingTraded(new Int32Array(count)));
    const kernel = threadKernel(count, kind);
    this.load(kernel);
    endBook(kernel, count);
    const { border, also, rationing } = splitAt(equilibrium, equilibrium.volumeWh);
    kernel.fill(count, border, also);
    if (rationing) this.share(kernel, kernel.collect(count, rationing.limit), rationing, rules.tieStart);
    return bySlot(clearingOf(equilibrium, rules, kernel.fillsWh.slice(0, count)));
  }

  /** The entries stand by slot; who comes first among equal remainders is their place in the book. */
  private share(kernel: Kernel, entryCount: number, { amountWh, totalWh }: Rationing, tieStart: number): void {
    kernel.share(entryCount, amountWh, totalWh);
    const times = kernel.found[equalsFavoured]!;
    if (times === 0) return;
    const remainder = kernel.found[lastRemainder]!;
    const entries = kernel.entries.slice(0, entryCount);
    const equal = entries.filter((_, j) => kernel.remainders[j] === remainder);
    if (equal.length === times) {
      for (const slot of equal) kernel.fillsWh[slot]!++;
      return;
    }
    const start = tieStart % entryCount;
    const first = inBookOrder(this.columns, entries)[start]!;
    const places = inBookOrder(this.columns, equal);
    const from = places.findIndex((slot) => this.compare(slot, first) >= 0);
    for (let i = 0; i < times; i++) kernel.fillsWh[places[(Math.max(from, 0) + i) % places.length]!]!++;
  }

  /** The order of two slots in the frozen book. */
  private compare(a: number, b: number): number {
    return this.member[a]! - this.member[b]! || this.limit[a]! - this.limit[b]! || this.wh[a]! - this.wh[b]! || a - b;
  }

  /** Undefined where the slots stand in book order as they are, none of them empty, as those of a book that was read do. */
  private slotsInBookOrder(): Int32Array | undefined {
    if (this.slotsUsed === this.live && isInBookOrder(this.columns, this.live)) return undefined;
    return inBookOrder(this.columns, this.liveSlots());
  }

  private load(kernel: Kernel): void {
    kernel.limit.set(this.limit.subarray(0, this.slotsUsed));
    kernel.wh.set(this.wh.subarray(0, this.slotsUsed));
  }

  private liveSlots(): Int32Array {
    const slots = new Int32Array(this.live);
    let count = 0;
    for (let slot = 0; slot < this.slotsUsed; slot++) if (this.wh[slot]! > 0) slots[count++] = slot;
    return slots;
  }

  private grow(): void {
    // Slots that are left alone for good count as well, so there may be more of them than the book holds orders.
    const room = Math.max(leastRoom, 2 * this.wh.length);
    this.member = larger(this.member, new Int32Array(room));
    this.limit = larger(this.limit, new Uint16Array(room).fill(noLimit));
    this.wh = larger(this.wh, new Int32Array(room));
    this.gone = larger(this.gone, new Int32Array(room));
  }
}

const bySlot = ({ fillsWh, ...clearing }: ClearingColumns): SlotClearing => ({ ...clearing, slotFillsWh: fillsWh });

interface LimitAndWh {
  readonly limit: Uint16Array;
  readonly wh: Int32Array;
}

function gather(from: LimitAndWh, slots: Int32Array, to: LimitAndWh): void {
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i]!;
    to.limit[i] = from.limit[slot]!;
    to.wh[i] = from.wh[slot]!;
  }
}

function larger<T extends Int32Array | Uint16Array>(old: T, column: T): T {
  column.set(old);
  return column;
}

const isWhole = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most;

const refusal = (code: Refusal['code'], at: string, why: string): Refusal => ({ code, at, why });
const noMember = refusal('OUT_OF_RANGE', 'member', 'a whole number below 2^31');
const noEnergy = refusal('OUT_OF_RANGE', 'energyWh', 'a whole number from 1 to 2^31 - 1');
const tooMuch = refusal('OUT_OF_RANGE', 'energyWh', 'a side adds up to less than 2^53');
const unknown = refusal('UNKNOWN_ORDER', 'handle', 'an order of this book that is not cancelled');
