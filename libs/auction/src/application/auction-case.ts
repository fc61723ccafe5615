import type { Side } from '../domain/book/book.js';
import type { ClearingRules } from '../domain/book/clearing.js';
import type { MechanismName } from './mechanism-names.js';

/** One auction with everything it needs, in the golden format (`test/golden/auction/INDEX.md`). */
export interface AuctionCase {
  readonly mechanism: MechanismName;
  /** In book order: an owner's orders together, by limit, then quantity. */
  readonly orders: readonly CaseOrder[];
  /** Whether the orders came as bids and asks of one unit each. */
  readonly inUnits: boolean;
  readonly rules: ClearingRules;
  readonly network: CaseNetwork | undefined;
  /** Of a pro-rata case: what is asked for, in order of time, and what there is. */
  readonly quantities: readonly number[];
  readonly available: number;
  readonly seed: bigint;
  /** What the case says must come out; it is compared, never trusted. */
  readonly expect: Readonly<Record<string, unknown>> | undefined;
}

export interface CaseOrder {
  readonly id: string;
  readonly owner: string;
  /** The owner as a number, in the order in which owners are first named. */
  readonly member: number;
  readonly side: Side;
  readonly qty: number;
  readonly price: number;
  readonly node: string | undefined;
  /** Of a block, the part below which it is not taken, in millionths; undefined for a plain order. */
  readonly minAcceptancePpm: number | undefined;
  /** Where in the case one of its words stands. */
  readonly fieldOf: (word: string) => string;
}

export interface CaseNetwork {
  readonly nodes: readonly string[];
  readonly edges: readonly CaseEdge[];
}

export interface CaseEdge {
  readonly child: string;
  readonly parent: string;
  /** Most that may flow from parent to child, and from child to parent. */
  readonly importCapacity: number;
  readonly exportCapacity: number;
  readonly fee: number;
}
