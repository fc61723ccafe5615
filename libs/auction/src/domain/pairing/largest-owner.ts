/** Who both buys and sells; others can never be left alone with themselves. */
const bothSides = 3;

/**
 * What each owner on both sides still has to pair, bought and sold together, and who has most: a tournament in which
 * every owner plays a brother, and the winners play on. Changing one owner replays only the matches whose outcome changes.
 */
export class LargestOwner {
  private readonly sides: Uint8Array;
  private readonly first: number;
  /** The winner of match i comes from matches 2i and 2i + 1; from `first` on stand the owners. */
  private readonly most: Float64Array;
  private totalWh = 0;

  constructor(owner: Int32Array, sides: Uint8Array, leftWh: Int32Array) {
    this.sides = sides;
    this.first = 2 ** Math.ceil(Math.log2(Math.max(1, sides.length)));
    this.most = new Float64Array(2 * this.first);
    for (let i = 0; i < leftWh.length; i++) {
      this.totalWh += leftWh[i]!;
      if (sides[owner[i]!] === bothSides) this.most[this.first + owner[i]!]! += leftWh[i]!;
    }
    for (let match = this.first - 1; match > 0; match--) this.play(match);
  }

  /** How far the largest owner is beyond half of all there is; exactly half is 0. */
  excessWh(): number {
    return this.most[1]! - this.totalWh / 2;
  }

  largest(): number {
    let match = 1;
    while (match < this.first) match = this.most[2 * match] === this.most[match] ? 2 * match : 2 * match + 1;
    return match - this.first;
  }

  /** Gives back when `wh` is negative. */
  take(owner: number, wh: number): void {
    this.totalWh -= wh;
    if (this.sides[owner] !== bothSides) return;
    let match = this.first + owner;
    this.most[match]! -= wh;
    while (match > 1) {
      match >>= 1;
      const before = this.most[match];
      this.play(match);
      if (this.most[match] === before) return;
    }
  }

  private play(match: number): void {
    this.most[match] = Math.max(this.most[2 * match]!, this.most[2 * match + 1]!);
  }
}
