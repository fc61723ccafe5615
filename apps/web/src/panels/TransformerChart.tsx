import type { TransformerLoad } from '../api/grid.js';
import type { Zone } from '../api/zones.js';
import { bandPath, type BandStep, type Step, stepPath } from '../charts/geometry.js';
import { Legend } from '../charts/Legend.js';
import { TableTwin } from '../charts/TableTwin.js';
import { TimeChart } from '../charts/TimeChart.js';
import { averageW, formatKw } from '../figures/energy.js';
import { formatClock, formatSpan, fromDateTime, minutes, type Period } from '../figures/time.js';

interface TransformerChartProps {
  readonly zone: Zone;
  readonly period: Period;
  readonly now: number;
  readonly loads: readonly TransformerLoad[];
  readonly ratedW: number;
}

type Forecast = NonNullable<TransformerLoad['forecast']>;

const leastW = 2_000;

/** Up flows towards the street, down flows back; the two are measured apart and drawn apart. */
export function TransformerChart({ zone, period, now, loads, ratedW }: TransformerChartProps) {
  const length = zone.intervalMinutes;
  const watts = (wh: string | null | undefined) => Number(averageW(BigInt(wh ?? 0), length));
  const spanOf = ({ startsAt }: TransformerLoad) => {
    const from = fromDateTime(startsAt);
    return { from, to: from + minutes(length) };
  };
  const known = loads.filter((one) => one.importWh !== null);
  const metered: BandStep[] = known.map((one) => ({
    ...spanOf(one),
    low: -watts(one.exportWh),
    high: watts(one.importWh),
  }));
  const expected = loads.flatMap((one) => (one.forecast ? [{ span: spanOf(one), forecast: one.forecast }] : []));
  const towards: BandStep[] = expected.map(({ span, forecast }) => ({
    ...span,
    low: watts(forecast.importP10Wh),
    high: watts(forecast.importP90Wh),
  }));
  const back: BandStep[] = expected.map(({ span, forecast }) => ({
    ...span,
    low: -watts(forecast.exportP90Wh),
    high: -watts(forecast.exportP10Wh),
  }));
  const median = (sign: 1 | -1, wh: (forecast: Forecast) => string): Step[] =>
    expected
      .map(({ span, forecast }) => ({ ...span, value: sign * watts(wh(forecast)) }))
      // Where nothing is expected this way, the axis says so already.
      .filter((one) => one.value !== 0);

  const high = Math.max(leastW, ...[...metered, ...towards].map((one) => one.high)) * 1.05;
  const low = Math.min(-leastW, ...[...metered, ...back].map((one) => one.low)) * 1.05;
  const tell = (one: TransformerLoad) =>
    `${formatSpan(spanOf(one).from, length, zone.timeZone)} · ${figures(one, length)}`;
  const newest = known.at(-1);

  return (
    <>
      <TimeChart
        label="Load of the transformer in the last twelve hours, and its forecast for the next twelve"
        period={period}
        low={low}
        high={high}
        format={(w) => `${Math.abs(w) / 1000}`}
        timeZone={zone.timeZone}
        now={now}
        height={240}
        readout={(at) => {
          const pointed = loads.find((one) => at >= spanOf(one).from && at < spanOf(one).to);
          return pointed && tell(pointed);
        }}
        rest={newest ? tell(newest) : 'No load metered yet.'}
      >
        {({ x, y }) => (
          <>
            <path className="forecast" d={bandPath(towards, x, y)} />
            <path className="forecast" d={bandPath(back, x, y)} />
            <path className="load" d={bandPath(metered, x, y)} />
            <path
              className="median"
              d={stepPath(
                median(1, (one) => one.importP50Wh),
                x,
                y,
              )}
            />
            <path
              className="median"
              d={stepPath(
                median(-1, (one) => one.exportP50Wh),
                x,
                y,
              )}
            />
            {[ratedW, -ratedW]
              .filter((rated) => rated !== 0 && rated <= high && rated >= low)
              .map((rated) => (
                <line
                  key={rated}
                  className="rating"
                  x1={x(period.from)}
                  x2={x(period.to)}
                  y1={y(rated)}
                  y2={y(rated)}
                />
              ))}
          </>
        )}
      </TimeChart>
      <Legend
        items={[
          ['load', 'Measured'],
          ['median', 'Expected'],
          ['forecast', '8 times in 10'],
        ]}
      />
      <p className="note">In kW: up flows towards the street, down flows back to the grid.</p>
      <TableTwin
        of="The load"
        columns={['Quarter', 'Towards the street', 'Back to the grid', 'Expected towards', 'Expected back']}
        rows={() =>
          loads.map((one) => [
            formatClock(spanOf(one).from, zone.timeZone),
            kw(one.importWh, length),
            kw(one.exportWh, length),
            range(one.forecast?.importP10Wh, one.forecast?.importP90Wh, length),
            range(one.forecast?.exportP10Wh, one.forecast?.exportP90Wh, length),
          ])
        }
      />
    </>
  );
}

const kw = (wh: string | null | undefined, intervalMinutes: number): string =>
  wh === null || wh === undefined ? '–' : formatKw(averageW(BigInt(wh), intervalMinutes));

const range = (low: string | undefined, high: string | undefined, intervalMinutes: number): string =>
  low === undefined || high === undefined ? '–' : `${kw(low, intervalMinutes)} to ${kw(high, intervalMinutes)}`;

function figures({ importWh, exportWh, forecast }: TransformerLoad, intervalMinutes: number): string {
  if (importWh !== null) return `${kw(importWh, intervalMinutes)} towards, ${kw(exportWh, intervalMinutes)} back`;
  if (!forecast) return 'no figures';
  return `expected ${kw(forecast.importP50Wh, intervalMinutes)} towards, ${kw(forecast.exportP50Wh, intervalMinutes)} back`;
}
