import type { GridBalance } from '../api/grid.js';
import type { Zone } from '../api/zones.js';
import { TimeChart } from '../charts/TimeChart.js';
import { formatKwh, percentOf } from '../figures/energy.js';
import { formatSpan, fromDateTime, minutes, type Period } from '../figures/time.js';

interface FeederChartProps {
  readonly zone: Zone;
  readonly name: string;
  readonly period: Period;
  /** The same for all feeders, so that their bars can be compared. */
  readonly most: number;
  readonly sums: readonly GridBalance[];
}

const tooFew = 'too few homes to show';

export function FeederChart({ zone, name, period, most, sums }: FeederChartProps) {
  const length = minutes(zone.intervalMinutes);
  const tell = (one: GridBalance) =>
    `${formatSpan(fromDateTime(one.startsAt), zone.intervalMinutes, zone.timeZone)} · ${share(one)}`;
  const newest = sums.toSorted((a, b) => fromDateTime(a.startsAt) - fromDateTime(b.startsAt)).at(-1);
  return (
    <div className="feeder">
      <h3>{name}</h3>
      <TimeChart
        label={`${name}: energy used in the last six hours by quarter, and how much came from neighbours`}
        period={period}
        low={0}
        high={most}
        height={150}
        format={(wh) => `${wh / 1000}`}
        timeZone={zone.timeZone}
        readout={(at) => {
          const pointed = sums.find(
            (one) => at >= fromDateTime(one.startsAt) && at < fromDateTime(one.startsAt) + length,
          );
          return pointed && tell(pointed);
        }}
        rest={newest ? tell(newest) : 'No sums yet.'}
      >
        {({ x, y }) =>
          sums.map((one) => {
            const at = fromDateTime(one.startsAt);
            const place = { x: x(at) + 1, width: Math.max(1, x(at + length) - x(at) - 2) };
            if (one.importWh === null || one.localWh === null) {
              return <rect key={at} className="suppressed" {...place} y={y(0) - 5} height={5} />;
            }
            const [used, local] = [Number(one.importWh), Math.min(Number(one.localWh), Number(one.importWh))];
            return (
              <g key={at}>
                <rect className="local" {...place} y={y(local)} height={y(0) - y(local)} />
                <rect className="supplier" {...place} y={y(used)} height={y(local) - y(used)} />
              </g>
            );
          })
        }
      </TimeChart>
    </div>
  );
}

function share({ importWh, localWh }: GridBalance): string {
  if (importWh === null || localWh === null) return tooFew;
  const [used, local] = [BigInt(importWh), BigInt(localWh)];
  return `${percentOf(local, used)} % from neighbours, ${formatKwh(local)} of ${formatKwh(used)}`;
}
