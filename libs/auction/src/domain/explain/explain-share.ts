import type { BookColumns, ClearingColumns } from '../book/columns.js';

/** An order's part of a limit at which there was not enough for all. */
export interface Share {
  /** The orders at this limit and their energy, and what they got together. */
  readonly orders: number;
  readonly totalWh: number;
  readonly givenWh: number;
  /** The exact share is `wholeWh` and `remainder` / `totalWh` Wh. */
  readonly wholeWh: number;
  readonly remainder: number;
  /** The order's place among those at this limit, counted round from where the rules say. */
  readonly place: number;
  /** How many Wh the whole shares left over: they go, one each, to the largest remainders. */
  readonly oddWh: number;
  readonly odd: OddWh;
}

/**
 * `NONE`: the whole shares left nothing over. `GOT`, `MISSED`: its remainder was among the largest, or not.
 * `GOT_BY_PLACE`, `MISSED_BY_PLACE`: others had the same remainder, there was not one for each, and the place decided.
 */
export type OddWh = 'NONE' | 'GOT' | 'MISSED' | 'GOT_BY_PLACE' | 'MISSED_BY_PLACE';

/** Undefined where all at the order's limit were filled. Exact, as products of two energies pass 2^53. */
export function explainShare(
  { count, limit, wh }: BookColumns,
  { fillsWh }: ClearingColumns,
  tieStart: number,
  i: number,
): Share | undefined {
  const margin: number[] = [];
  let [totalWh, givenWh] = [0, 0];
  for (let j = 0; j < count; j++) {
    if (limit[j] !== limit[i]) continue;
    margin.push(j);
    totalWh += wh[j]!;
    givenWh += fillsWh[j]!;
  }
  if (givenWh === totalWh) return undefined;

  const product = (j: number): bigint => BigInt(wh[j]!) * BigInt(givenWh);
  const remainderOf = (j: number): number => Number(product(j) % BigInt(totalWh));
  const wholeOf = (j: number): number => Number(product(j) / BigInt(totalWh));
  const remainder = remainderOf(i);
  const equals = margin.filter((j) => remainderOf(j) === remainder);
  const gotOne = (j: number): boolean => fillsWh[j]! > wholeOf(j);
  return {
    orders: margin.length,
    totalWh,
    givenWh,
    wholeWh: wholeOf(i),
    remainder,
    place: (margin.indexOf(i) - (tieStart % margin.length) + margin.length) % margin.length,
    oddWh: margin.filter(gotOne).length,
    odd: !margin.some(gotOne)
      ? 'NONE'
      : oddWhOf(
          gotOne(i),
          equals.every((j) => gotOne(j) === gotOne(i)),
        ),
  };
}

function oddWhOf(got: boolean, allEqualsAlike: boolean): OddWh {
  if (got) return allEqualsAlike ? 'GOT' : 'GOT_BY_PLACE';
  return allEqualsAlike ? 'MISSED' : 'MISSED_BY_PLACE';
}
