const none = -1;

/**
 * Queues of orders in which neighbours of one owner stand together as a run, so that the first order of somebody else is
 * found at once. Joining two queues, and everything else here, takes the same time however long they are.
 */
export class OwnerQueues {
  private readonly owner: Int32Array;
  private readonly nextOrder: Int32Array;
  /** A run is known by the order that opened it. */
  private readonly nextRun: Int32Array;
  private readonly firstOf: Int32Array;
  private readonly lastOf: Int32Array;
  private readonly firstRun: Int32Array;
  private readonly lastRun: Int32Array;

  constructor(queues: number, owner: Int32Array) {
    this.owner = owner;
    this.nextOrder = new Int32Array(owner.length);
    this.nextRun = new Int32Array(owner.length);
    this.firstOf = new Int32Array(owner.length);
    this.lastOf = new Int32Array(owner.length);
    this.firstRun = new Int32Array(queues).fill(none);
    this.lastRun = new Int32Array(queues).fill(none);
  }

  append(queue: number, order: number): void {
    this.nextRun[order] = none;
    this.firstOf[order] = this.lastOf[order] = order;
    this.attach(queue, order, order);
  }

  /** All of one queue to the end of another. */
  move(from: number, to: number): void {
    const first = this.firstRun[from]!;
    if (first === none) return;
    this.attach(to, first, this.lastRun[from]!);
    this.firstRun[from] = this.lastRun[from] = none;
  }

  /** -1 when nobody queues. */
  first(queue: number): number {
    const run = this.firstRun[queue]!;
    return run === none ? none : this.firstOf[run]!;
  }

  /** The first order of another owner than the first's; -1 when there is none. */
  firstOfAnother(queue: number): number {
    const run = this.nextRun[this.firstRun[queue]!]!;
    return run === none ? none : this.firstOf[run]!;
  }

  /** Takes an order out that one of the two above answered. */
  drop(queue: number, order: number): void {
    const first = this.firstRun[queue]!;
    const run = this.firstOf[first] === order ? first : this.nextRun[first]!;
    if (this.lastOf[run] !== order) {
      this.firstOf[run] = this.nextOrder[order]!;
      return;
    }
    const rest = this.nextRun[run]!;
    const last = this.lastRun[queue]!;
    if (run === first) {
      this.firstRun[queue] = rest;
      if (rest === none) this.lastRun[queue] = none;
      return;
    }
    this.nextRun[first] = none;
    this.lastRun[queue] = first;
    if (rest !== none) this.attach(queue, rest, last);
  }

  /** Puts the runs from `first` to `last` at the end of a queue. */
  private attach(queue: number, first: number, last: number): void {
    const end = this.lastRun[queue]!;
    if (end === none) {
      this.firstRun[queue] = first;
      this.lastRun[queue] = last;
    } else if (this.ownerOf(end) === this.ownerOf(first)) {
      this.nextOrder[this.lastOf[end]!] = this.firstOf[first]!;
      this.lastOf[end] = this.lastOf[first]!;
      this.nextRun[end] = this.nextRun[first]!;
      if (first !== last) this.lastRun[queue] = last;
    } else {
      this.nextRun[end] = first;
      this.lastRun[queue] = last;
    }
  }

  private ownerOf(run: number): number {
    return this.owner[this.firstOf[run]!]!;
  }
}
