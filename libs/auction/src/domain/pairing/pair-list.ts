/** Who supplied whom: `wh` from order `sell` to order `buy`, both by their place in the book. */
export interface Pairs {
  readonly buy: Int32Array;
  readonly sell: Int32Array;
  readonly wh: Int32Array;
}

/** Pairs as they are made, in room for as many as there are orders. */
export class PairList {
  private readonly buy: Int32Array;
  private readonly sell: Int32Array;
  private readonly wh: Int32Array;
  private count = 0;

  constructor(most: number) {
    this.buy = new Int32Array(most);
    this.sell = new Int32Array(most);
    this.wh = new Int32Array(most);
  }

  add(buy: number, sell: number, wh: number): void {
    const { count } = this;
    this.buy[count] = buy;
    this.sell[count] = sell;
    this.wh[count] = wh;
    this.count = count + 1;
  }

  addAll({ buy, sell, wh }: Pairs): void {
    for (let i = 0; i < wh.length; i++) this.add(buy[i]!, sell[i]!, wh[i]!);
  }

  take(): Pairs {
    const { buy, sell, wh, count } = this;
    return { buy: buy.subarray(0, count), sell: sell.subarray(0, count), wh: wh.subarray(0, count) };
  }
}
