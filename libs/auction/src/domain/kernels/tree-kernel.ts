import { treeWasm } from './kernels.wasm.js';
import { compiled, pageBytes, platform } from './wasm-platform.js';

/** A column's address, which moves with the size of the auction, or a number found. */
interface Column {
  readonly value: number;
}

/** The passes and columns of `assembly/tree.ts`, which says what they do. */
export interface TreePasses extends Record<IntColumn | FloatColumn | 'limit' | 'cutOffs', Column> {
  room(count: number, nodes: number): number;
  check(count: number, nodes: number): number;
  layOut(count: number, nodes: number): void;
  climb(steps: number, longestShort: number, mostLong: number): number;
  descend(steps: number): void;
  fill(count: number, nodes: number): number;
  openMargins(steps: number, marginals: number): number;
  audit(count: number, nodes: number): number;
  total(marginals: number, nodes: number): number;
  auditLines(nodes: number): number;
  auditMargins(nodes: number, marginals: number): number;
}

type IntColumn =
  | 'wh'
  | 'node'
  | 'fillsWh'
  | 'marginal'
  | 'parent'
  | 'importWh'
  | 'exportWh'
  | 'feeTicks'
  | 'priceTick'
  | 'headOf'
  | 'headOfNode'
  | 'cutOff'
  | 'headAbove';
type FloatColumn =
  'flowWh' | 'firmWh' | 'leastWh' | 'asksWh' | 'bidsWh' | 'forcedWh' | 'openAsksWh' | 'openBidsWh' | 'found';

/** The passes with room for one auction. Columns are those of the thread's one memory: the next auction overwrites them. */
export interface TreeKernel {
  readonly run: TreePasses;
  limits(count: number): Uint16Array;
  ints(column: IntColumn, count: number): Int32Array;
  floats(column: FloatColumn, count: number): Float64Array;
  /** The second and third number found, a whole one and 2^32 of another. */
  foundWide(): bigint;
}

interface Opened {
  readonly run: TreePasses;
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
}

let opened: Opened | undefined | null = null;

function open(): Opened | undefined {
  const module = compiled(treeWasm);
  if (!platform || !module) return undefined;
  const memory = new platform.Memory({ initial: 1 });
  return { run: new platform.Instance(module, { env: { memory } }).exports as TreePasses, memory };
}

/** The passes over a tree of this size; undefined where the platform has no vector instructions or no such memory. */
export function treeKernel(count: number, nodes: number): TreeKernel | undefined {
  if (count * bytesPerOrder + nodes * bytesPerNode > mostBytes) return undefined;
  if (opened === null) opened = open();
  if (!opened) return undefined;
  const { run, memory } = opened;
  const lacking = run.room(count, nodes) - memory.buffer.byteLength;
  if (lacking > 0) {
    try {
      memory.grow(Math.ceil(lacking / pageBytes));
    } catch {
      return undefined;
    }
  }
  const { buffer } = memory;
  return {
    run,
    limits: (length) => new Uint16Array(buffer, run.limit.value, length),
    ints: (column, length) => new Int32Array(buffer, run[column].value, length),
    floats: (column, length) => new Float64Array(buffer, run[column].value, length),
    foundWide: () => {
      const [near, far] = new BigInt64Array(buffer, run.found.value + 8, 2);
      return near! + (far! << 32n);
    },
  };
}

/** More than the columns take. */
const bytesPerOrder = 40;
const bytesPerNode = 256;
/** As far as addresses are positive numbers, less what has a fixed size. */
const mostBytes = 2 ** 31 - 2 ** 23;
