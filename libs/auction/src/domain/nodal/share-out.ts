/**
 * Splits `amountWh`, less than all of them together, in proportion to `weightsWh`, exactly, by largest remainder; equal
 * remainders go by place, counted round from `tieStart` modulo the weights. The same rule as `proRata` of the
 * reference, for whole numbers below 2^53.
 */
export function shareOut(amountWh: number, weightsWh: readonly number[], tieStart: number): number[] {
  const count = weightsWh.length;
  const totalWh = weightsWh.reduce((sum, wh) => sum + wh, 0);
  const sharesWh = Array.from({ length: count }, () => 0);
  const remainders = new Float64Array(count);
  let leftWh = amountWh;
  for (let i = 0; i < count; i += 1) {
    const product = amountWh * weightsWh[i]!;
    let share: number;
    let remainder: number;
    if (product < exact) {
      share = Math.floor(product / totalWh);
      remainder = product - share * totalWh;
      // The quotient may have been rounded up to the next whole number.
      if (remainder < 0) {
        share -= 1;
        remainder += totalWh;
      }
    } else {
      const exactly = BigInt(amountWh) * BigInt(weightsWh[i]!);
      share = Number(exactly / BigInt(totalWh));
      remainder = Number(exactly % BigInt(totalWh));
    }
    sharesWh[i] = share;
    remainders[i] = remainder;
    leftWh -= share;
  }
  if (leftWh === 0) return sharesWh;

  // The odd Wh go to remainders beyond that of the last one served, then in turn to those that equal it.
  const threshold = remainders.toSorted()[count - leftWh]!;
  for (let i = 0; i < count; i += 1) {
    if (remainders[i]! > threshold) {
      sharesWh[i]! += 1;
      leftWh -= 1;
    }
  }
  for (let i = tieStart % count; leftWh > 0; i = (i + 1) % count) {
    if (remainders[i] === threshold) {
      sharesWh[i]! += 1;
      leftWh -= 1;
    }
  }
  return sharesWh;
}

/** Below this a product of whole numbers is exact, and so is what is done with it here. */
const exact = 2 ** 52;
