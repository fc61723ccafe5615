import type { BookColumns } from '../book/columns.js';
import { invariant } from '../invariant.js';
import type { Kernel, KernelKind } from '../kernels/kernel.js';
import { endBook, threadKernel } from '../kernels/thread-kernel.js';
import type { Pairs } from './pair-list.js';

/**
 * Who supplied whom of the book and fills in the kernel's columns: everybody with the next in the book, nobody is asked
 * whose order it is or where it stands. Whole Wh: every order's pairs add up to its fill. The pairs are the kernel's and good
 * until its next ones.
 */
export function pairLoaded(kernel: Kernel, count: number): Pairs {
  endBook(kernel, count);
  const pairs = kernel.pair(count);
  invariant(pairs >= 0, 'bought is sold');
  return {
    buy: kernel.pairBuy.subarray(0, pairs),
    sell: kernel.pairSell.subarray(0, pairs),
    wh: kernel.pairWh.subarray(0, pairs),
  };
}

/** The same for a book anywhere; the pairs are columns of their own. */
export function pairInBookOrder({ count, limit }: BookColumns, fillsWh: Int32Array, kind?: KernelKind): Pairs {
  const kernel = threadKernel(count, kind);
  kernel.limit.set(limit.length === count ? limit : limit.subarray(0, count));
  kernel.fillsWh.set(fillsWh);
  const { buy, sell, wh } = pairLoaded(kernel, count);
  return { buy: buy.slice(), sell: sell.slice(), wh: wh.slice() };
}
