import type { Statement } from '../api/statement.js';
import { SwatchBox } from '../charts/Legend.js';
import { formatMoney } from '../figures/money.js';

/** A day's trade is a matter of cents; whole ones would seem not to add up. */
const places = 3;

/** What the day cost or earned so far, from whom, and what it would have been without neighbours. */
export function HomeMoney({ statement, currency }: { readonly statement: Statement; readonly currency: string }) {
  const money = (nano: string) => formatMoney(BigInt(nano), currency, places);
  const saved = BigInt(statement.savedNano);
  const { estimatedIntervals, intervals, tariffName } = statement;
  return (
    <div className="home-money">
      <p className="figure saved">
        <span>{saved < 0n ? 'You paid' : 'You saved'}</span>{' '}
        <strong>{formatMoney(saved < 0n ? -saved : saved, currency, places)}</strong>{' '}
        <span>
          {saved < 0n ? 'more than with' : 'against'} {tariffName}
        </span>
      </p>
      <table className="bill">
        <thead>
          <tr>
            <td />
            <th scope="col">Paid</th>
            <th scope="col">Earned</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">
              <SwatchBox swatch="local" /> Your neighbours
            </th>
            <td>{money(statement.localPaidNano)}</td>
            <td>{money(statement.localEarnedNano)}</td>
          </tr>
          <tr>
            <th scope="row">
              <SwatchBox swatch="supplier" /> Your supplier
            </th>
            <td>{money(statement.supplierPaidNano)}</td>
            <td>{money(statement.supplierEarnedNano)}</td>
          </tr>
          <tr>
            <th scope="row">Community fee</th>
            <td>{money(statement.feesNano)}</td>
            <td />
          </tr>
        </tbody>
        <tfoot>
          <BalanceRow name="So far" nano={statement.netNano} currency={currency} />
          <BalanceRow name={`With ${tariffName} alone`} nano={statement.ownTariffNano} currency={currency} />
        </tfoot>
      </table>
      <p className="note">
        Each figure is rounded by itself, to a tenth of a cent.
        {estimatedIntervals > 0 &&
          ` ${estimatedIntervals} of ${intervals} quarters are estimated until the meter answers.`}
      </p>
    </div>
  );
}

interface BalanceRowProps {
  readonly name: string;
  readonly nano: string;
  readonly currency: string;
}

/** A balance stands in the column it belongs to, so it needs no sign. */
function BalanceRow({ name, nano, currency }: BalanceRowProps) {
  const cost = BigInt(nano);
  const amount = formatMoney(cost < 0n ? -cost : cost, currency, places);
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{cost >= 0n && amount}</td>
      <td>{cost < 0n && amount}</td>
    </tr>
  );
}
