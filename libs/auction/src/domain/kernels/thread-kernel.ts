import { BadInput } from '../bad-input.js';
import type { BookColumns } from '../book/columns.js';
import { jsKernel } from './js-kernel.js';
import { type Kernel, type KernelKind, lanes, noLimit } from './kernel.js';
import { wasmKernel } from './wasm-kernel.js';

/** The fastest kernel of this platform, or the one asked for. */
export function openKernel(capacity: number, kind?: KernelKind): Kernel {
  if (kind !== undefined && kind !== 'WASM' && kind !== 'JS')
    throw new BadInput({ code: 'MALFORMED', at: 'kind', why: 'WASM or JS' });
  return (kind === 'JS' ? undefined : wasmKernel(capacity)) ?? jsKernel(capacity);
}

let kernels: Partial<Record<KernelKind | 'FASTEST', Kernel>> = {};

/**
 * The one kernel of this thread, with room for so many orders. A larger book gets a larger kernel in its place, never a
 * grown one: views of a memory end when it grows.
 */
export function threadKernel(count: number, kind?: KernelKind): Kernel {
  const name = kind ?? 'FASTEST';
  const kernel = kernels[name];
  if (kernel && kernel.capacity >= count) return kernel;
  const larger = openKernel(Math.max(count, leastCapacity, Math.min(2 * (kernel?.capacity ?? 0), 2 ** 23)), kind);
  kernels = { ...kernels, [name]: larger };
  return larger;
}

const leastCapacity = 65_536;

/** Puts a book into the kernel's columns, unless it already stands there. */
export function load(kernel: Kernel, { count, limit, wh }: BookColumns): void {
  if (limit.buffer !== kernel.limit.buffer || limit.byteOffset !== kernel.limit.byteOffset) {
    kernel.limit.set(limit.length === count ? limit : limit.subarray(0, count));
    kernel.wh.set(wh.length === count ? wh : wh.subarray(0, count));
  }
  endBook(kernel, count);
}

/** A pass reads eight orders at a time: those behind the book must be empty. */
export function endBook(kernel: Kernel, count: number): void {
  for (let i = count; i < count + lanes; i++) {
    kernel.limit[i] = noLimit;
    kernel.wh[i] = 0;
    if (i < kernel.fillsWh.length) kernel.fillsWh[i] = 0;
  }
}
