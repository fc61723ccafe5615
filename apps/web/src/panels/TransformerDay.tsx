import { balanceChanged, type TransformerLoad, transformerLoadQuestion } from '../api/grid.js';
import type { Zone } from '../api/zones.js';
import { averageW, formatKw, percentOf } from '../figures/energy.js';
import { formatClock, fromDateTime, hours, toDateTime } from '../figures/time.js';
import { useLive } from '../live/useLive.js';
import { Panel } from './Panel.js';
import { TransformerChart } from './TransformerChart.js';

/** How busy the transformer is, which way the energy flows, and what is expected. */
export function TransformerDay({ zone, runningAt }: { readonly zone: Zone; readonly runningAt: number }) {
  const period = { from: runningAt - hours(12), to: runningAt + hours(12) };
  const { data, problem } = useLive(
    transformerLoadQuestion,
    { zoneId: zone.id, from: toDateTime(period.from), to: toDateTime(period.to) },
    [balanceChanged(zone.id)],
  );
  const loads = (data?.transformerLoad ?? []).toSorted((a, b) => fromDateTime(a.startsAt) - fromDateTime(b.startsAt));
  const metered = loads.findLast((one) => one.importWh !== null);
  const ratedW = BigInt(zone.transformer?.ratedW ?? 0);
  const load = metered && flowOf(metered.importWh, metered.exportWh, zone.intervalMinutes);
  const percent = load && ratedW > 0n ? percentOf(load.powerW, ratedW) : undefined;
  const peak = expectedPeak(loads, metered, zone.intervalMinutes);

  return (
    <Panel title="The transformer" className="transformer" ready={data !== undefined} problem={problem}>
      {load ? (
        <p className="figure">
          <strong>{formatKw(load.powerW)}</strong> <span className="unit">{load.direction}</span>
        </p>
      ) : (
        <p className="waiting">Nothing metered in the last twelve hours.</p>
      )}
      {percent !== undefined && (
        <>
          <div className="gauge" aria-hidden="true">
            <span className={percent > 100 ? 'over' : ''} style={{ width: `${Math.min(percent, 100)}%` }} />
          </div>
          <p className="note">
            {percent} % of the {formatKw(ratedW)} it is built for{percent > 100 && ': above its rating'}.
            {peak &&
              ` Expected peak: ${formatKw(peak.powerW)} ${peak.direction} at ${formatClock(peak.at, zone.timeZone)}.`}
          </p>
        </>
      )}
      <TransformerChart zone={zone} period={period} now={runningAt} loads={loads} ratedW={Number(ratedW)} />
    </Panel>
  );
}

/** The greater of the two directions: what the transformer must carry. */
function flowOf(importWh: string | null, exportWh: string | null, intervalMinutes: number) {
  const [towards, back] = [BigInt(importWh ?? 0), BigInt(exportWh ?? 0)];
  return towards >= back
    ? { powerW: averageW(towards, intervalMinutes), direction: 'towards the street' }
    : { powerW: averageW(back, intervalMinutes), direction: 'back to the grid' };
}

function expectedPeak(
  loads: readonly TransformerLoad[],
  metered: TransformerLoad | undefined,
  intervalMinutes: number,
) {
  const peaks = loads
    .filter((one) => one.forecast && (!metered || one.startsAt > metered.startsAt))
    .map(({ startsAt, forecast }) => ({
      at: fromDateTime(startsAt),
      ...flowOf(forecast!.importP50Wh, forecast!.exportP50Wh, intervalMinutes),
    }));
  return peaks.reduce<(typeof peaks)[number] | undefined>(
    (highest, one) => (highest && highest.powerW >= one.powerW ? highest : one),
    undefined,
  );
}
