import { type Decoded, malformed, type Malformed, VarintReader } from './varints.js';

/** Reads numbers with a name and a range. After the first one that does not fit everything is 0, and the end says why. */
export class RangeReader {
  private readonly varints: VarintReader;
  private flaw: Malformed | undefined;

  constructor(bytes: Uint8Array) {
    this.varints = new VarintReader(bytes);
  }

  /** A whole number from `least` to `most`. */
  next(what: string, least: number, most: number): number {
    if (this.flaw) return 0;
    const { at } = this.varints;
    const value = this.varints.next();
    if (value < 0) this.fail(this.varints.refusal());
    else if (value < least || value > most) this.fail(malformed(at, `${what} is out of range`));
    return this.flaw ? 0 : value;
  }

  /** Whether there is nothing more to read, or no sense in it. */
  get done(): boolean {
    return this.flaw !== undefined || this.varints.done;
  }

  /** What was read, unless something did not fit, bytes are left over, or the whole has a flaw of its own. */
  end<T>(value: T, flawOf: (value: T) => string | undefined = () => undefined): Decoded<T> {
    if (this.flaw) return { ok: false, refusal: this.flaw };
    if (!this.varints.done) return malformed(this.varints.at, 'bytes are left over');
    const flaw = flawOf(value);
    return flaw ? malformed(0, flaw) : { ok: true, value };
  }

  private fail(refused: Decoded<never>): void {
    if (!refused.ok) this.flaw = refused.refusal;
  }
}

/** The widest number that stays exact in a column of floats. */
export const most53Bits = 2 ** 53 - 1;
/** The formats allow longer price grids than any zone has. */
export const mostTick = 2 ** 20 - 1;
