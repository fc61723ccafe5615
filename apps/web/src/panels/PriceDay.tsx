import type { Interval } from '../api/intervals.js';
import type { StatementLine } from '../api/statement.js';
import type { Zone } from '../api/zones.js';
import { bandPath, type BandStep, type Step, stepPath } from '../charts/geometry.js';
import { Legend } from '../charts/Legend.js';
import { TableTwin } from '../charts/TableTwin.js';
import { TimeChart } from '../charts/TimeChart.js';
import { formatKwh } from '../figures/energy.js';
import { centsOf, formatCents } from '../figures/money.js';
import { formatClock, formatSpan, fromDateTime, minutes, type Period } from '../figures/time.js';
import { Panel } from './Panel.js';

interface PriceDayProps {
  readonly zone: Zone;
  readonly period: Period;
  readonly intervals: readonly Interval[] | undefined;
  readonly problem: string | undefined;
  /** Of the chosen home: they know what its supplier charged and paid. */
  readonly lines: readonly StatementLine[];
}

/** The price of all through a day, between the two prices of the chosen home's supplier. */
export function PriceDay({ zone, period, intervals, problem, lines }: PriceDayProps) {
  const oldestFirst = (intervals ?? []).filter((one) => one.clearing).toReversed();
  const prices: Step[] = oldestFirst.flatMap(({ startsAt, endsAt, clearing }) =>
    clearing?.priceMicroPerKwh == null
      ? []
      : [{ from: fromDateTime(startsAt), to: fromDateTime(endsAt), value: centsOf(clearing.priceMicroPerKwh) }],
  );
  const tariffs: BandStep[] = lines
    .map((line) => ({
      from: fromDateTime(line.startsAt),
      to: fromDateTime(line.startsAt) + minutes(zone.intervalMinutes),
      low: centsOf(line.feedInMicroPerKwh),
      high: centsOf(line.retailMicroPerKwh),
    }))
    .filter((one) => one.from >= period.from);
  const high = Math.max(10, ...prices.map((one) => one.value), ...tariffs.map((one) => one.high)) * 1.08;
  const low = Math.min(0, ...prices.map((one) => one.value), ...tariffs.map((one) => one.low));
  const lineAt = (at: number) => lines.find((line) => fromDateTime(line.startsAt) === at);
  const tell = (one: Interval) => {
    const line = lineAt(fromDateTime(one.startsAt));
    const supplier = line
      ? ` · supplier pays ${formatCents(BigInt(line.feedInMicroPerKwh))}, charges ${formatCents(BigInt(line.retailMicroPerKwh))}`
      : '';
    return `${formatSpan(fromDateTime(one.startsAt), zone.intervalMinutes, zone.timeZone)} · ${priceOf(one)}${supplier}`;
  };
  const newest = oldestFirst.at(-1);

  return (
    <Panel title="Prices of the last 24 hours" className="prices" ready={intervals !== undefined} problem={problem}>
      <Extremes intervals={oldestFirst} timeZone={zone.timeZone} />
      <TimeChart
        label="Price among neighbours by quarter in the last 24 hours, between the supplier’s two prices"
        period={period}
        height={240}
        low={low}
        high={high}
        format={(cents) => `${cents}`}
        timeZone={zone.timeZone}
        readout={(at) => {
          const pointed = oldestFirst.find((one) => at >= fromDateTime(one.startsAt) && at < fromDateTime(one.endsAt));
          return pointed && tell(pointed);
        }}
        rest={newest ? tell(newest) : 'No price yet.'}
      >
        {({ x, y }) => (
          <>
            <path className="tariffs" d={bandPath(tariffs, x, y)} />
            <path
              className="tariff-edge"
              d={stepPath(
                tariffs.map((one) => ({ ...one, value: one.low })),
                x,
                y,
              )}
            />
            <path
              className="tariff-edge"
              d={stepPath(
                tariffs.map((one) => ({ ...one, value: one.high })),
                x,
                y,
              )}
            />
            <path className="price" d={stepPath(prices, x, y)} />
          </>
        )}
      </TimeChart>
      <Legend
        items={[
          ['price', 'Price for everyone'],
          ['tariffs', 'Your supplier: pays (below), charges (above)'],
        ]}
      />
      <p className="note">In ct per kWh. Where the line stops, nobody traded.</p>
      <TableTwin
        of="Prices"
        columns={['Quarter', 'Price for everyone', 'Shared', 'Supplier pays', 'Supplier charges']}
        rows={() =>
          oldestFirst.toReversed().map((one) => {
            const line = lineAt(fromDateTime(one.startsAt));
            return [
              formatClock(fromDateTime(one.startsAt), zone.timeZone),
              priceOf(one),
              formatKwh(BigInt(one.clearing?.volumeWh ?? 0)),
              line ? formatCents(BigInt(line.feedInMicroPerKwh)) : '–',
              line ? formatCents(BigInt(line.retailMicroPerKwh)) : '–',
            ];
          })
        }
      />
    </Panel>
  );
}

/** When it was cheapest: what people ask a price chart first. */
function Extremes({ intervals, timeZone }: { readonly intervals: readonly Interval[]; readonly timeZone: string }) {
  const priced = intervals
    .filter((one) => one.clearing?.priceMicroPerKwh != null)
    .toSorted((a, b) => Number(a.clearing?.priceMicroPerKwh) - Number(b.clearing?.priceMicroPerKwh));
  const lowest = priced[0];
  const highest = priced.at(-1);
  if (!lowest || !highest) return null;
  const clock = (one: Interval) => formatClock(fromDateTime(one.startsAt), timeZone);
  return (
    <>
      <p className="figure">
        <strong>{priceOf(lowest)}</strong> <span className="unit">lowest, at {clock(lowest)}</span>
      </p>
      <p className="note">
        Highest: {priceOf(highest)} at {clock(highest)}.
      </p>
    </>
  );
}

const priceOf = ({ clearing }: Interval): string =>
  clearing?.priceMicroPerKwh == null ? 'nothing traded' : formatCents(BigInt(clearing.priceMicroPerKwh));
