import { useMemo, useState } from 'react';
import type { Clock } from './api/clock.js';
import { intervalCleared, intervalsQuestion } from './api/intervals.js';
import { statementLinesQuestion, statementUpdated } from './api/statement.js';
import { pointsQuestion, type Zone } from './api/zones.js';
import type { TimeAnchor } from './figures/market-time.js';
import { hours, localDay, minutes, toDateTime } from './figures/time.js';
import { SupplierHatch } from './charts/SupplierHatch.js';
import { nodesOf } from './live/question.js';
import { useLive } from './live/useLive.js';
import { useMarketTime } from './live/useMarketTime.js';
import { FeederSums } from './panels/FeederSums.js';
import { HomeDay } from './panels/HomeDay.js';
import { NowPanel } from './panels/NowPanel.js';
import { PriceDay } from './panels/PriceDay.js';
import { TransformerDay } from './panels/TransformerDay.js';
import { StreetFooter } from './StreetFooter.js';
import { StreetHeader } from './StreetHeader.js';
import type { Config } from './useConfig.js';

interface StreetProps {
  readonly config: Config;
  readonly clock: Clock;
  readonly anchor: TimeAnchor;
  readonly zone: Zone;
  readonly zones: readonly Zone[];
  readonly onZone: (zoneId: string) => void;
}

/** One zone, living: what more than one panel needs is asked here, once. */
export function Street({ config, clock, anchor, zone, zones, onZone }: StreetProps) {
  const interval = minutes(zone.intervalMinutes);
  const runningAt = useMarketTime(anchor, interval);
  const today = useMemo(() => localDay(runningAt, zone.timeZone), [runningAt, zone.timeZone]);
  const dayAgo = runningAt - hours(24) + interval;

  const points = useLive(pointsQuestion, { zoneId: zone.id });
  const homes = points.data && nodesOf(points.data.points).filter(({ kind }) => kind !== 'TRANSFORMER');
  const [chosenId, choose] = useState<string>();
  const home = homes?.find((one) => one.id === chosenId) ?? homes?.[0];

  const intervals = useLive(
    intervalsQuestion,
    // Somewhat ahead, so that the next quarter is known before it begins, also at 600x.
    { zoneId: zone.id, from: toDateTime(dayAgo), to: toDateTime(runningAt + hours(1)) },
    [intervalCleared(zone.id)],
  );
  const statementLines = useLive(
    statementLinesQuestion,
    home && {
      pointId: home.id,
      from: toDateTime(Math.min(dayAgo, today.from)),
      to: toDateTime(runningAt + interval),
    },
    home ? [statementUpdated(home.id)] : [],
  );
  const known = intervals.data && nodesOf(intervals.data.intervals);
  // One home's figures must not stand under another's name, not even for a moment.
  const lines = statementLines.answers?.pointId === home?.id ? nodesOf(statementLines.data?.statementLines) : [];

  return (
    <>
      <SupplierHatch />
      <StreetHeader clock={clock} anchor={anchor} zone={zone} zones={zones} onZone={onZone} />
      <main className="street">
        <NowPanel
          zone={zone}
          anchor={anchor}
          runningAt={runningAt}
          intervals={known}
          problem={intervals.problem}
          lines={lines}
          speed={clock.speed}
        />
        <HomeDay
          zone={zone}
          today={today}
          homes={homes}
          home={home}
          problem={points.problem ?? statementLines.problem}
          lines={lines}
          onHome={choose}
        />
        <FeederSums zone={zone} runningAt={runningAt} />
        <TransformerDay zone={zone} runningAt={runningAt} />
        <PriceDay
          zone={zone}
          period={{ from: dayAgo, to: runningAt + 2 * interval }}
          intervals={known}
          problem={intervals.problem}
          lines={lines}
        />
      </main>
      <StreetFooter zone={zone} config={config} />
    </>
  );
}
