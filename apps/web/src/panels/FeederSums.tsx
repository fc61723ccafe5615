import { balanceChanged, type GridBalance, gridBalanceQuestion } from '../api/grid.js';
import type { Zone } from '../api/zones.js';
import { Legend } from '../charts/Legend.js';
import { TableTwin } from '../charts/TableTwin.js';
import { formatKwh } from '../figures/energy.js';
import { formatClock, fromDateTime, hours, minutes, toDateTime } from '../figures/time.js';
import { useLive } from '../live/useLive.js';
import { FeederChart } from './FeederChart.js';
import { Panel } from './Panel.js';

/** How much of what a feeder's homes used came from next door. Homes appear only as sums. */
export function FeederSums({ zone, runningAt }: { readonly zone: Zone; readonly runningAt: number }) {
  const to = runningAt + minutes(zone.intervalMinutes);
  const period = { from: to - hours(6), to };
  const { data, problem } = useLive(
    gridBalanceQuestion,
    { zoneId: zone.id, from: toDateTime(period.from), to: toDateTime(period.to) },
    [balanceChanged(zone.id)],
  );
  const sums = data?.gridBalance ?? [];
  const most = Math.max(1000, ...sums.map((one) => Number(one.importWh ?? 0)));
  return (
    <Panel title="Energy that stayed in the street" className="feeders" ready={data !== undefined} problem={problem}>
      {feedersIn(sums).map(([cellId, name]) => (
        <FeederChart
          key={cellId}
          zone={zone}
          name={name}
          period={period}
          most={most}
          sums={sums.filter((one) => one.cellId === cellId)}
        />
      ))}
      {sums.length === 0 && <p className="waiting">No sums for the last six hours yet.</p>}
      <Legend
        items={[
          ['local', 'From neighbours'],
          ['supplier', 'From suppliers'],
        ]}
      />
      <p className="note">In kWh by quarter. Homes are shown only as sums.</p>
      <TableTwin
        of="Local energy"
        columns={['Quarter', 'Feeder', 'Used', 'From neighbours', 'Sent out']}
        rows={() =>
          sums
            .toSorted((a, b) => fromDateTime(b.startsAt) - fromDateTime(a.startsAt))
            .map((one) => [
              formatClock(fromDateTime(one.startsAt), zone.timeZone),
              one.cellName,
              ...[one.importWh, one.localWh, one.exportWh].map((wh) =>
                wh === null ? 'too few homes to show' : formatKwh(BigInt(wh)),
              ),
            ])
        }
      />
    </Panel>
  );
}

const feedersIn = (sums: readonly GridBalance[]): [string, string][] => [
  ...new Map(sums.map((one) => [one.cellId, one.cellName])),
];
