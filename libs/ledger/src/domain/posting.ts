import type { Instant } from '@kwartier/units';
import { invariant } from '@kwartier/units';
import type { Asset } from './account.js';

/** One line of the ledger: an amount comes to an account (above zero) or leaves it (below). */
export interface Posting {
  readonly accountId: string;
  readonly asset: Asset;
  readonly amount: bigint;
}

/** Postings that take effect together. Its id is made from its meaning, so it can never be entered twice. */
export interface Transaction {
  readonly id: string;
  readonly at: Instant;
  readonly reason: string;
  /** The transaction whose effect this one takes back. */
  readonly reverses: string | undefined;
  readonly postings: readonly Posting[];
}

/** Lines of nothing say nothing, so they are left out. */
export const postingsOf = (postings: readonly Posting[]): Posting[] => postings.filter(({ amount }) => amount !== 0n);

/** The postings that take back what these did. */
export const reversed = (postings: readonly Posting[]): Posting[] =>
  postings.map((posting) => ({ ...posting, amount: -posting.amount }));

/** Every transaction sums to zero per asset (P8); anything else stops the line. */
export function assertBalanced({ id, postings }: Transaction): void {
  for (const asset of ['CREDIT', 'WH'] as const) {
    const sum = postings.reduce((total, posting) => (posting.asset === asset ? total + posting.amount : total), 0n);
    invariant(sum === 0n, `transaction ${id} sums to zero in ${asset}, not ${sum}`);
  }
  invariant(
    postings.every(({ amount }) => amount !== 0n),
    `transaction ${id} has no lines of nothing`,
  );
}
