import type { Tx } from '@kwartier/platform';
import type { Nano } from '@kwartier/units';
import type { Asset } from '../domain/account.js';
import type { Posting, Transaction } from '../domain/posting.js';

/** Money set aside for an order, so that two orders cannot both count on it. */
export interface Hold {
  readonly id: string;
  readonly accountId: string;
  readonly amountNano: Nano;
}

export interface Balance {
  readonly balanceNano: Nano;
  readonly heldNano: Nano;
  /** How far below zero the balance may go. */
  readonly allowanceNano: Nano;
}

/** The books. Entries are written once; corrections are new entries. */
export abstract class Ledger {
  /** Accounts that do not exist yet are opened with this allowance; others stay as they are. */
  abstract open(accountIds: readonly string[], allowanceNano: Nano): Promise<void>;

  /** Makes everyone else who sets money aside from these accounts wait until the transaction ends. */
  abstract lock(tx: Tx, accountIds: readonly string[]): Promise<void>;

  abstract balances(tx: Tx, accountIds: readonly string[]): Promise<ReadonlyMap<string, Balance>>;

  /**
   * Sets money aside, hold by hold in the order given, as far as balance and allowance reach. The ids that did not fit
   * come back. Accounts stay locked until the transaction ends.
   */
  abstract hold(tx: Tx, holds: readonly Hold[]): Promise<ReadonlySet<string>>;

  /** Gives back what was set aside; ids that hold nothing are passed over. */
  abstract release(tx: Tx, holdIds: readonly string[]): Promise<void>;

  /** Enters a transaction once; false when it stands already. */
  abstract post(tx: Tx, transaction: Transaction): Promise<boolean>;

  abstract postings(transactionId: string): Promise<readonly Posting[]>;

  /** The sum over all accounts; zero at any time, or the books are broken. */
  abstract total(asset: Asset): Promise<bigint>;
}
