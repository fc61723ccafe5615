/** A sum of ticks x Wh, exact beyond 2^53: small terms gather in a number that is emptied before it could round. */
export class WideSum {
  private near = 0;
  private far = 0n;

  /** Of factors whose product lies below 2^45. */
  addSmallProduct(ticks: number, wh: number): void {
    this.near += ticks * wh;
    if (this.near > brim || this.near < -brim) this.empty();
  }

  /** Of a whole number below 2^53. */
  add(amount: number): void {
    this.far += BigInt(amount);
  }

  addProduct(ticks: number, wh: number): void {
    if (wh < 2 ** 31) this.addSmallProduct(ticks, wh);
    else this.far += BigInt(ticks) * BigInt(wh);
  }

  value(): bigint {
    this.empty();
    return this.far;
  }

  private empty(): void {
    this.far += BigInt(this.near);
    this.near = 0;
  }
}

const brim = 2 ** 52;
