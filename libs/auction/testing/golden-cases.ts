import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface GoldenOrder {
  readonly id: string;
  readonly side: 'buy' | 'sell';
  readonly qty: number;
  readonly price: number;
}

/** The fields that this reference is held to; `test/golden/auction/INDEX.md` has the whole format. */
export interface UniformPriceCase {
  readonly id: string;
  readonly mechanism: string;
  readonly orders: readonly GoldenOrder[];
  readonly expect: {
    readonly volume: number;
    readonly priceInterval: readonly [number, number];
    readonly price: number;
    readonly fills: Readonly<Record<string, number>>;
    readonly surplus: number;
  };
}

export interface ProRataCase {
  readonly id: string;
  readonly mechanism: string;
  readonly quantities: readonly number[];
  readonly available: number;
  readonly expect: { readonly largestRemainder: readonly number[] };
}

const folder = join(process.cwd(), 'test/golden/auction');

export function goldenCases(): { uniformPrice: UniformPriceCase[]; proRata: ProRataCase[] } {
  const all = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as UniformPriceCase | ProRataCase);
  return {
    uniformPrice: all.filter((one): one is UniformPriceCase => one.mechanism.startsWith('uniform-price')),
    proRata: all.filter((one): one is ProRataCase => one.mechanism.startsWith('pro-rata')),
  };
}
