import { mostTicks } from '../book/book.js';

const ring = mostTicks;
const words = ring >>> 5;

/**
 * Energy by price, for prices that never lie a whole price grid apart: a ring with one place per tick. Adding and taking
 * cost the same however much there is, and moving every price by a fee moves nothing.
 */
export class PriceLevels {
  /** Of the prices that hold energy; without meaning while there is none. */
  low = 0;
  high = 0;
  count = 0;
  totalWh = 0;
  private shift = 0;
  private readonly wh = new Float64Array(ring);
  private readonly used = new Int32Array(words);

  at(tick: number): number {
    return this.wh[(tick - this.shift) & (ring - 1)]!;
  }

  add(tick: number, wh: number): void {
    const place = (tick - this.shift) & (ring - 1);
    this.totalWh += wh;
    if (this.wh[place] === 0) {
      this.used[place >>> 5]! |= 1 << (place & 31);
      if (this.count === 0) this.low = this.high = tick;
      else if (tick < this.low) this.low = tick;
      else if (tick > this.high) this.high = tick;
      this.count += 1;
    }
    this.wh[place]! += wh;
  }

  take(tick: number, wh: number): void {
    const place = (tick - this.shift) & (ring - 1);
    this.totalWh -= wh;
    this.wh[place]! -= wh;
    if (this.wh[place] !== 0) return;
    this.used[place >>> 5]! &= ~(1 << (place & 31));
    this.count -= 1;
    if (this.count === 0) return;
    if (tick === this.low) this.low += this.stepsUp(place);
    if (tick === this.high) this.high -= this.stepsDown(place);
  }

  moveBy(ticks: number): void {
    this.shift += ticks;
    this.low += ticks;
    this.high += ticks;
  }

  clear(): void {
    while (this.count > 0) this.take(this.low, this.at(this.low));
    this.shift = 0;
    this.totalWh = 0;
  }

  /** From an empty place to the next used one, which there must be. */
  private stepsUp(place: number): number {
    let word = place >>> 5;
    let bits = this.used[word]! & (-1 << (place & 31));
    while (bits === 0) {
      word = (word + 1) & (words - 1);
      bits = this.used[word]!;
    }
    const next = (word << 5) + 31 - Math.clz32(bits & -bits);
    return (next - place) & (ring - 1);
  }

  private stepsDown(place: number): number {
    let word = place >>> 5;
    let bits = this.used[word]! & (-1 >>> (31 - (place & 31)));
    while (bits === 0) {
      word = (word - 1) & (words - 1);
      bits = this.used[word]!;
    }
    const next = (word << 5) + 31 - Math.clz32(bits);
    return (place - next) & (ring - 1);
  }
}
