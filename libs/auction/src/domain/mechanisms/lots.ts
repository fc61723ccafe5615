/**
 * Each member's lot, from 0 to 2^64 - 1 and no two alike. It depends on the seed, on which draw of an auction it is and on the member, never on an order: nobody can
 * bid for a better lot, which is what keeps the drawing mechanisms truthful whatever the seed.
 */
export const lotsFrom = (seed: bigint, draw: bigint): ((member: number) => bigint) => {
  const start = mixed(BigInt.asUintN(64, seed + draw * goldenRatio));
  return (member) => mixed(start ^ BigInt(member));
};

/** The members by lot, the lowest first. */
export const drawn = (members: readonly number[], seed: bigint, draw: bigint): number[] => {
  const lot = lotsFrom(seed, draw);
  return members
    .map((member) => ({ member, lot: lot(member) }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .map(({ member }) => member);
};

/** The finaliser of SplitMix64 (Steele, Lea, Flood 2014): one to one on 64 bits, and every bit of the answer hangs on every bit of the question. */
function mixed(bits: bigint): bigint {
  const once = BigInt.asUintN(64, (bits ^ (bits >> 30n)) * 0xbf58476d1ce4e5b9n);
  const twice = BigInt.asUintN(64, (once ^ (once >> 27n)) * 0x94d049bb133111ebn);
  return twice ^ (twice >> 31n);
}

const goldenRatio = 0x9e3779b97f4a7c15n;
