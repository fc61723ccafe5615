import { type Posting, postingsOf } from '@kwartier/ledger';
import type { LocalEntry, Prices } from './deliver.js';

/** Buyers pay price and fee, sellers get price less fee, the zone gets the fees; the Wh go the other way. */
export function localPostings(
  local: readonly LocalEntry[],
  prices: Prices,
  accountOf: (member: number) => string,
  feeAccountId: string,
): Posting[] {
  const { priceMicroPerKwh: price, buyerFeeMicroPerKwh, sellerFeeMicroPerKwh } = prices;
  let fees = 0n;
  const postings = local.flatMap(({ member, side, localWh }): Posting[] => {
    const accountId = accountOf(member);
    const isBuying = side === 'BUY';
    fees += localWh * (isBuying ? buyerFeeMicroPerKwh : sellerFeeMicroPerKwh);
    const paid = isBuying ? price + buyerFeeMicroPerKwh : sellerFeeMicroPerKwh - price;
    return [
      { accountId, asset: 'CREDIT', amount: 0n - localWh * paid },
      { accountId, asset: 'WH', amount: isBuying ? localWh : 0n - localWh },
    ];
  });
  return postingsOf([...postings, { accountId: feeAccountId, asset: 'CREDIT', amount: fees }]);
}
