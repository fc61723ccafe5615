import type { ClearingRules, PriceRule } from '../book/clearing.js';
import type { BookColumns, ClearingColumns } from '../book/columns.js';
import { mostMembers } from '../book/book.js';
import { invariant } from '../invariant.js';
import { equalsFavoured, type Kernel, type KernelKind, lastRemainder, limitCount, noLimit } from '../kernels/kernel.js';
import { endBook, threadKernel } from '../kernels/thread-kernel.js';
import { type Checked, refused, taken } from '../refusal.js';
import { inBookOrder } from './book-order.js';
import { clearingOf, nothingTraded, splitAt } from './clear-uniform.js';
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

/** No book has more orders. */
export const mostOrders = 2 ** 26;

const mostWh = 2 ** 31 - 1;
const slotRange = 2 ** 26;
const mostGenerations = 2 ** 26;
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
  /** How often a slot was used: a handle to an order that is gone is refused. A free slot names the next free one as its member. */
  private generation = new Int32Array(0);
  private firstFree = noSlot;
  private slotsUsed = 0;
  private live = 0;
  private readonly depth = new Depth();

  /** `capacity` is the most orders at one time, `ticks` the length of the zone's price grid. */
  constructor(
    private readonly capacity: number,
    private readonly ticks: number = limitCount / 2,
  ) {
    invariant(Number.isInteger(capacity) && capacity > 0 && capacity <= mostOrders, 'a book holds 1 to 2^26 orders');
    invariant(Number.isInteger(ticks) && ticks > 0 && ticks <= limitCount / 2, 'a price grid has 1 to 8,192 ticks');
  }

  private get columns() {
    return { member: this.member, limit: this.limit, wh: this.wh };
  }

  /** The orders that are live. */
  get count(): number {
    return this.live;
  }

  add(member: number, side: 'BUY' | 'SELL', tick: number, energyWh: number): Checked<OrderHandle> {
    if (!isWhole(member, 0, mostMembers - 1)) return refused('OUT_OF_RANGE', 'member', 'a whole number below 2^31');
    if (side !== 'BUY' && side !== 'SELL') return refused('MALFORMED', 'side', 'BUY or SELL');
    if (!isWhole(tick, 0, this.ticks - 1)) return this.beside();
    if (!isWhole(energyWh, 1, mostWh)) return noEnergy;
    const limit = tick * 2 + (side === 'SELL' ? 1 : 0);
    if (this.depth.sideWh(limit & 1) + energyWh >= mostSideWh) return tooMuch;
    if (this.live === this.capacity) return refused('TOO_MANY', 'orders', `at most ${this.capacity} at one time`);
    return taken(this.put(member, limit, energyWh));
  }

  /**
   * Adds orders that arrive as columns, in any order: all of them or, where one is not as it must be, none. Answers with
   * their handles.
   */
  addAll({ count, member, limit, wh }: BookColumns): Checked<Float64Array> {
    if (!isWhole(count, 0, this.capacity - this.live)) {
      return refused('TOO_MANY', 'orders', `at most ${this.capacity} at one time`);
    }
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
    if (sidesWh[0]! >= mostSideWh || sidesWh[1]! >= mostSideWh) return tooMuch;
    const handles = new Float64Array(count);
    for (let i = 0; i < count; i++) handles[i] = this.put(member[i]!, limit[i]!, wh[i]!);
    return taken(handles);
  }

  private put(member: number, limit: number, energyWh: number): OrderHandle {
    const slot = this.takeSlot();
    this.member[slot] = member;
    this.limit[slot] = limit;
    this.wh[slot] = energyWh;
    this.live += 1;
    this.depth.add(limit, energyWh);
    return (this.generation[slot]! * slotRange + slot) as OrderHandle;
  }

  cancel(handle: OrderHandle): Checked<undefined> {
    const slot = this.slotOf(handle);
    if (slot === undefined) return unknown;
    this.depth.add(this.limit[slot]!, -this.wh[slot]!);
    this.limit[slot] = noLimit;
    this.wh[slot] = 0;
    this.live -= 1;
    this.generation[slot]! += 1;
    // A slot whose generations are used up is left alone, so that a handle never means two orders.
    if (this.generation[slot]! < mostGenerations) {
      this.member[slot] = this.firstFree;
      this.firstFree = slot;
    }
    return taken(undefined);
  }

  /** Another limit and energy for an order, on its side; its handle stays. */
  replace(handle: OrderHandle, tick: number, energyWh: number): Checked<undefined> {
    const slot = this.slotOf(handle);
    if (slot === undefined) return unknown;
    if (!isWhole(tick, 0, this.ticks - 1)) return this.beside();
    if (!isWhole(energyWh, 1, mostWh)) return noEnergy;
    const side = this.limit[slot]! & 1;
    if (this.depth.sideWh(side) - this.wh[slot]! + energyWh >= mostSideWh) return tooMuch;
    this.depth.add(this.limit[slot]!, -this.wh[slot]!);
    this.limit[slot] = tick * 2 + side;
    this.wh[slot] = energyWh;
    this.depth.add(this.limit[slot]!, energyWh);
    return taken(undefined);
  }

  /** The place of an order in the columns of `clear`; undefined when it is gone. */
  slotOf(handle: OrderHandle): number | undefined {
    const generation = Math.floor(handle / slotRange);
    const slot = handle - generation * slotRange;
    // A slot that was never used has no energy, one beside the columns has no generation.
    return this.wh[slot]! > 0 && this.generation[slot] === generation ? slot : undefined;
  }

  /** Volume and price if the gate closed now, in a time that does not grow with the book; undefined where nothing would trade. */
  indicative(priceRule: PriceRule): Indication | undefined {
    return this.depth.indicative({ priceRule });
  }

  /** The orders in book order, and where they came from. Equal orders stand by slot: they cannot be told apart. */
  freeze(): FrozenBook {
    const slots = inBookOrder(this.columns, this.liveSlots());
    const count = slots.length;
    const book = { count, member: new Int32Array(count), limit: new Uint16Array(count), wh: new Int32Array(count) };
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      book.member[i] = this.member[slot]!;
      book.limit[i] = this.limit[slot]!;
      book.wh[i] = this.wh[slot]!;
    }
    return { book, slots };
  }

  /**
   * The clearing of the frozen book without freezing it: the price is known, the fills take one pass, and only orders that
   * tie for an odd Wh are put in book order. The fills are by slot.
   */
  clear(rules: ClearingRules, kind?: KernelKind): ClearingColumns {
    invariant(Number.isSafeInteger(rules.tieStart) && rules.tieStart >= 0, 'ties are counted from a whole number');
    const equilibrium = this.depth.equilibrium();
    const count = this.slotsUsed;
    if (!equilibrium) return nothingTraded(new Int32Array(count));
    const kernel = threadKernel(count, kind);
    kernel.limit.set(this.limit.subarray(0, count));
    kernel.wh.set(this.wh.subarray(0, count));
    endBook(kernel, count);
    const { border, also, rationing } = splitAt(equilibrium, equilibrium.volumeWh);
    kernel.fill(count, border, also);
    if (rationing) this.share(kernel, kernel.collect(count, rationing.limit), rationing, rules.tieStart);
    return clearingOf(equilibrium, rules, kernel.fillsWh.slice(0, count));
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

  private liveSlots(): Int32Array {
    const slots = new Int32Array(this.live);
    let count = 0;
    for (let slot = 0; slot < this.slotsUsed; slot++) if (this.wh[slot]! > 0) slots[count++] = slot;
    return slots;
  }

  private takeSlot(): number {
    const free = this.firstFree;
    if (free !== noSlot) {
      this.firstFree = this.member[free]!;
      return free;
    }
    if (this.slotsUsed === this.wh.length) this.grow();
    return this.slotsUsed++;
  }

  private grow(): void {
    // Slots that are left alone for good count as well, so there may be more of them than the book holds orders.
    const room = Math.max(leastRoom, 2 * this.wh.length);
    this.member = larger(this.member, new Int32Array(room));
    this.limit = larger(this.limit, new Uint16Array(room).fill(noLimit));
    this.wh = larger(this.wh, new Int32Array(room));
    this.generation = larger(this.generation, new Int32Array(room));
  }

  private beside(): Checked<never> {
    return refused('OUT_OF_RANGE', 'tick', `a whole number below ${this.ticks}`);
  }
}

function larger<T extends Int32Array | Uint16Array>(old: T, column: T): T {
  column.set(old);
  return column;
}

const isWhole = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most;

const noEnergy = refused('OUT_OF_RANGE', 'energyWh', 'a whole number from 1 to 2^31 - 1');
const tooMuch = refused('OUT_OF_RANGE', 'energyWh', 'a side adds up to less than 2^53');
const unknown = refused('UNKNOWN_ORDER', 'handle', 'an order of this book that is not cancelled');
