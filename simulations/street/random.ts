import { floor, imul } from './fast-math.js';

/** What a stream of chance is for, such as seed, point and day. */
export type StreamName = readonly (string | number)[];

/**
 * Seeded chance (sfc32). Every stream is named by what it is for, so that no draw in one place moves
 * another: a home added to a street leaves its neighbours as they were.
 */
export class Random {
  private constructor(
    private a: number,
    private b: number,
    private c: number,
    private counter: number,
  ) {}

  static for(...name: StreamName): Random {
    const text = name.join('/');
    let [a, b, c] = [0x9e3779b9, 0x243f6a88, 0xb7e15162];
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      a = imul(a ^ code, 0x85ebca6b);
      b = imul(b ^ code ^ (a >>> 15), 0xc2b2ae35);
      c = imul(c ^ code ^ (b >>> 13), 0x27d4eb2f);
    }
    const random = new Random(a, b, c, 1);
    for (let i = 0; i < 12; i++) random.next();
    return random;
  }

  /** In [0, 1). */
  next(): number {
    const sum = (this.a + this.b + this.counter++) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Both ends included. */
  whole(low: number, high: number): number {
    return low + floor((high - low + 1) * this.next());
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  normal(mean: number, deviation: number): number {
    return mean + deviation * Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** How long something lasts that may end at any moment. */
  lasting(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** How often something happens that happens `mean` times on average: the whole part surely, the rest by chance. */
  times(mean: number): number {
    return floor(mean + this.next());
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.whole(0, choices.length - 1)]!;
  }

  shuffled<T>(items: readonly T[]): T[] {
    const mixed = [...items];
    for (let i = mixed.length - 1; i > 0; i--) {
      const j = this.whole(0, i);
      [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
    }
    return mixed;
  }
}
